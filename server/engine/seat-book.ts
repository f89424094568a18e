/**
 * The seat book: the seats that are taken, by token and by the key of whose they are, and the connections that carry copies
 * for them. It tells admission what each address has.
 *
 * Rooms and sessions say what they give up, in the middle of a tick too: nothing that is said here throws. What could not be
 * written down is written down by the next sweep.
 */
import type { Admission } from "./admission.ts";
import { KeyIndex } from "./key-index.ts";
import type { Log } from "./log.ts";
import type { Room } from "./room.ts";
import type { Session } from "./session.ts";
import type { Connection } from "./transport.ts";

/** `token`: what leads to it now; at first the session's. */
export type Seat = { readonly room: Room; readonly session: Session; token: string };

const SWEEP_INTERVAL_MS = 10_000;
/** Of one key's seats; nobody has so many tabs. With 5,000 of one key each join took 87 µs for them. */
const MOST_LOOKED_AT = 64;

export class SeatBook {
  private readonly admission: Admission;
  private readonly log: Log;
  private readonly byToken = new Map<string, Seat>();
  private readonly byKey = new KeyIndex<Seat>();
  /** Each for this seat. */
  private readonly spares = new Map<Connection, Seat>();
  private sweptMs: number;

  constructor(admission: Admission, log: Log, nowMs: number) {
    this.admission = admission;
    this.log = log;
    this.sweptMs = nowMs;
  }

  /** The seat that a token leads to. */
  of(token: string): Seat | undefined {
    return this.byToken.get(token);
  }

  /** The seats whose players are away, of the first MOST_LOOKED_AT that the owner of a key has. */
  *awayOf(key: string): Generator<Seat, void> {
    let looked = 0;
    for (const seat of this.byKey.of(key)) {
      if (looked++ === MOST_LOOKED_AT) return;
      if (seat.session.presence.state === "away" && isHeld(seat)) yield seat;
    }
  }

  enter(seat: Seat, addressGroup: string): void {
    this.byToken.set(seat.token, seat);
    this.byKey.add(seat.session.key, seat);
    this.admission.seatTaken(seat, addressGroup);
  }

  /** From now on another token leads to the seat, and the one before nowhere. */
  renew(seat: Seat, token: string): void {
    this.byToken.delete(seat.token);
    seat.token = token;
    this.byToken.set(token, seat);
  }

  enterSpare(spare: Connection, seat: Seat): void {
    this.spares.set(spare, seat);
    this.admission.spareTaken(spare);
  }

  /** A seat was given up. */
  strike(seat: Seat): void {
    this.attempt(() => {
      this.admission.seatGone(seat);
      this.byKey.delete(seat.session.key, seat);
      // Last: a sweep finds it by that.
      this.byToken.delete(seat.token);
    });
  }

  /** A connection carries no copies any more. */
  strikeSpare(spare: Connection): void {
    this.attempt(() => {
      this.admission.spareGone(spare);
      this.spares.delete(spare);
    });
  }

  /** To be called now and then: strikes what nobody holds any more, and did not say so because something threw. */
  sweep(nowMs: number): void {
    if (nowMs - this.sweptMs < SWEEP_INTERVAL_MS) return;
    this.sweptMs = nowMs;
    for (const seat of this.byToken.values()) if (!isHeld(seat)) this.strike(seat);
    for (const [spare, seat] of this.spares)
      if (!isHeld(seat) || !seat.session.isServedBy(spare)) this.strikeSpare(spare);
  }

  private attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.log.error({ err: error }, "a seat could not be struck from the book; the next sweep does it");
    }
  }
}

export function isHeld({ room, session }: Seat): boolean {
  return room.holds(session);
}
