// Work that is done once for many changes.

const hiddenEvery = 250;

/**
 * nextFrame does something before the next picture is drawn, or soon when nothing is drawn because the page is hidden.
 */
function nextFrame(act: () => void): void {
  if (typeof requestAnimationFrame === "function" && !document.hidden) requestAnimationFrame(act);
  else setTimeout(act, typeof document === "undefined" ? 0 : hiddenEvery);
}

/** once gives a function that has the act done with the next frame, however often it is called before. */
export function once(act: () => void, frame: (act: () => void) => void = nextFrame): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    frame(() => {
      due = false;
      act();
    });
  };
}
