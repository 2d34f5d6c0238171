import type { Snippet } from "svelte";

export interface DialogProps {
  open?: boolean;
  title: string;
  description?: string | undefined;
  /** At most so many pixels wide. */
  width?: number;
  /** In the middle, or as a drawer along the end of the window, whose content lays itself out up to its edges. */
  place?: "middle" | "side";
  /** Only its own buttons close it: what it shows would be lost. */
  firm?: boolean;
  children: Snippet;
  actions?: Snippet;
  onsubmit?: (event: SubmitEvent) => void;
  /** Is told when the person closes it, by Esc, the cross or a click beside it. */
  onclose?: () => void;
}
