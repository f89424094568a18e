/**
 * Which command packets have been taken: the same packet comes once by each connection that serves a session, and only
 * the first to arrive counts. Packets are told apart by their first tick, of which a client sends no two that are taken.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** A power of two: four seconds of packets at 60 ticks a second, far longer than any of them is on its way. */
const KEPT_TICKS = 256;

export class PacketCopies {
  /** First tick, then arrival, of each; undefined: none was noted, as for nearly everybody, whom one connection serves. */
  private noted: Float64Array | undefined;

  /** How long after the first copy this one comes, in ticks; undefined: it is the first. */
  lagOf(firstTick: Tick, arrival: number): number | undefined {
    const slot = slotOf(firstTick);
    return this.noted?.[slot] === firstTick ? arrival - this.noted[slot + 1]! : undefined;
  }

  note(firstTick: Tick, arrival: number): void {
    this.noted ??= new Float64Array(KEPT_TICKS * 2).fill(-1);
    const slot = slotOf(firstTick);
    this.noted[slot] = firstTick;
    this.noted[slot + 1] = arrival;
  }

  clear(): void {
    this.noted = undefined;
  }
}

function slotOf(firstTick: Tick): number {
  return (firstTick & (KEPT_TICKS - 1)) * 2;
}
