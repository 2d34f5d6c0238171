// The rule that keeps the direction of imports: dashboard → shared ← widget, and no feature of the dashboard
// knows another one.
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Says where a file belongs: shared, widget, dashboard, or a feature of the dashboard. */
function home(file) {
  const [top, second, third] = relative(root, file).split(sep);
  return top === "dashboard" && second === "features" ? { layer: "feature", name: third } : { layer: top, name: "" };
}

/** Says what stands in the way of importing `to` from `from`, or nothing. */
function refusal(from, to) {
  if (from.layer === "shared" && to.layer !== "shared") return "shared parts know neither the dashboard nor the widget";
  if (from.layer === "widget" && !["shared", "widget"].includes(to.layer))
    return "the widget imports itself and shared parts only";
  if (["dashboard", "feature"].includes(from.layer) && to.layer === "widget")
    return "the dashboard does not import the widget";
  if (from.layer === "feature" && to.layer === "feature" && from.name !== to.name)
    return `the feature ${from.name} may not import the feature ${to.name}; what both need belongs to dashboard/stores or shared`;
  return "";
}

export const layers = {
  meta: { type: "problem", schema: [], messages: { refused: "{{why}}" } },
  create(context) {
    const from = home(context.filename);
    const check = (node) => {
      const target = node?.source?.value;
      if (typeof target !== "string" || !target.startsWith(".")) return;
      const why = refusal(from, home(resolve(dirname(context.filename), target)));
      if (why) context.report({ node, messageId: "refused", data: { why } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
