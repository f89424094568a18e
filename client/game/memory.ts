/**
 * What the browser remembers: the player's name for good, and the seat for as long as the tab lives, so that a reload
 * finds the same ship. Where storage is denied nothing is remembered, and nothing breaks.
 */

const NAME_KEY = "starwake.name";
const SEAT_KEY = "starwake.seat";

type Seat = { readonly token: string; readonly room: string; readonly isPrivate: boolean };

export function keptName(): string {
  return read(() => localStorage, NAME_KEY) ?? "";
}

export function keepName(name: string): void {
  write(() => localStorage, NAME_KEY, name);
}

/** The seat that this tab had when it was last open, if it had one. */
export function keptSeat(): Seat | undefined {
  try {
    const seat: unknown = JSON.parse(read(() => sessionStorage, SEAT_KEY) ?? "null");
    return isSeat(seat) ? seat : undefined;
  } catch {
    return undefined;
  }
}

export function keepSeat(seat: Seat): void {
  write(() => sessionStorage, SEAT_KEY, JSON.stringify(seat));
}

export function forgetSeat(): void {
  write(() => sessionStorage, SEAT_KEY, "");
}

function isSeat(value: unknown): value is Seat {
  return (
    typeof value === "object" &&
    value !== null &&
    "token" in value &&
    "room" in value &&
    typeof value.token === "string" &&
    typeof value.room === "string"
  );
}

function read(storage: () => Storage, key: string): string | undefined {
  try {
    return storage().getItem(key) || undefined;
  } catch {
    return undefined;
  }
}

function write(storage: () => Storage, key: string, value: string): void {
  try {
    storage().setItem(key, value);
  } catch {
    // A browser that keeps nothing is no reason not to play.
  }
}
