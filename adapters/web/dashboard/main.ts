import "../shared/tokens.css";
import "../shared/fonts/fonts.css";
import "../shared/base.css";
import "../shared/ui/control.css";
import { mount } from "svelte";
import catalogs from "virtual:messages/dashboard";
import { startLanguage } from "../shared/i18n.ts";
import App from "./App.svelte";

await startLanguage(catalogs);
mount(App, { target: document.getElementById("app")! });
