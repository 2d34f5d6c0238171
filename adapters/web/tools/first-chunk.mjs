// Puts all that a page's entry imports at once into one chunk: shared by routes, it would be dozens of small ones,
// which compress badly and cost a request each.

/** The name function of a group of Rolldown's codeSplitting. */
export function firstChunk() {
  const known = new Map();

  /** Whether a chain of static imports leads from an entry to the module. */
  function isFirst(id, context) {
    if (known.has(id)) return known.get(id);
    known.set(id, false); // a circle of imports proves nothing
    const info = context.getModuleInfo(id);
    const first = Boolean(info?.isEntry) || Boolean(info?.importers.some((one) => isFirst(one, context)));
    known.set(id, first);
    return first;
  }

  return (id, context) => (isFirst(id, context) ? "main" : null);
}
