// The parts that are fetched late: see floats.svelte.ts.
export { default as DialogFloat } from "./DialogFloat.svelte";
export { default as MenuFloat } from "./MenuFloat.svelte";
export { default as PopoverFloat } from "./PopoverFloat.svelte";
