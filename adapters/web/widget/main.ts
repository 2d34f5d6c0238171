import "../shared/tokens.css";
import "../shared/base.css";
import "./widget.css";
import "./talk.css";
import catalogs from "virtual:messages/widget";
import { startLanguage } from "../shared/i18n.ts";
import { meet } from "./bridge.ts";
import { Chat } from "./chat.ts";
import { show } from "./view/app.ts";

const bridge = await meet();
const { lang = "", theme, colour } = bridge.look;
const page = document.documentElement;
await startLanguage(catalogs, [lang, ...navigator.languages]);
if (theme) page.dataset.theme = theme;
if (colour && CSS.supports("color", colour)) {
  page.style.setProperty("--brand", colour);
  page.classList.add("branded");
}
show(new Chat(bridge), document.body);
