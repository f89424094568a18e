/**
 * Ticks: the simulation's unit of time. Tick numbers start at 0 when a room opens and only grow.
 *
 * On the wire a tick travels as its low 16 bits; the reader knows one that is at most 9 minutes (at 60 Hz) away.
 */

export type Tick = number;

const WIRE_TICK_RANGE = 1 << 16;

/** The 16 bits of `tick` that travel. */
export function toWireTick(tick: Tick): number {
  return tick & (WIRE_TICK_RANGE - 1);
}

/** The tick nearest to `near` whose low 16 bits are `wireTick`; it may be negative when `near` is small. */
export function fromWireTick(wireTick: number, near: Tick): Tick {
  const behind = (near - wireTick) & (WIRE_TICK_RANGE - 1);
  return behind < WIRE_TICK_RANGE / 2 ? near - behind : near - behind + WIRE_TICK_RANGE;
}
