/**
 * Memory that is filled again and again, for what is looked at and done with. A view of its beginning is made once for
 * each length: to make one costs more than to fill it.
 */
/** Of what is longer a view is made each time: few are. */
const MOST_VIEWS = 1024;

export class ScratchMemory {
  readonly bytes: Buffer;
  private readonly views: (Buffer | undefined)[] = [];

  /** @param size in bytes */
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Its first bytes: the same view for the same length. */
  first(length: number): Buffer {
    if (length >= MOST_VIEWS) return this.bytes.subarray(0, length);
    const view = this.views[length] ?? this.bytes.subarray(0, length);
    this.views[length] = view;
    return view;
  }
}
