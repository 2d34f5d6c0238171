// The editor and all that it needs, fetched with the page of scripts.
export { default as Diff } from "./Diff.svelte";
export { default as Editor } from "./Editor.svelte";
