/**
 * Bit streams: whole numbers packed into bytes, least significant bit first.
 *
 * A writer over a fixed buffer says `isFull` instead of throwing; a reader past its end reads zeros and says `failed`.
 * Whoever reads from the wire checks `failed` once, at the end, so that a truncated message costs no exception.
 */

export class BitWriter {
  readonly bytes: Uint8Array;
  bitLength = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** True when more was written than the buffer holds; what it holds is then useless. */
  get isFull(): boolean {
    return this.bitLength > this.bytes.length * 8;
  }

  get byteLength(): number {
    return (this.bitLength + 7) >> 3;
  }

  /** Starts anew at bit `bit`; the bytes behind it are written over. */
  rewind(bit = 0): void {
    this.bitLength = bit;
  }

  /** Writes the low `count` bits (0 to 32) of `value`. */
  bits(value: number, count: number): void {
    const bytes = this.bytes;
    let at = this.bitLength;
    let rest = count === 32 ? value >>> 0 : (value & ((1 << count) - 1)) >>> 0;
    let left = count;
    while (left > 0) {
      const index = at >> 3;
      const shift = at & 7;
      const take = left < 8 - shift ? left : 8 - shift;
      const kept = shift === 0 ? 0 : bytes[index] & ((1 << shift) - 1);
      bytes[index] = kept | ((rest & ((1 << take) - 1)) << shift);
      rest = rest >>> take;
      left -= take;
      at += take;
    }
    this.bitLength = at;
  }

  bit(value: boolean): void {
    const at = this.bitLength++;
    const index = at >> 3;
    const shift = at & 7;
    const kept = shift === 0 ? 0 : this.bytes[index] & ((1 << shift) - 1);
    this.bytes[index] = kept | (value ? 1 << shift : 0);
  }

  /**
   * Writes a whole number from 0 to 2^31 − 1 in order-k exponential Golomb code (Teuhola 1978): short for small numbers,
   * never longer than 63 − k bits.
   */
  golomb(value: number, k: number): void {
    const shifted = value + (1 << k);
    const width = 32 - Math.clz32(shifted);
    // Zeros, and the one that ends them.
    this.bits(1 << (width - 1 - k), width - k);
    this.bits(shifted, width - 1);
  }

  /** A signed whole number: 0, −1, 1, −2, … become 0, 1, 2, 3, … */
  signedGolomb(value: number, k: number): void {
    this.golomb(value < 0 ? -2 * value - 1 : 2 * value, k);
  }

  /** Appends `count` bits of another buffer, from bit `start`. */
  append(source: Uint8Array, start: number, count: number): void {
    // Up to a byte's border here, then whole bytes, then what is left.
    const head = Math.min(count, -this.bitLength & 7);
    this.bits(peek(source, start, head), head);
    const { bytes } = this;
    const shift = (start + head) & 7;
    const whole = (count - head) >> 3;
    let from = (start + head) >> 3;
    let to = this.bitLength >> 3;
    if (shift === 0) for (let left = whole; left > 0; left--) bytes[to++] = source[from++];
    else
      for (let left = whole; left > 0; left--, from++)
        bytes[to++] = (source[from] >> shift) | (source[from + 1] << (8 - shift));
    this.bitLength += whole * 8;
    const tail = count - head - whole * 8;
    this.bits(peek(source, start + head + whole * 8, tail), tail);
  }
}

/** The `count` bits (0 to 8) of a buffer from bit `start` on. */
function peek(source: Uint8Array, start: number, count: number): number {
  if (count === 0) return 0;
  const index = start >> 3;
  const shift = start & 7;
  const low = source[index] >> shift;
  return shift + count <= 8 ? low : low | (source[index + 1] << (8 - shift));
}

export class BitReader {
  failed = false;
  private readonly bytes: Uint8Array;
  private readonly bitEnd: number;
  private at: number;

  constructor(bytes: Uint8Array, startByte = 0) {
    this.bytes = bytes;
    this.at = startByte * 8;
    this.bitEnd = bytes.length * 8;
  }

  /** Bits read so far. */
  get position(): number {
    return this.at;
  }

  /** True when fewer than 8 bits are left and those are zero: what a well-made message leaves behind. */
  get isSpent(): boolean {
    const left = this.bitEnd - this.at;
    if (left >= 8 || left < 0) return false;
    return left === 0 || this.bytes[this.at >> 3] >> (this.at & 7) === 0;
  }

  bits(count: number): number {
    if (this.at + count > this.bitEnd) {
      this.failed = true;
      this.at = this.bitEnd;
      return 0;
    }
    let value = 0;
    let got = 0;
    while (got < count) {
      const shift = this.at & 7;
      const take = count - got < 8 - shift ? count - got : 8 - shift;
      value |= ((this.bytes[this.at >> 3] >> shift) & ((1 << take) - 1)) << got;
      got += take;
      this.at += take;
    }
    return value >>> 0;
  }

  bit(): boolean {
    return this.bits(1) === 1;
  }

  golomb(k: number): number {
    let zeros = 0;
    while (!this.failed && this.bits(1) === 0) zeros++;
    if (zeros + k > 31) this.failed = true;
    if (this.failed) return 0;
    const width = zeros + k;
    const shifted = 2 ** width + this.bits(width);
    return shifted - 2 ** k;
  }

  signedGolomb(k: number): number {
    const value = this.golomb(k);
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}
