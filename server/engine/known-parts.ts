/**
 * Known parts: of which entities in a region a session was told, where it was not told of all. For each place in the
 * session's window, for each kind, the ids in order, side by side in one list, which is written anew with each frame.
 */

/** Lists of ids for all places of a window; they are written from the first place to the last. */
class PartLists {
  /** All lists, one after the other; see chunk-part.ts. */
  ids = new Float64Array(0);
  paced = new Uint8Array(0);
  /** Where the list of each place and kind begins; the last one ends at `count`. */
  private starts = new Int32Array(1);
  private isPart = new Uint8Array(0);
  private kinds = 1;
  private lists = 0;
  private count = 0;

  clear(places: number, kinds: number): void {
    this.kinds = kinds;
    this.lists = 0;
    this.count = 0;
    const length = places * kinds + 1;
    if (this.starts.length < length) this.starts = new Int32Array(length + SPARE);
    if (this.isPart.length < places) this.isPart = new Uint8Array(places + SPARE);
    this.starts[0] = 0;
  }

  isPartAt(place: number): boolean {
    return this.isPart[place] === 1;
  }

  /** Where the list of a place and kind begins; it ends where the next one begins. */
  beginOf(place: number, kind: number): number {
    return this.starts[place * this.kinds + kind];
  }

  endOf(place: number, kind: number): number {
    return this.starts[place * this.kinds + kind + 1];
  }

  /** Where an id stands in a list, or −1. */
  indexOf(place: number, kind: number, id: number): number {
    const begin = this.beginOf(place, kind);
    const end = this.endOf(place, kind);
    for (let at = begin; at < end; at++) if (this.ids[at] === id) return at - begin;
    return -1;
  }

  /** Says of the next place whether its lists are all that is known there. Then come its lists, one for each kind. */
  open(place: number, isPart: boolean): void {
    this.isPart[place] = isPart ? 1 : 0;
  }

  push(id: number, paced: number): void {
    if (this.count === this.ids.length) this.grow();
    this.ids[this.count] = id;
    this.paced[this.count++] = paced;
  }

  endList(): void {
    this.starts[++this.lists] = this.count;
  }

  /** The next place knows nothing, or all. */
  passBy(place: number): void {
    this.open(place, false);
    for (let kind = 0; kind < this.kinds; kind++) this.endList();
  }

  /** The next place is as a place in other lists. */
  copy(place: number, from: PartLists, fromPlace: number): void {
    this.open(place, from.isPartAt(fromPlace));
    for (let kind = 0; kind < this.kinds; kind++) {
      const list = fromPlace * this.kinds + kind;
      for (let at = from.starts[list]; at < from.starts[list + 1]; at++) this.push(from.ids[at], from.paced[at]);
      this.endList();
    }
  }

  private grow(): void {
    const length = this.ids.length + Math.max(SPARE, this.ids.length >> 1);
    const ids = new Float64Array(length);
    ids.set(this.ids);
    const paced = new Uint8Array(length);
    paced.set(this.paced);
    this.ids = ids;
    this.paced = paced;
  }
}

const SPARE = 16;

export class KnownParts {
  /** What the session knows. */
  now = new PartLists();
  /** What it will know by the frame at hand, if that tells all that is offered. */
  next = new PartLists();
  private spare = new PartLists();
  private kinds = 1;

  /** Begins the next lists, of a window with so many places. */
  begin(places: number, kinds: number): void {
    this.kinds = kinds;
    this.next.clear(places, kinds);
  }

  /** The session knows now what the frame told: of each place what was offered, or what it knew, or nothing. */
  settle(places: number, told: (place: number) => "offered" | "nothing-new" | "roughly"): void {
    const { spare, next, now } = this;
    spare.clear(places, this.kinds);
    for (let place = 0; place < places; place++) {
      const what = told(place);
      if (what === "roughly") spare.passBy(place);
      else spare.copy(place, what === "offered" ? next : now, place);
    }
    this.spare = now;
    this.now = spare;
  }

  /** As `settle`, where the frame told all that was offered. */
  settleAll(): void {
    [this.now, this.next] = [this.next, this.now];
  }

  /** The window is another one. @param before for each place where it was in the last window, or −1 */
  move(places: number, before: (place: number) => number): void {
    const { spare, now } = this;
    spare.clear(places, this.kinds);
    for (let place = 0; place < places; place++) {
      const from = before(place);
      if (from < 0) spare.passBy(place);
      else spare.copy(place, now, from);
    }
    this.spare = now;
    this.now = spare;
  }
}
