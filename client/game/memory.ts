/**
 * What the browser remembers for a server: the player's name and wishes for good, and the seat for as long as the tab lives,
 * so that a reload finds the same ship. Where storage is denied nothing is remembered, and nothing breaks.
 */

const BROWSER_KEY_PATTERN = /^[0-9a-f]{32}$/;
/** A seat is held for twenty seconds: who comes back much later is shown the menu. */
const SEAT_KEPT_MS = 30_000;

export type Seat = { readonly token: string; readonly room: string; readonly isPrivate: boolean };

export class Memory {
  private readonly scope: string;

  /** @param server where the server is, if it is not at the root of the page's own origin: each has a memory of its own */
  constructor(server: string | undefined) {
    this.scope = server === undefined ? "starwake" : `starwake[${server}]`;
  }

  get name(): string {
    return read(() => localStorage, this.under("name")) ?? "";
  }

  keepName(name: string): void {
    write(() => localStorage, this.under("name"), name);
  }

  /** Whether deaths are shown again; they are unless it was turned off. */
  get hasKillReplays(): boolean {
    return read(() => localStorage, this.under("kill-replays")) !== "off";
  }

  keepKillReplays(isOn: boolean): void {
    write(() => localStorage, this.under("kill-replays"), isOn ? "on" : "off");
  }

  /**
   * A secret of this browser's, 128 bits of chance, by which a player who left finds what they left. Where storage is
   * denied, it is another one each time.
   */
  browserKey(): string {
    const kept = read(() => localStorage, this.under("key"));
    if (kept !== undefined && BROWSER_KEY_PATTERN.test(kept)) return kept;
    // Not randomUUID, which pages without TLS lack.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    write(() => localStorage, this.under("key"), key);
    return key;
  }

  /** The seat that this tab had when it was last open, if it had one. */
  get seat(): Seat | undefined {
    try {
      const kept: unknown = JSON.parse(read(() => sessionStorage, this.under("seat")) ?? "null");
      return isKeptSeat(kept) && Date.now() - kept.atMs < SEAT_KEPT_MS ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps the seat as of now. */
  keepSeat({ token, room, isPrivate }: Seat): void {
    const kept = { token, room, isPrivate, atMs: Date.now() };
    write(() => sessionStorage, this.under("seat"), JSON.stringify(kept));
  }

  forgetSeat(): void {
    write(() => sessionStorage, this.under("seat"), "");
  }

  private under(name: string): string {
    return `${this.scope}.${name}`;
  }
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
