/**
 * The frame guard: a frame that throws is one frame lost, and not the match. Only when every frame has thrown for a
 * while is there nothing left to hope for, and the player is told.
 */

/** Frames that throw for so long do not mend themselves. */
const BROKEN_MS = 2_000;

export class FrameGuard {
  private readonly now: () => number;
  private readonly broken: (error: unknown) => void;
  private failingSinceMs: number | undefined;
  private isBroken = false;
  /** What was said already: the same error sixty times a second hides all else in the console. */
  private readonly said = new Set<string>();

  /** @param broken called once, with the newest error, when all frames of BROKEN_MS have thrown */
  constructor(now: () => number, broken: (error: unknown) => void) {
    this.now = now;
    this.broken = broken;
  }

  /** Runs one frame. Never throws. */
  run(frame: () => void): void {
    try {
      frame();
      this.failingSinceMs = undefined;
    } catch (error) {
      this.say(error);
      this.failingSinceMs ??= this.now();
      if (this.isBroken || this.now() - this.failingSinceMs < BROKEN_MS) return;
      this.isBroken = true;
      this.broken(error);
    }
  }

  private say(error: unknown): void {
    const text = String(error);
    if (this.said.has(text)) return;
    this.said.add(text);
    console.error(error);
  }
}
