/**
 * Memory that is filled again and again, for what is looked at and done with. A view of its beginning is made once for
 * each length: to make one costs more than to fill it.
 */
/** Of what is longer a view is made each time: few are. */
const MOST_VIEWS = 1024;

export class ScratchMemory<Bytes extends Uint8Array> {
  readonly bytes: Bytes;
  private readonly views: (Bytes | undefined)[] = [];

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  /** Its first bytes: the same view for the same length. */
  first(length: number): Bytes {
    if (length >= MOST_VIEWS) return this.view(length);
    const view = this.views[length] ?? this.view(length);
    this.views[length] = view;
    return view;
  }

  private view(length: number): Bytes {
    return this.bytes.subarray(0, length) as Bytes;
  }
}
