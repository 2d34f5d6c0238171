import type { Snippet } from "svelte";

export interface DialogProps {
  open?: boolean;
  title: string;
  description?: string | undefined;
  /** At most so many pixels wide. */
  width?: number;
  /** In the middle, as a drawer along the end of the window, or over the whole window. */
  place?: "middle" | "side" | "whole";
  /** Only its own buttons close it: what it shows would be lost. */
  firm?: boolean;
  children: Snippet;
  actions?: Snippet;
  onsubmit?: (event: SubmitEvent) => void;
  /** Is told when the person closes it, by Esc, the cross or a click beside it. */
  onclose?: () => void;
}
