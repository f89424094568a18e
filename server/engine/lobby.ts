/**
 * The lobby: takes each connection from its first message to its seat, and back. It owns the seats by token, so that
 * a player who comes back, in whatever room, finds theirs.
 */
import { randomBytes } from "node:crypto";
import type {
  JoinReply,
  JoinRequest,
  Refusal,
  RequestBody,
  RequestName,
  RequestReply,
} from "@starwake/shared/engine/protocol.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Matchmaker } from "./matchmaker.ts";
import type { Meter } from "./meter.ts";
import { cleanName } from "./names.ts";
import type { Room } from "./room.ts";
import type { Session } from "./session.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Connection, ConnectionHandlers } from "./transport.ts";

type Seat = { readonly room: Room; readonly session: Session };

type LobbyOptions = {
  readonly matchmaker: Matchmaker;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly log: Log;
};

/** Joins that one address may ask for: enough for a school behind one address, too few to fill a server with. */
const JOINS_PER_SECOND = 10;
const JOIN_BURST = 200;
const ADDRESS_LIMIT = 10_000;
/** Spare connections to all seats together: they leave room for players, whom the transport takes 5,000 of. */
const MAX_ALL_SPARES = 2_000;

export class Lobby {
  private readonly options: LobbyOptions;
  private readonly seats = new Map<string, Seat>();
  private readonly joins = new Map<string, TokenBucket>();
  private isClosing = false;

  constructor(options: LobbyOptions) {
    this.options = options;
  }

  /** Handles one connection for as long as it lasts. */
  readonly accept = (connection: Connection): ConnectionHandlers => {
    let seat: Seat | undefined;
    return {
      packet: (bytes) => {
        if (seat !== undefined && isHeld(seat) && seat.session.isServedBy(connection))
          seat.room.receive(seat.session, bytes);
        else this.options.meter.refused("not-joined");
      },
      request: <Name extends RequestName>(name: Name, body: RequestBody<Name>) => {
        if (name === "join") {
          const [reply, taken] = this.join(connection, seat, body as JoinRequest);
          seat = taken;
          return reply as RequestReply<Name>;
        }
        if (name === "spare") {
          const [reply, served] = this.spare(connection, seat, body as RequestBody<"spare">);
          seat = served;
          return reply as RequestReply<Name>;
        }
        if (name === "turn") {
          seat?.session.screen.ask((body as RequestBody<"turn">).shape);
          return {} as RequestReply<Name>;
        }
        if (name === "leave") {
          if (seat !== undefined) this.leave(seat);
          seat = undefined;
          return {} as RequestReply<Name>;
        }
        const nothing: RequestReply<"ping"> = { onTime: 0, missing: 0, late: 0, refused: 0 };
        return { ...(seat?.session.counts ?? nothing) } as RequestReply<Name>;
      },
      closed: () => {
        seat?.session.dropSpare(connection);
        seat?.session.detach(connection, this.options.clock.now());
      },
    };
  };

  /** Tells everybody that the server closes, and lets nobody in any more. */
  close(): void {
    this.isClosing = true;
    for (const room of this.options.matchmaker.rooms.values()) {
      room.tellAll("closing", { reason: "server-closing" });
      room.close("server-closing");
    }
    this.options.matchmaker.rooms.clear();
  }

  private join(connection: Connection, current: Seat | undefined, wish: JoinRequest): [JoinReply, Seat | undefined] {
    const held = this.heldSeat(connection, current, wish);
    const problem = this.problemWith(connection, held === undefined ? current : undefined);
    if (problem !== undefined) return [this.refuse(problem), current];
    current?.session.dropSpare(connection);
    if (held !== undefined) {
      held.session.screen.ask(wish.shape ?? 0);
      held.room.resume(held.session, connection);
      return [held.room.describe(held.session, true), held];
    }
    const name = cleanName(wish.name);
    if (name === undefined) return [this.refuse("name-refused"), undefined];
    const room = this.options.matchmaker.find(wish.room);
    if (typeof room === "string") return [this.refuse(room), undefined];
    const token = randomBytes(16).toString("base64url");
    const seat = { room, session: room.join(connection, name, token, wish.shape) };
    this.seats.set(seat.session.token, seat);
    this.forgetLostSeats();
    return [room.describe(seat.session, false), seat];
  }

  /** Has a connection that sits nowhere carry copies for a seat that is taken. */
  private spare(
    connection: Connection,
    current: Seat | undefined,
    { token }: RequestBody<"spare">,
  ): [RequestReply<"spare">, Seat | undefined] {
    const problem = this.problemWith(connection, current);
    if (problem !== undefined) return [this.refuse(problem), current];
    current?.session.dropSpare(connection);
    const seat = this.seats.get(token);
    if (this.spareCount >= MAX_ALL_SPARES) return [this.refuse("too-many-spares"), undefined];
    const tick = seat !== undefined && isHeld(seat) ? seat.session.addSpare(connection) : "no-such-seat";
    return typeof tick === "string" ? [this.refuse(tick), undefined] : [{ ok: true, tick }, seat];
  }

  private get spareCount(): number {
    let count = 0;
    for (const { session } of this.seats.values()) count += session.spareCount;
    return count;
  }

  private problemWith(connection: Connection, current: Seat | undefined): Refusal | undefined {
    if (this.isClosing) return "server-closing";
    if (current !== undefined && isStillIn(current, connection)) return "already-joined";
    return this.mayJoin(connection.address) ? undefined : "too-many-joins";
  }

  private mayJoin(address: string): boolean {
    if (this.joins.size > ADDRESS_LIMIT) this.joins.clear();
    let bucket = this.joins.get(address);
    if (bucket === undefined) {
      bucket = new TokenBucket(JOINS_PER_SECOND, JOIN_BURST, this.options.clock.now());
      this.joins.set(address, bucket);
    }
    return bucket.take(this.options.clock.now());
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
    const isWished =
      wish.room.kind === "quick" || (wish.room.kind === "code" && wish.room.code === seat.room.options.code);
    return isWished ? seat : undefined;
  }

  private leave(seat: Seat): void {
    this.seats.delete(seat.session.token);
    seat.room.leave(seat.session);
  }

  private forgetLostSeats(): void {
    for (const [token, seat] of this.seats) if (!isHeld(seat)) this.seats.delete(token);
  }
}

function isHeld({ room, session }: Seat): boolean {
  return room.sessions.get(session.player) === session;
}

function isStillIn(seat: Seat, connection: Connection): boolean {
  return isHeld(seat) && seat.session.presence.state === "here" && seat.session.presence.connection === connection;
}
