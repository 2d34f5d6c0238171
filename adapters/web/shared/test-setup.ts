// Tests read English, as people who look at their failures do.
import dashboard from "virtual:messages/dashboard";
import widget from "virtual:messages/widget";
import { speak } from "./i18n";

const catalogs = await Promise.all([dashboard.en!(), widget.en!()]);
speak("en", Object.assign({}, ...catalogs.map((module) => module.default)));
