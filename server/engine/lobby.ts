/**
 * The lobby: takes each connection from its first message to its seat, and back. It owns the seats by token, so that
 * a player who comes back, in whatever room, finds theirs.
 */
import { randomBytes } from "node:crypto";
import { cleanName } from "@starwake/shared/engine/player-name.ts";
import type {
  JoinReply,
  JoinRequest,
  Refusal,
  RequestBody,
  RequestName,
  RequestReply,
  RoomWish,
} from "@starwake/shared/engine/protocol.ts";
import type { AddressLimits } from "./address-limits.ts";
import { Admission } from "./admission.ts";
import type { Clock } from "./clock.ts";
import type { Carried } from "./departures.ts";
import { KeyIndex } from "./key-index.ts";
import type { Log } from "./log.ts";
import type { Matchmaker } from "./matchmaker.ts";
import type { Meter } from "./meter.ts";
import type { Room } from "./room.ts";
import type { SeatWatcher, Session } from "./session.ts";
import type { Connection, ConnectionHandlers } from "./transport.ts";

/** A wish with the key of whose it is. */
type KeyedWish = JoinRequest & { readonly key: string };

/** `group`: the address group that it counts for, which is that of whoever sits there. */
type Seat = { readonly room: Room; readonly session: Session; group: string };

type LobbyOptions = {
  readonly matchmaker: Matchmaker;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly log: Log;
  /** What one address group may have. */
  readonly limits: AddressLimits;
};

export class Lobby {
  private readonly options: LobbyOptions;
  private readonly seats = new Map<string, Seat>();
  private readonly seatsOf = new KeyIndex<Seat>();
  private readonly admission: Admission;
  private isClosing = false;

  constructor(options: LobbyOptions) {
    this.options = options;
    this.admission = new Admission(options.limits, options.clock.now());
  }

  /** Handles one connection for as long as it lasts. */
  readonly accept = (connection: Connection): ConnectionHandlers => {
    let seat: Seat | undefined;
    let key: string | undefined;
    let isGone = false;
    /** Where it sits now, or what it carries copies for. What it was told meanwhile may have ended it. */
    const settle = (taken: Seat | undefined) => {
      seat = taken;
      if (seat === undefined) connection.setSeated(false);
      else if (isGone) seat.room.detach(seat.session, connection);
    };
    return {
      packet: (bytes) => {
        if (seat !== undefined && isHeld(seat) && seat.session.isServedBy(connection))
          seat.room.receive(seat.session, bytes);
        else this.options.meter.refused("not-joined");
      },
      request: <Name extends RequestName>(name: Name, body: RequestBody<Name>) => {
        if (name === "join") {
          const wish = body as JoinRequest;
          // Who is on one connection stays who they are: no other key, and no want of one, makes them somebody new.
          key ??= wish.key ?? randomWord();
          const [reply, taken] = this.join(connection, seat, { ...wish, key });
          settle(taken);
          key = seat?.session.key ?? key;
          return reply as RequestReply<Name>;
        }
        if (name === "spare") {
          const [reply, served] = this.spare(connection, seat, body as RequestBody<"spare">);
          settle(served);
          return reply as RequestReply<Name>;
        }
        if (name === "turn") {
          if (seat !== undefined && isStillIn(seat, connection))
            seat.session.screen.ask((body as RequestBody<"turn">).shape);
          return {} as RequestReply<Name>;
        }
        if (name === "leave") {
          if (seat !== undefined) this.leave(seat, connection);
          settle(undefined);
          return {} as RequestReply<Name>;
        }
        const nothing: RequestReply<"ping"> = { onTime: 0, missing: 0, late: 0, refused: 0 };
        return { ...(seat?.session.counts ?? nothing) } as RequestReply<Name>;
      },
      closed: () => {
        isGone = true;
        settle(seat);
      },
    };
  };

  /** Tells everybody that the server closes, and lets nobody in any more. */
  close(): void {
    this.isClosing = true;
    this.options.matchmaker.closeAll();
  }

  private join(connection: Connection, current: Seat | undefined, wish: KeyedWish): [JoinReply, Seat | undefined] {
    const held = this.heldSeat(connection, current, wish) ?? this.awaySeat(connection, current, wish);
    const problem = this.problemWith("join", connection, held === undefined ? current : undefined);
    if (problem !== undefined) return [this.refuse(problem), current];
    current?.session.releaseSpare(connection);
    if (held !== undefined) {
      // Who takes another seat gives the one at hand back: a connection serves one.
      if (current !== undefined && held.session !== current.session) current.room.detach(current.session, connection);
      this.countFor(held, connection.addressGroup);
      held.session.screen.ask(wish.shape ?? 0);
      held.room.resume(held.session, connection);
      return [held.room.describe(held.session, true), held];
    }
    const cleaned = cleanName(wish.name);
    if ("problem" in cleaned) return [{ ...this.refuse("name-refused"), detail: cleaned.problem }, undefined];
    const taken = this.takeSeat(connection, { ...wish, name: cleaned.name });
    if (typeof taken === "string") return [this.refuse(taken), undefined];
    return [taken.seat.room.describe(taken.seat.session, taken.isBack), taken.seat];
  }

