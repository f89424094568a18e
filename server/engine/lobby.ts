/**
 * The lobby: takes each connection from its first message to its seat, and back. Seats are found by token, so that a player
 * who comes back, in whatever room, finds theirs.
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
import type { Log } from "./log.ts";
import type { Matchmaker } from "./matchmaker.ts";
import type { Meter } from "./meter.ts";
import type { Room } from "./room.ts";
import { isHeld, type Seat, SeatBook } from "./seat-book.ts";
import type { SeatWatcher } from "./session.ts";
import type { Connection, ConnectionHandlers } from "./transport.ts";

/** A wish with the key of whose it is; and whether a command has come from the seat that its connection has, if it has one. */
type KeyedWish = JoinRequest & { readonly key: string; readonly hasPlayed: boolean };

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
  private readonly admission: Admission;
  private readonly seats: SeatBook;
  private isClosing = false;

  constructor(options: LobbyOptions) {
    this.options = options;
    const { limits, clock, log } = options;
    this.admission = new Admission(limits, clock.now());
    this.seats = new SeatBook(this.admission, log, clock.now());
    options.matchmaker.punctuality.overloaded = () => this.shed();
  }

  /**
   * There is less time than those who play need, and all of them suffer from it: some of those give their seats up who have
   * most, until there is time for the others. They are told that the server is busy, and come in again when it is not.
   */
  private shed(): void {
    for (const given of this.admission.tooMany(this.options.clock.now())) {
      const { room, session } = given as Seat;
      this.options.meter.refused("server-busy");
      try {
        session.close("server-busy");
        room.leave(session);
      } catch (error) {
        // It is in the middle of a room's tick, which has nothing to do with it.
        this.options.log.error({ err: error }, "a seat could not be given up as it should");
      }
    }
  }

  /** Handles one connection for as long as it lasts. */
  readonly accept = (connection: Connection): ConnectionHandlers => {
    let seat: Seat | undefined;
    let key: string | undefined;
    let hasPlayed = false;
    let isGone = false;
    /** Where it sits now, or what it carries copies for. What it was told meanwhile may have ended it. */
    const settle = (taken: Seat | undefined) => {
      seat = taken;
      if (seat === undefined) connection.setSeated(false);
      else if (isGone) part(seat, connection);
    };
    return {
      packet: (bytes) => {
        if (seat !== undefined && isHeld(seat) && seat.session.isServedBy(connection)) {
          hasPlayed = true;
          return seat.room.receive(seat.session, bytes);
        }
        this.options.meter.refused("not-joined");
        return true;
      },
      request: <Name extends RequestName>(name: Name, body: RequestBody<Name>) => {
        if (name === "join") {
          const wish = body as JoinRequest;
          // Who is on one connection stays who they are: no other key, and no want of one, makes them somebody new.
          key ??= wish.key ?? randomWord();
          const [reply, taken] = this.join(connection, seat, { ...wish, key, hasPlayed });
          settle(taken);
          if (reply.ok) hasPlayed = false;
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
          if (seat !== undefined) leave(seat, connection);
          settle(undefined);
          return {} as RequestReply<Name>;
        }
        const nothing: RequestReply<"ping"> = { onTime: 0, missing: 0, late: 0, refused: 0, heldUp: 0 };
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
    this.seats.sweep(this.options.clock.now());
    const problem = this.problemWith("join", connection);
    if (problem !== undefined) return [this.refuse(problem), current];
    const held = this.heldSeat(connection, current, wish) ?? this.takeAwaySeat(connection, current, wish);
    const sits = current !== undefined && isStillIn(current, connection);
    if (held === undefined && sits) return [this.refuse("already-joined"), current];
    current?.session.releaseSpare(connection);
    if (held !== undefined) {
      // Who takes another seat gives the one at hand back: a connection serves one.
      if (current !== undefined && held.session !== current.session) current.room.detach(current.session, connection);
      return [this.resume(held, connection, wish), held];
    }
    const cleaned = cleanName(wish.name);
    if ("problem" in cleaned) return [{ ...this.refuse("name-refused"), detail: cleaned.problem }, undefined];
    return this.takeSeat(connection, { ...wish, name: cleaned.name });
  }

  /** Seats a player in a seat that is held. */
  private resume(seat: Seat, connection: Connection, { shape = 0 }: KeyedWish): JoinReply {
    const { room, session } = seat;
    try {
      this.admission.seatTaken(seat, connection.addressGroup);
      session.screen.ask(shape);
      room.resume(session, connection);
      return { ...room.describe(session, true), token: seat.token };
    } catch (error) {
      part(seat, connection);
      throw error;
    }
  }

  /** Seats a player who has no seat: in what they left, if it is still there. */
  private takeSeat(connection: Connection, wish: KeyedWish): [JoinReply, Seat | undefined] {
    const { addressGroup } = connection;
    const { room: wished, key } = wish;
    const { matchmaker, clock } = this.options;
    if (!this.admission.hasSeatFor(addressGroup)) return [this.refuse("too-many-seats"), undefined];
    const nowMs = clock.now();
    if (!this.admission.mayJoinCrowd(addressGroup, matchmaker.punctuality.isStrained(nowMs), nowMs))
      return [this.refuse("server-busy"), undefined];
    const room = matchmaker.find(wished, addressGroup, key);
    if (typeof room === "string") return [this.refuse(room), undefined];
    const token = randomWord();
    try {
      return this.enter(room, token, connection, wish);
    } catch (error) {
      // What had begun is taken back: nobody sits there.
      for (const session of room.sessions.values()) if (session.token === token) room.leave(session);
      throw error;
    }
  }

  private enter(
    room: Room,
    token: string,
    connection: Connection,
    { name, key, shape = 0 }: KeyedWish,
  ): [JoinReply, Seat | undefined] {
    const isBack = room.keepsFor(key);
    const carried = isBack ? undefined : this.carriedBy(key);
    let seat: Seat | undefined;
    const watcher: SeatWatcher = {
      givenUp: () => {
        if (seat !== undefined) this.seats.strike(seat);
      },
      spareGone: (spare) => this.seats.strikeSpare(spare),
    };
    const session = room.join(connection, { name, token, key, carried, shape, watcher });
    if (typeof session === "string") return [this.refuse(session), undefined];
    seat = { room, session, token };
    if (!isBack) this.options.matchmaker.departures.forget(key);
    this.seats.enter(seat, connection.addressGroup);
    return [room.describe(session, isBack), seat];
  }

  /** What follows the owner of a key: from where they left, or from a seat elsewhere to which they have not come back. */
  private carriedBy(key: string): Carried | undefined {
    const departed = this.options.matchmaker.departures.of(key);
    if (departed !== undefined) return departed;
    const [seat] = this.seats.awayOf(key);
    const condition = seat?.room.conditionOf(seat.session);
    return condition && { condition, ageMs: 0 };
  }

  /** Has a connection that sits nowhere carry copies for a seat that is taken. */
  private spare(
    connection: Connection,
    current: Seat | undefined,
    { token }: RequestBody<"spare">,
  ): [RequestReply<"spare">, Seat | undefined] {
    const problem = this.problemWith("spare", connection);
    if (problem !== undefined) return [this.refuse(problem), current];
    if (current !== undefined && isStillIn(current, connection)) return [this.refuse("already-joined"), current];
    current?.session.releaseSpare(connection);
    const seat = this.seats.of(token);
    const { matchmaker, clock } = this.options;
    if (matchmaker.punctuality.isLate(clock.now())) return [this.refuse("server-busy"), undefined];
    if (!this.admission.hasSpareFor(connection.addressGroup)) return [this.refuse("too-many-spares"), undefined];
    if (seat === undefined || !isHeld(seat)) return [this.refuse("no-such-seat"), undefined];
    try {
      const tick = seat.session.addSpare(connection);
      if (typeof tick === "string") return [this.refuse(tick), undefined];
      this.seats.enterSpare(connection, seat);
      return [{ ok: true, tick }, seat];
    } catch (error) {
      seat.session.releaseSpare(connection);
      throw error;
    }
  }

  /** To be asked first: who asks too often costs no more than that. */
  private problemWith(what: "join" | "spare", connection: Connection): Refusal | undefined {
    if (this.isClosing) return "server-closing";
    return this.admission.problemWith(what, connection.addressGroup, this.options.clock.now());
  }

  private refuse(reason: Refusal): { ok: false; reason: Refusal } {
    this.options.meter.refused(reason);
    return { ok: false, reason };
  }

  /**
   * The seat that a token speaks for, if it is still held, and in the room that is wished for. Who sits already and has sent
   * no command yet has not heard the reply: they are given their seat again, whatever they wish for, with a token of before.
   * So is who asks without a token, because what they were sent cannot be read.
   */
  private heldSeat(connection: Connection, current: Seat | undefined, wish: KeyedWish): Seat | undefined {
    const named = wish.token === undefined ? undefined : this.seats.of(wish.token);
    if (named !== undefined && isHeld(named) && isWishedFor(named, wish.room)) return named;
    if (current === undefined || !isStillIn(current, connection)) return undefined;
    const asksAgain = wish.token === undefined && isWishedFor(current, wish.room);
    return asksAgain || !wish.hasPlayed ? current : undefined;
  }

  /**
   * A seat that the same browser has lost the connection to, in the room that is wished for. One that somebody sits on
   * is never taken by a key: two tabs of a browser both play. Who sits already keeps that. It gets another token: the tab
   * that had it before may come back, and gets a seat of its own.
   */
  private takeAwaySeat(connection: Connection, current: Seat | undefined, wish: KeyedWish): Seat | undefined {
    if (current !== undefined && isStillIn(current, connection)) return undefined;
    const { key, room } = wish;
    const seat = [...this.seats.awayOf(key)].find(
      (away) => (room.kind === "quick" && !away.room.options.isPrivate) || isOfCode(away, room),
    );
    if (seat !== undefined) this.seats.renew(seat, randomWord());
    return seat;
  }
}

/** A connection is gone. A seat that cannot be held for its player is given up: nobody would ever come back to it. */
function part(seat: Seat, connection: Connection): void {
  try {
    seat.room.detach(seat.session, connection);
  } catch (error) {
    leave(seat, connection);
    throw error;
  }
}

/** Only who sits there gives a seat up: not who carries copies for it, nor who sat there before. */
function leave(seat: Seat, connection: Connection): void {
  if (isStillIn(seat, connection)) seat.room.leave(seat.session);
  else seat.session.releaseSpare(connection);
}

/** 128 bits of chance. */
function randomWord(): string {
  return randomBytes(16).toString("base64url");
}

function isWishedFor(seat: Seat, wish: RoomWish): boolean {
  return wish.kind === "quick" || isOfCode(seat, wish);
}

function isOfCode({ room }: Seat, wish: RoomWish): boolean {
  return wish.kind === "code" && wish.code === room.options.code;
}

function isStillIn(seat: Seat, connection: Connection): boolean {
  return isHeld(seat) && seat.session.presence.state === "here" && seat.session.presence.connection === connection;
}
