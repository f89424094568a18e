/**
 * The paint watch: whether the browser paints the page. Hidden pages are not painted, nor are some that others cover, or that save
 * power. A page that merely stalled is painted again at once, and who holds a key then still holds it.
 */

/** Without a frame for this long, a page may be one that is not painted. */
export const UNPAINTED_MS = 500;
/**
 * A visible page is unpainted after this many ticks without a frame. One tick may come between a frame and a stall, and one right
 * after the stall, before the browser paints; it never keeps a third one waiting.
 */
const TICKS_WITHOUT_FRAME = 3;

export class PaintWatch {
  private readonly now: () => number;
  private readonly isHidden: () => boolean;
  private movedMs: number;
  private ticks = 0;

  constructor(now: () => number, isHidden: () => boolean) {
    this.now = now;
    this.isHidden = isHidden;
    this.movedMs = now();
  }

  /** A frame is painted. */
  painted(): void {
    this.ticks = 0;
    this.moved();
  }

  /** The game moved on without a frame: the next time is not due at once. */
  moved(): void {
    this.movedMs = this.now();
  }

  /** To be called by a timer, every UNPAINTED_MS. */
  tick(): void {
    this.ticks++;
  }

  /** Whether the game is to move on without a frame now. */
  get isDue(): boolean {
    if (this.now() - this.movedMs < UNPAINTED_MS) return false;
    return this.isHidden() || this.ticks >= TICKS_WITHOUT_FRAME;
  }
}
