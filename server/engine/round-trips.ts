/**
 * Round trips: how old the frames were that one player's packets acknowledged in the last ten seconds: at least, and
 * usually at most. A frame is the older the longer it and the packet were on their way, and the longer it is the newest.
 *
 * Each second has a slot of its own, so that memory is bounded and a packet costs two comparisons.
 */

const SLOTS = 10;
/** What is so late in one second only is let go, as the clients' render clock does. */
const SECONDS_LET_GO = 1;
/** While there are fewer seconds, none is let go. */
const SECONDS_TO_JUDGE = 3;

export class RoundTrips {
  /** In the unit of what is noted; infinite while nothing was. */
  least = Number.POSITIVE_INFINITY;
  /** The greatest of all seconds but the worst. */
  usualMost = Number.POSITIVE_INFINITY;
  private readonly leasts = new Float64Array(SLOTS).fill(Number.POSITIVE_INFINITY);
  /** -1: a second in which nothing was noted. */
  private readonly mosts = new Float64Array(SLOTS).fill(-1);
  private readonly inOrder = new Float64Array(SLOTS);
  private second = 0;

  /**
   * Takes the age of an acknowledged frame when the packet came.
   * @param second the whole seconds of any clock that does not go back
   */
  note(age: number, second: number): void {
    const isNew = second !== this.second;
    if (isNew) this.turn(second);
    const slot = second % SLOTS;
    const isGreatest = age > this.mosts[slot];
    if (isGreatest) this.mosts[slot] = age;
    if (age < this.leasts[slot]) this.leasts[slot] = age;
    if (age < this.least) this.least = age;
    if (isNew || isGreatest) this.judge();
  }

  /** Lets go what is older than the slots reach. */
  private turn(second: number): void {
    const passed = Math.min(SLOTS, second - this.second);
    for (let back = 0; back < passed; back++) {
      const slot = (second - back) % SLOTS;
      this.leasts[slot] = Number.POSITIVE_INFINITY;
      this.mosts[slot] = -1;
    }
    this.second = second;
    this.least = Number.POSITIVE_INFINITY;
    for (const least of this.leasts) this.least = Math.min(this.least, least);
  }

  private judge(): void {
    const { inOrder } = this;
    inOrder.set(this.mosts);
    inOrder.sort();
    let first = 0;
    while (inOrder[first] < 0) first++;
    const letGo = SLOTS - first < SECONDS_TO_JUDGE ? 0 : SECONDS_LET_GO;
    this.usualMost = inOrder[SLOTS - 1 - letGo];
  }
}
