/**
 * What the browser remembers: the player's name and wishes for good, and the seat for as long as the tab lives, so that a reload
 * finds the same ship. Where storage is denied nothing is remembered, and nothing breaks.
 */

const NAME_KEY = "starwake.name";
const KILL_REPLAYS_KEY = "starwake.kill-replays";
const BROWSER_KEY = "starwake.key";
const BROWSER_KEY_PATTERN = /^[0-9a-f]{32}$/;
const SEAT_KEY = "starwake.seat";

export type Seat = { readonly token: string; readonly room: string; readonly isPrivate: boolean };

/** A seat is held for twenty seconds: who comes back much later is shown the menu. */
const SEAT_KEPT_MS = 30_000;

export function keptName(): string {
  return read(() => localStorage, NAME_KEY) ?? "";
}

export function keepName(name: string): void {
  write(() => localStorage, NAME_KEY, name);
}

/** Whether deaths are shown again; they are unless it was turned off. */
export function keptKillReplays(): boolean {
  return read(() => localStorage, KILL_REPLAYS_KEY) !== "off";
}

export function keepKillReplays(isOn: boolean): void {
  write(() => localStorage, KILL_REPLAYS_KEY, isOn ? "on" : "off");
}

/**
 * A secret of this browser's, 128 bits of chance, by which a player who left finds what they left. Where storage is
 * denied, it is another one each time.
 */
export function browserKey(): string {
  const kept = read(() => localStorage, BROWSER_KEY);
  if (kept !== undefined && BROWSER_KEY_PATTERN.test(kept)) return kept;
  // Not randomUUID, which pages without TLS lack.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  write(() => localStorage, BROWSER_KEY, key);
  return key;
}

/** The seat that this tab had when it was last open, if it had one. */
export function keptSeat(): Seat | undefined {
  try {
    const kept: unknown = JSON.parse(read(() => sessionStorage, SEAT_KEY) ?? "null");
    return isKeptSeat(kept) && Date.now() - kept.atMs < SEAT_KEPT_MS ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the seat as of now. */
export function keepSeat({ token, room, isPrivate }: Seat): void {
  write(() => sessionStorage, SEAT_KEY, JSON.stringify({ token, room, isPrivate, atMs: Date.now() }));
}

export function forgetSeat(): void {
  write(() => sessionStorage, SEAT_KEY, "");
}

function isKeptSeat(value: unknown): value is Seat & { readonly atMs: number } {
  if (typeof value !== "object" || value === null) return false;
  const { token, room, atMs } = value as Partial<Record<string, unknown>>;
  return typeof token === "string" && typeof room === "string" && typeof atMs === "number";
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
