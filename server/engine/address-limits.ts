/**
 * What one address group may have (besides private rooms, see matchmaker.ts): enough for a school behind one address, too
 * little to shut others out; and how often all groups together may ask. Infinity lifts a limit. Loopback is a group as any
 * other.
 */
export type AddressLimits = {
  /** Held at a time; a seat whose player is away counts. */
  readonly seats: number;
  /** Connections that carry copies for seats, at a time. */
  readonly spares: number;
  /** Joins, and as many spares, a second in the long run; see JOIN_BURST_SECONDS. */
  readonly joinsPerSecond: number;
  /** The same of all address groups together. */
  readonly allJoinsPerSecond: number;
};

/** What an address may ask for at once, in seconds of its rate: at 10 a second a school of 64 comes back after a restart. */
export const JOIN_BURST_SECONDS = 10;
/** Those that come at once are served in one go, and the rooms' ticks wait for it: no more than come back after a restart. */
export const ALL_JOINS_BURST_SECONDS = 3;

export const DEFAULT_LIMITS: AddressLimits = {
  seats: 64,
  spares: 32,
  joinsPerSecond: 10,
  allJoinsPerSecond: 100,
};

export const NO_LIMITS: AddressLimits = {
  seats: Number.POSITIVE_INFINITY,
  spares: Number.POSITIVE_INFINITY,
  joinsPerSecond: Number.POSITIVE_INFINITY,
  allJoinsPerSecond: Number.POSITIVE_INFINITY,
};
