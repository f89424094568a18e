/**
 * What frames may take of a session's budget: as many bytes a second as it is, in frames of like size. A little is saved
 * besides, which a frame of a crowd may draw on for what cannot wait, and the next ones then save again.
 *
 * A session's savings are a number of bytes, kept by whoever asks; below 0 when a frame had to take more than there was.
 */

/** So much of a frame is saved for what cannot wait. */
const RESERVE_FRAMES = 0.75;
/** Frames are given this part of the budget: so it is kept over ten seconds even where all that is saved goes, too. */
const AIM = 0.995;
/** However small the budget, a frame has its head and some bytes for regions: all comes in the end. */
const LEAST_FRAME_BYTES = 24;

export class FrameAllowance {
  private readonly bytesPerTick: number;
  private readonly bytesPerFrame: number;
  private readonly reserve: number;
  private readonly most: number;

  constructor(budgetBytesPerSecond: number, tickRate: number, frameRate: number) {
    this.bytesPerFrame = Math.max(LEAST_FRAME_BYTES, (budgetBytesPerSecond * AIM) / frameRate);
    this.bytesPerTick = (this.bytesPerFrame * frameRate) / tickRate;
    this.reserve = this.bytesPerFrame * RESERVE_FRAMES;
    // What the longest usual gap between two frames brings.
    this.most = this.reserve + Math.ceil(tickRate / frameRate) * this.bytesPerTick;
  }

  /** What is saved when some ticks have passed since the last frame; undefined: there was none. */
  afterTicks(savings: number, ticks: number | undefined): number {
    return ticks === undefined ? this.most : Math.min(this.most, savings + ticks * this.bytesPerTick);
  }

  /** What a frame may take: no more than any other, even if it comes later than usual. */
  usual(savings: number): number {
    return Math.min(this.bytesPerFrame, savings - this.reserve);
  }

  /** What it may take with all that is saved for what cannot wait. */
  atMost(savings: number): number {
    return Math.min(this.bytesPerFrame + this.reserve, savings);
  }
}
