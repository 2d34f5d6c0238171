/** newId makes a name that nobody else makes. It also works on pages that were not loaded by https. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
