/** Offers: what the frame at hand carries of each place in the window, side by side; kept and reused from frame to frame. */
export class Offers {
  private size = 0;
  gaps = new Int32Array(0);
  /** Where the chunk stands in the tick's buffer. */
  starts = new Int32Array(0);
  bits = new Int32Array(0);
  /** 1: it stands in the frame's own buffer instead. */
  isOwn = new Uint8Array(0);
  /** 1: there is something to send. */
  isSent = new Uint8Array(0);
  /** 1: the reader is brought to this tick. */
  isTaken = new Uint8Array(0);
  /** 1: the reader awaits something, see frame.ts. */
  isAwaited = new Uint8Array(0);

  makeRoomFor(places: number): void {
    if (places <= this.size) return;
    this.size = places * 2;
    this.gaps = new Int32Array(this.size);
    this.starts = new Int32Array(this.size);
    this.bits = new Int32Array(this.size);
    this.isOwn = new Uint8Array(this.size);
    this.isSent = new Uint8Array(this.size);
    this.isTaken = new Uint8Array(this.size);
    this.isAwaited = new Uint8Array(this.size);
  }

  put(place: number, gap: number, start: number, bits: number, isSent: boolean, isOwn = false): void {
    this.isOwn[place] = isOwn ? 1 : 0;
    this.gaps[place] = gap;
    this.starts[place] = start;
    this.bits[place] = bits;
    this.isSent[place] = isSent ? 1 : 0;
    this.isTaken[place] = 1;
  }

  /** The gap of what is sent; undefined: nothing is. */
  sentGap(place: number): number | undefined {
    return this.isSent[place] === 1 ? this.gaps[place] : undefined;
  }
}
