/** Ticks of a player to whom the server tells none: by their own clock, from 1 at their first packet. */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { TICK_RATE } from "./orders.ts";

export class PacketClock {
  private startMs: number | undefined;

  tick(nowMs: number): Tick {
    this.startMs ??= nowMs;
    return 1 + Math.floor(((nowMs - this.startMs) * TICK_RATE) / 1000);
  }
}
