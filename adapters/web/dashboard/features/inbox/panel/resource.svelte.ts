// The parts of the panel load for themselves, as other pages' parts do.
export { Resource } from "../../../stores/resource.svelte.ts";
