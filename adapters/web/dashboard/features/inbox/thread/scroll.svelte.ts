// How a thread scrolls: it stays at its end while new messages come, and stays where it is while older ones do.

/** So near the end that a reader is at the end. */
const nearEnd = 48;
/** So near the beginning that what is older should be fetched. */
const nearStart = 400;

export class ThreadScroll {
  /** Whether the reader is at the end, and is kept there. */
  pinned = $state(true);
  private height = 0;
  /** What was scrolled when the reader last did so himself. */
  private extent = "";
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly scroller: HTMLElement,
    content: HTMLElement,
    private readonly reachedStart: () => void,
  ) {
    this.sizes = new ResizeObserver(() => this.pinned && this.toEnd());
    this.sizes.observe(scroller);
    this.sizes.observe(content);
  }

  destroy(): void {
    this.sizes.disconnect();
  }

  /** Call when the element has scrolled. */
  scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // When the talk or its place changed its size, nobody has scrolled away from the end.
    const extent = `${scrollHeight} ${clientHeight}`;
    if (extent === this.extent || !this.pinned) this.pinned = scrollHeight - scrollTop - clientHeight < nearEnd;
    this.extent = extent;
    if (scrollTop < nearStart) this.reachedStart();
  }

  toEnd(smooth = false): void {
    this.pinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "auto" });
  }

  /** Shows an element near the top of what can be seen. */
  show(element: Element): void {
    const by = element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    this.scroller.scrollTop += by - this.scroller.clientHeight / 4;
    this.scrolled();
  }

  /** Call before something is put in front; `prepended` then keeps the reader where he is. */
  willPrepend(): void {
    this.height = this.scroller.scrollHeight;
  }

  prepended(): void {
    if (!this.pinned) this.scroller.scrollTop += this.scroller.scrollHeight - this.height;
  }
}
