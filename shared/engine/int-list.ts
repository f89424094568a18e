/** A list of whole numbers that is filled again and again: once it is large enough, nothing more is allocated. */
export class IntList {
  items = new Int32Array(16);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  push(value: number): void {
    if (this.count === this.items.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.count++] = value;
  }
}
