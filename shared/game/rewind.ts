/**
 * Rewind: where ships stood when a shooter saw them. Players see the others some ticks late (that is their lag), so
 * their shots are tested against the places of then: a beam at once, a projectile by the same lag for all its life, as
 * its shooter sees it fly in the present among ships of the past.
 *
 * A place is where a ship stood when the hits of its tick were tested. Nothing is rewound past the rules' limit, into
 * an earlier life, or to a tick at which the ship was protected.
 */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Rules } from "./rules.ts";
import type { Ship, World } from "./world.ts";

/** In coordinate quanta. */
export type Place = { readonly x: number; readonly y: number };

type Track = {
  /**
   * The first tick from which on the ship could be hurt without a break; ahead of the world's while it cannot be, and
   * infinitely so before the life at hand is remembered.
   */
  hurtableSince: Tick;
  /** The newest places: tick t's at t modulo their number. */
  readonly places: { x: number; y: number }[];
};

/** What an authority remembers of its ships; a predicting world remembers nothing. */
export type Past = {
  readonly tracks: Map<PlayerId, Track>;
  /** `drift[n]`: on neither axis has a ship come farther than this in the last n ticks, unless it came to life. */
  readonly drift: Int32Array;
};

export function createPast({ maxRewindTicks }: Rules): Past {
  return { tracks: new Map(), drift: new Int32Array(maxRewindTicks + 1) };
}

export function copyPast({ tracks, drift }: Past): Past {
  const copies = [...tracks].map(
    ([id, { hurtableSince, places }]) =>
      [id, { hurtableSince, places: places.map((place) => ({ ...place })) }] as const,
  );
  return { tracks: new Map(copies), drift: drift.slice() };
}

/** For a ship that leaves. */
export function forgetShip({ tracks }: Past, id: PlayerId): void {
  tracks.delete(id);
}

/** For a ship that begins a life: that has no past. Its track is used again, lives are short. */
export function forgetLife({ tracks }: Past, id: PlayerId): void {
  const track = tracks.get(id);
  if (track !== undefined) track.hurtableSince = Number.POSITIVE_INFINITY;
}

/** Remembers where ships stand, once a tick, just before hits are tested. */
export function rememberPlaces(world: World): void {
  if (!world.isAuthority) return;
  let furthest = 0;
  for (const ship of world.ships) furthest = Math.max(furthest, remember(world, ship));
  const { drift } = world.past;
  for (let lag = drift.length - 1; lag > 0; lag--) drift[lag] = drift[lag - 1] + furthest;
}

/** Returns how far the ship has come since the last tick, on the axis on which it came farther. */
function remember({ past, rules, tick }: World, ship: Ship): number {
  const track = past.tracks.get(ship.id) ?? openTrack(past, ship.id, rules.maxRewindTicks + 1);
  const isNew = track.hurtableSince === Number.POSITIVE_INFINITY;
  if (isNew) track.hurtableSince = tick;
  if (ship.protection > 0) track.hurtableSince = tick + 1;
  const last = placeIn(track, tick - 1);
  const moved = isNew ? 0 : Math.max(Math.abs(ship.x - last.x), Math.abs(ship.y - last.y));
  const place = placeIn(track, tick);
  place.x = ship.x;
  place.y = ship.y;
  return moved;
}

function openTrack({ tracks }: Past, id: PlayerId, length: number): Track {
  const places = Array.from({ length }, () => ({ x: 0, y: 0 }));
  const track = { hurtableSince: Number.POSITIVE_INFINITY, places };
  tracks.set(id, track);
  return track;
}

function placeIn({ places }: Track, tick: Tick) {
  return places[tick % places.length];
}

/** For how many ticks back a player is judged who sees the others at tick `look`; 0 for one who sees the present. */
export function lagOf({ tick, rules }: World, look: Tick | undefined): number {
  return look === undefined ? 0 : Math.max(0, Math.min(rules.maxRewindTicks, tick - look));
}

/** Where a living ship stands for a shot of such a lag. */
export function placeFor({ past, tick }: World, ship: Ship, lag: number): Place {
  if (lag === 0) return ship;
  const track = past.tracks.get(ship.id);
  if (track === undefined) return ship;
  const then = Math.max(tick - lag, track.hurtableSince);
  return then < tick ? placeIn(track, then) : ship;
}
