/**
 * The session ⑤: one player's seat in a room, for as long as it is theirs. It outlives the connection: who comes back
 * with the token within the hold finds the same ship, score and place, and the newer connection wins.
 *
 * Next: server/engine/command-queue.ts (⑥), where its commands wait for their tick.
 */

import type { CellGrid } from "@starwake/shared/engine/cell-grid.ts";
import type { CommandRows } from "@starwake/shared/engine/command-packet.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { HELD_UP_MS } from "@starwake/shared/engine/held-up.ts";
import type { NoticeBody, NoticeName, Refusal, RequestReply } from "@starwake/shared/engine/protocol.ts";
import { type RecordOf, readRow, type Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Arrival, CommandQueue, NO_LOOK } from "./command-queue.ts";
import { Interest } from "./interest.ts";
import type { Meter } from "./meter.ts";
import { PacketCopies } from "./packet-copies.ts";
import { ScreenTurns } from "./screen-turns.ts";
import type { SeatMemory } from "./seat-memories.ts";
import type { TickTimes } from "./tick-times.ts";
import type { Connection } from "./transport.ts";
import { ViewBelief } from "./view-belief.ts";

/** A command may be ahead of its tick by this much; more is refused. */
const MAX_AHEAD_SECONDS = 1;
/** A client with frames unanswered for longer is sent none until it answers. */
const MAX_UNANSWERED_SECONDS = 1;

/** Connections that may carry copies for one seat, besides its own. */
const MAX_SPARES = 4;

type Presence =
  | { readonly state: "here"; readonly connection: Connection }
  | { readonly state: "away"; readonly sinceMs: number };

/** Whoever keeps the books of seats. */
export type SeatWatcher = {
  /** The seat was given up, or its room has ended; called once. */
  givenUp(): void;
  /** A connection carries no copies for the seat any more. */
  spareGone(spare: Connection): void;
};

export type SeatOptions = {
  readonly player: PlayerId;
  readonly token: string;
  /** The secret of the player's browser, or one of the connection's where it told none. */
  readonly key: string;
  readonly name: string;
  /** The shape of the player's screen, see ScreenTurns. */
  readonly shape: number;
  /** What is remembered of who had a seat a short while ago. */
  readonly memory: SeatMemory | undefined;
  /** What packets are read into, whoever's they are. */
  readonly packet: CommandRows;
  readonly neutralCommand: RecordOf<Schema>;
  readonly tickRate: number;
  /** When the room's ticks went out. */
  readonly tickTimes: TickTimes;
  readonly grid: CellGrid;
  readonly meter: Meter;
  readonly watcher: SeatWatcher;
  readonly nowMs: number;
};

export class Session {
  readonly player: PlayerId;
  readonly token: string;
  readonly key: string;
  readonly name: string;
  readonly interest: Interest;
  readonly screen: ScreenTurns;
  presence: Presence;
  /** When the player came; not when they came back. */
  readonly cameMs: number;
  /** Whether a command ever came: until then nobody plays here, and the place is not held. */
  hasPlayed = false;
  /** When a packet last came, or the seat was taken. */
  heardTick: Tick;
  /** The last frame that was sent; undefined: the next one is the first. */
  lastFrameTick: Tick | undefined;
  /** When frames come due, see frame-turns.ts. */
  turn = 0;
  /** What frames have left of their budget, see frame-allowance.ts. */
  savedBytes = 0;
  readonly counts: RequestReply<"ping"> = { onTime: 0, missing: 0, late: 0, refused: 0, heldUp: 0 };
  private readonly options: SeatOptions;
  /**
   * What the player wishes for the tick at hand, which is another by the next one, and the tick that they are believed to
   * see the others at; NO_LOOK: they have seen nothing yet.
   */
  command: RecordOf<Schema>;
  look: number = NO_LOOK;
  /** The record that all commands are read into. */
  private readonly taken: RecordOf<Schema>;
  private readonly queue: CommandQueue;
  private readonly view: ViewBelief;
  private answeredTick: Tick = 0;
  /** In ticks; infinite: no command came since it was taken. */
  private leastMargin = Number.POSITIVE_INFINITY;
  /** The first tick that a command was sent for; undefined: none has come, and none is missing. */
  private firstCommandTick: Tick | undefined;
  /** Connections that carry copies of every frame and packet, so that what one of them holds up comes by another. */
  private readonly spares = new Set<Connection>();
  private readonly copies = new PacketCopies();

