/** What to do about a refusal: which of the server's limits was met, and how its host lifts it. */
import type { Refusal } from "@starwake/shared/engine/protocol.ts";

type Limit = { readonly of: string; readonly flag: string; readonly lift?: string };

const LIFT_BY_ZERO = "0 lifts it";

const LIMITS: Partial<Record<Refusal, Limit>> = {
  "too-many-connections": {
    of: "connections from one address (those without a seat: --max-unseated-per-address)",
    flag: "--max-connections-per-address",
    lift: LIFT_BY_ZERO,
  },
  "too-many-seats": { of: "players from one address", flag: "--max-seats-per-address", lift: LIFT_BY_ZERO },
  "too-many-joins": { of: "joins a second from one address", flag: "--max-joins-per-address", lift: LIFT_BY_ZERO },
  "too-many-private-rooms": {
    of: "private rooms that one address opened",
    flag: "--max-private-rooms-per-address",
    lift: LIFT_BY_ZERO,
  },
  "server-full": { of: "rooms, of which private ones may be half", flag: "--max-rooms", lift: LIFT_BY_ZERO },
  "server-busy": {
    of: "players from one address once it has 256 and more and hardly any time left, and what is asked for in all a second",
    flag: "--max-seats-per-address",
    lift: "0 lifts the first",
  },
  "room-full": { of: "players a room", flag: "--capacity" },
};

/** Refusals that pass in seconds, however long the one who waits: what is ahead of them goes on. */
const HASTE: ReadonlySet<Refusal> = new Set<Refusal>(["too-many-joins", "room-busy", "server-busy", "server-closing"]);

export function passesInSeconds(reason: Refusal): boolean {
  return HASTE.has(reason);
}

/** The reason, and for one that is a host's to lift the option. */
export function explainRefusal(reason: Refusal): string {
  const limit = LIMITS[reason];
  if (limit === undefined) return reason;
  const { of, flag, lift } = limit;
  const more = lift === undefined ? "a higher one lets more in" : `a higher one lets more in, ${lift}`;
  return `${reason}: the server limits ${of}; ${more}: npm start -- ${flag} N, or ${variableOf(flag)}=N`;
}

function variableOf(flag: string): string {
  return `STARWAKE_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`;
}
