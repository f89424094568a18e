/** What came and went over all cheap clients since the measurement began. */

const KEPT_SIZES = 1024;
/** Of so many frames one's size is kept: a number without a factor in common with the rates. */
const SIZE_STRIDE = 37;

export class Traffic {
  frames = 0;
  /** Of frames, and of every message. */
  frameBytes = 0;
  bytes = 0;
  packets = 0;
  lost = 0;
  private readonly sizes: number[] = [];

  begin(): void {
    Object.assign(this, { frames: 0, frameBytes: 0, bytes: 0, packets: 0, lost: 0 });
  }

  /** A frame came; its bytes are counted with those of every message. */
  frame(bytes: number): void {
    this.frames++;
    this.frameBytes += bytes;
    if (this.frames % SIZE_STRIDE === 0) this.sizes[(this.frames / SIZE_STRIDE) % KEPT_SIZES] = bytes;
  }

  /** Bytes of some of the newest frames. */
  get frameSizes(): number[] {
    return this.sizes.filter((size) => size !== undefined);
  }
}