  constructor(options: SeatOptions, connection: Connection, now: Tick) {
    this.options = options;
    this.player = options.player;
    this.token = options.token;
    this.key = options.key;
    this.name = options.name;
    this.interest = new Interest(options.grid);
    this.screen = options.memory?.screen ?? new ScreenTurns(options.shape, now, options.tickRate);
    this.screen.ask(options.shape);
    const { fields } = options.packet.schema;
    this.queue = new CommandQueue(fields.length, Math.ceil(options.tickRate * MAX_AHEAD_SECONDS));
    this.view = options.memory?.view ?? new ViewBelief(options.tickRate);
    this.view.begin(now);
    this.command = options.neutralCommand;
    this.taken = { ...options.neutralCommand };
    this.presence = { state: "here", connection };
    this.cameMs = options.nowMs;
    this.answeredTick = now;
    this.heardTick = now;
    connection.setSeated(true);
  }

  /**
   * Seats a newer connection, which knows nothing yet; the older one is told that it was replaced. The same one again
   * starts anew.
   */
  attach(connection: Connection, now: Tick): void {
    const { presence } = this;
    if (presence.state === "here" && presence.connection !== connection) presence.connection.close("replaced");
    this.presence = { state: "here", connection };
    connection.setSeated(true);
    this.heardTick = now;
    this.restart(now);
    this.view.begin(now);
  }

  /** The connection is gone; the seat is held, the ship holds nothing. */
  detach(connection: Connection, nowMs: number): void {
    if (this.presence.state !== "here" || this.presence.connection !== connection) return;
    this.presence = { state: "away", sinceMs: nowMs };
    this.restart(0);
  }

  /**
   * Has a further connection carry copies, from the next frame on.
   * @returns the tick of the newest frame that it does not carry, -1 before the first; or why not
   */
  addSpare(connection: Connection): Tick | "no-such-seat" | "too-many-spares" {
    if (this.presence.state === "away") return "no-such-seat";
    if (this.spares.size >= MAX_SPARES && !this.spares.has(connection)) return "too-many-spares";
    this.spares.add(connection);
    connection.setSeated(true);
    return this.lastFrameTick ?? -1;
  }

  /** Has a connection carry no copies any more. Whether it serves nothing then is its owner's to say (setSeated). */
  releaseSpare(connection: Connection): void {
    if (this.spares.delete(connection)) this.options.watcher.spareGone(connection);
  }

  isServedBy(connection: Connection): boolean {
    return (this.presence.state === "here" && this.presence.connection === connection) || this.spares.has(connection);
  }

  /** Whether a frame would only wait, whichever way it went. */
  get isCongested(): boolean {
    if (this.presence.state === "away" || !this.presence.connection.isCongested) return false;
    for (const spare of this.spares) if (!spare.isCongested) return false;
    return true;
  }

  sendFrame(bytes: Uint8Array): void {
    if (this.presence.state === "here") this.presence.connection.sendFrame(bytes);
    if (this.spares.size > 0) for (const spare of this.spares) spare.sendFrame(bytes);
  }