  /** Seats a player who has no seat: in what they left, if it is still there. */
  private takeSeat(
    connection: Connection,
    { name, room: wished, key, shape = 0 }: KeyedWish,
  ): { seat: Seat; isBack: boolean } | Refusal {
    const { addressGroup } = connection;
    if (!this.admission.hasSeatFor(addressGroup)) return "too-many-seats";
    const room = this.options.matchmaker.find(wished, addressGroup, key);
    if (typeof room === "string") return room;
    const isBack = room.keepsFor(key);
    const token = randomWord();
    const carried = isBack ? undefined : this.carriedBy(key);
    const session = room.join(connection, { name, token, key, carried, shape, watcher: this.watcherOf(token) });
    if (typeof session === "string") return session;
    if (!isBack) this.options.matchmaker.departures.forget(key);
    const seat = { room, session, group: addressGroup };
    this.seats.set(token, seat);
    this.seatsOf.add(key, seat);
    this.admission.seatTaken(addressGroup);
    return { seat, isBack };
  }

  /** Keeps the books of the seat that a token leads to. */
  private watcherOf(token: string): SeatWatcher {
    return {
      givenUp: () => {
        const seat = this.seats.get(token)!;
        this.admission.seatGone(seat.group);
        this.seats.delete(token);
        this.seatsOf.delete(seat.session.key, seat);
      },
      spareGone: (spare) => this.admission.spareGone(spare.addressGroup),
    };
  }

  /** A seat that is resumed counts for the address that its player comes from now. */
  private countFor(seat: Seat, group: string): void {
    this.admission.seatGone(seat.group);
    this.admission.seatTaken(group);
    seat.group = group;
  }

  /** What follows the owner of a key: from where they left, or from a seat elsewhere to which they have not come back. */
  private carriedBy(key: string): Carried | undefined {
    const departed = this.options.matchmaker.departures.of(key);
    if (departed !== undefined) return departed;
    const seat = this.awaySeats(key)[0];
    const condition = seat?.room.conditionOf(seat.session);
    return condition && { condition, ageMs: 0 };
  }

  /** Has a connection that sits nowhere carry copies for a seat that is taken. */
  private spare(
    connection: Connection,
    current: Seat | undefined,
    { token }: RequestBody<"spare">,
  ): [RequestReply<"spare">, Seat | undefined] {
    const problem = this.problemWith("spare", connection, current);
    if (problem !== undefined) return [this.refuse(problem), current];
    current?.session.releaseSpare(connection);
    const seat = this.seats.get(token);
    const { matchmaker, clock } = this.options;
    if (matchmaker.punctuality.isLate(clock.now())) return [this.refuse("server-busy"), undefined];
    if (!this.admission.hasSpareFor(connection.addressGroup)) return [this.refuse("too-many-spares"), undefined];
    const tick = seat !== undefined && isHeld(seat) ? seat.session.addSpare(connection) : "no-such-seat";
    if (typeof tick === "string") return [this.refuse(tick), undefined];
    this.admission.spareTaken(connection.addressGroup);
    return [{ ok: true, tick }, seat];
  }

  private problemWith(what: "join" | "spare", connection: Connection, current: Seat | undefined): Refusal | undefined {
    if (this.isClosing) return "server-closing";
    if (current !== undefined && isStillIn(current, connection)) return "already-joined";
    return this.admission.problemWith(what, connection.addressGroup, this.options.clock.now());
  }

  private refuse(reason: Refusal): { ok: false; reason: Refusal } {
    this.options.meter.refused(reason);
    return { ok: false, reason };
  }

  /**
   * The seat that a token speaks for, if it is still held, and in the room that is wished for. Who sits already and
   * asks without a token has not heard the reply: they are given their seat again.
   */
  private heldSeat(connection: Connection, current: Seat | undefined, wish: JoinRequest): Seat | undefined {
    const own = current !== undefined && isStillIn(current, connection) ? current : undefined;
    const seat = wish.token === undefined ? own : this.seats.get(wish.token);
    if (seat === undefined || !isHeld(seat)) return undefined;
    return wish.room.kind === "quick" || isOfCode(seat, wish.room) ? seat : undefined;
  }

  /**
   * A seat that the same browser has lost the connection to, in the room that is wished for. One that somebody sits on
   * is never taken by a key: two tabs of a browser both play. Who sits already keeps that.
   */
  private awaySeat(connection: Connection, current: Seat | undefined, { key, room }: KeyedWish): Seat | undefined {
    if (current !== undefined && isStillIn(current, connection)) return undefined;
    return this.awaySeats(key).find(
      (seat) => (room.kind === "quick" && !seat.room.options.isPrivate) || isOfCode(seat, room),
    );
  }

  private awaySeats(key: string): Seat[] {
    return [...this.seatsOf.of(key)].filter((seat) => seat.session.presence.state === "away" && isHeld(seat));
  }

  /** Only who sits there gives a seat up: not who carries copies for it, nor who sat there before. */
  private leave(seat: Seat, connection: Connection): void {
    if (isStillIn(seat, connection)) seat.room.leave(seat.session);
    else seat.session.releaseSpare(connection);
  }
}

/** 128 bits of chance. */
function randomWord(): string {
  return randomBytes(16).toString("base64url");
}

function isHeld({ room, session }: Seat): boolean {
  return room.holds(session);
}

function isOfCode({ room }: Seat, wish: RoomWish): boolean {
  return wish.kind === "code" && wish.code === room.options.code;
}

function isStillIn(seat: Seat, connection: Connection): boolean {
  return isHeld(seat) && seat.session.presence.state === "here" && seat.session.presence.connection === connection;
}
