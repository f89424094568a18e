/**
 * Which command packets have been taken: the same packet comes once by each connection that serves a session, and only
 * the first to arrive counts. Packets are told apart by their first tick, of which a client sends no two that are taken.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** A power of two: four seconds of packets at 60 ticks a second, far longer than any of them is on its way. */
const KEPT_TICKS = 256;

export class PacketCopies {
  /** undefined: none was noted, as for nearly everybody, whom one connection serves. */
  private firstTicks: Float64Array | undefined;

  has(firstTick: Tick): boolean {
    return this.firstTicks?.[firstTick & (KEPT_TICKS - 1)] === firstTick;
  }

  note(firstTick: Tick): void {
    this.firstTicks ??= new Float64Array(KEPT_TICKS).fill(-1);
    this.firstTicks[firstTick & (KEPT_TICKS - 1)] = firstTick;
  }

  clear(): void {
    this.firstTicks = undefined;
  }
}