  /** Tells the player, if they are here. */
  notify<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    if (this.presence.state === "here") this.presence.connection.notify(name, body);
  }

  /** Tells why, and closes every connection. */
  close(reason: Refusal): void {
    if (this.presence.state === "here") this.presence.connection.close(reason);
    this.closeSpares(reason);
  }

  /** What is to be remembered of the player when the seat is given up. */
  get memory(): SeatMemory {
    return { screen: this.screen, view: this.view };
  }

  /** The seat is nobody's from now on; who sat here may stay connected. */
  giveUp(): void {
    this.closeSpares("no-such-seat");
    if (this.presence.state === "here") this.presence.connection.setSeated(false);
    this.options.watcher.givenUp();
  }

  /** Ends all connections that carry copies for the seat; its own goes on. */
  closeSpares(reason: Refusal): void {
    for (const spare of this.spares) {
      this.releaseSpare(spare);
      spare.close(reason);
    }
  }

  private restart(now: Tick): void {
    this.closeSpares("replaced");
    this.copies.clear();
    this.interest.forgetAll();
    this.queue.clear();
    this.command = this.options.neutralCommand;
    this.look = NO_LOOK;
    this.firstCommandTick = undefined;
    this.lastFrameTick = undefined;
    this.leastMargin = Number.POSITIVE_INFINITY;
    this.answeredTick = now;
  }

  /**
   * Takes a command packet off the wire. What is wrong with its commands is counted, and harms nobody.
   * @param now the newest step; `ticksUntilNext` the time until the next one, in ticks; `nowMs` that of the room's clock
   * @returns false: the packet is malformed
   */
  receive(bytes: Uint8Array, now: Tick, ticksUntilNext: number, nowMs: number): boolean {
    const { packet } = this.options;
    if (!packet.read(bytes, now)) return false;
    const arrival = now + 1 - ticksUntilNext;
    const lag = this.copies.lagOf(packet.firstTick, arrival);
    if (lag === undefined) this.take(packet, now, arrival, nowMs);
    else if (lag * 1000 > HELD_UP_MS * this.options.tickRate) this.counts.heldUp++;
    return true;
  }

  /** @param arrival when it came, in ticks */
  private take(packet: CommandRows, now: Tick, arrival: number, nowMs: number): void {
    const { firstTick, count } = packet;
    this.firstCommandTick ??= firstTick;
    this.hasPlayed = true;
    this.heardTick = now;
    this.leastMargin = Math.min(this.leastMargin, firstTick - arrival);
    const ackTick = this.answer(packet.ackTick, now);
    const newCount = this.countNew(packet, now);
    if (newCount > 0) this.view.noteCommands(arrival, newCount);
    const firstLook =
      ackTick === undefined || newCount === 0 ? NO_LOOK : this.firstLook(packet, ackTick, now, arrival, nowMs);
    for (let index = 0; index < count; index++) {
      const became = this.enqueue(packet, index, firstLook + index, now);
      if (index === 0 && became !== "too-far-ahead" && this.spares.size > 0) this.copies.note(firstTick, arrival);
    }
  }

  /** How many of a packet's commands will be taken: what is repeated, or late, tells nothing of its player's network. */
  private countNew({ firstTick, count }: CommandRows, now: Tick): number {
    let newCount = 0;
    for (let tick = firstTick; tick < firstTick + count; tick++)
      if (this.queue.arrivalOf(tick, now) === "taken") newCount++;
    return newCount;
  }

  /** The frame that the client holds; undefined: it holds none, or claims one that it was not sent. */
  private answer(ackTick: Tick | undefined, now: Tick): Tick | undefined {
    if (ackTick === undefined || ackTick > now || this.lastFrameTick === undefined) return undefined;
    if (ackTick > this.lastFrameTick) return undefined;
    this.answeredTick = Math.max(this.answeredTick, ackTick);
    return ackTick;
  }

  /** The tick that the player sees the others at with a packet's first command, as far as they are believed; or NO_LOOK. */
  private firstLook({ lookAge, count }: CommandRows, ackTick: Tick, now: Tick, arrival: number, nowMs: number): number {
    const { view } = this;
    const ageMs = this.options.tickTimes.msSince(ackTick, nowMs);
    // A frame of longer ago than is remembered explains nothing.
    if (ageMs === undefined) return NO_LOOK;
    view.noteAge(ageMs, now);
    // The look age is of the newest command: at each one before it the player saw the others a tick earlier.
    return Math.max(ackTick - lookAge - (count - 1), view.oldestLook(arrival));
  }

  private enqueue({ firstTick, rows, schema }: CommandRows, index: number, look: number, now: Tick): Arrival {
    const arrival = this.queue.put(firstTick + index, rows, index * schema.fields.length, look, now);
    if (arrival === "late") {
      this.counts.late++;
      this.options.meter.commandLate();
    } else if (arrival !== "taken") {
      this.counts.refused++;
      this.options.meter.commandRefused();
    }
    return arrival;
  }

  /** Takes up the command for a tick; for a missing one what was held is repeated, and the player's view has gone on. */
  takeOrder(tick: Tick, repeat: (last: RecordOf<Schema>) => RecordOf<Schema>): void {
    const { queue } = this;
    const { meter, packet } = this.options;
    const row = queue.take(tick);
    if (row < 0) {
      this.command = repeat(this.command);
      this.look++;
      if (this.firstCommandTick !== undefined && tick > this.firstCommandTick) this.countMissing();
      return;
    }
    readRow(packet.schema, queue.slots, row, this.taken);
    this.command = this.taken;
    this.look = this.view.follow(tick, queue.lookWith(row));
    this.counts.onTime++;
    meter.commandOnTime();
  }

  private countMissing(): void {
    this.counts.missing++;
    this.options.meter.commandMissing();
  }

  /** Whether frames may be sent: a client that does not answer gets none, rather than a growing buffer. */
  isAnswering(now: Tick): boolean {
    if (this.lastFrameTick === undefined) return true;
    return Math.min(now, this.lastFrameTick) - this.answeredTick <= this.options.tickRate * MAX_UNANSWERED_SECONDS;
  }

  /** How early the least timely command since the last call came, in ticks; undefined: none came. */
  takeMargin(): number | undefined {
    const margin = this.leastMargin;
    this.leastMargin = Number.POSITIVE_INFINITY;
    return Number.isFinite(margin) ? margin : undefined;
  }
}
