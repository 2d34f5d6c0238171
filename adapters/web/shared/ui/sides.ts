export type Side = "top" | "bottom" | "start" | "end";

/** A side as libraries know it that have no writing direction. */
export function physical(side: Side): "top" | "bottom" | "left" | "right" {
  if (side === "top" || side === "bottom") return side;
  return (side === "start") === (document.documentElement.dir === "rtl") ? "right" : "left";
}
