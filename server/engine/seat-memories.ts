/**
 * Seat memories: what was measured of a player, and what they have used up, outlives their seat by a minute, known by their
 * browser's key. So nobody who leaves and joins again is believed, or may turn their screen, as if they were new.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { ScreenTurns } from "./screen-turns.ts";
import type { ViewBelief } from "./view-belief.ts";

export type SeatMemory = { readonly screen: ScreenTurns; readonly view: ViewBelief };

/** Longer than anything in a memory lasts. */
const KEPT_MS = 60_000;
/** One takes a kilobyte; the oldest go beyond it. More than can join in a minute. */
const MOST_KEPT = 10_000;

type Kept = { readonly memory: SeatMemory; readonly tick: Tick; readonly atMs: number };

export class SeatMemories {
  private readonly ticksPerMs: number;
  /** By key, the oldest first. */
  private readonly kept = new Map<string, Kept>();

  /** @param tickRate that of all rooms, a second */
  constructor(tickRate: number) {
    this.ticksPerMs = tickRate / 1000;
  }

  /** A seat was given up: at that tick of its room. */
  keep(key: string, memory: SeatMemory, tick: Tick, nowMs: number): void {
    this.kept.delete(key);
    this.kept.set(key, { memory, tick, atMs: nowMs });
    for (const [oldest, { atMs }] of this.kept) {
      if (this.kept.size <= MOST_KEPT && nowMs - atMs < KEPT_MS) break;
      this.kept.delete(oldest);
    }
  }

  /** What is remembered of a key's owner, who is seated at that tick of their room; once for each seat that they gave up. */
  take(key: string, tick: Tick, nowMs: number): SeatMemory | undefined {
    const kept = this.kept.get(key);
    if (kept === undefined) return undefined;
    this.kept.delete(key);
    if (nowMs - kept.atMs >= KEPT_MS) return undefined;
    // Each room counts its own ticks.
    const shift = Math.round(tick - kept.tick - (nowMs - kept.atMs) * this.ticksPerMs);
    kept.memory.screen.shift(shift);
    kept.memory.view.shift(shift);
    return kept.memory;
  }
}
