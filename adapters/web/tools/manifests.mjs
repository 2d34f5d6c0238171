/** Where the lists of what Vite built are kept. */
export const manifests = "node_modules/.cache/baton";
