/**
 * A room: one world, its time, and those who see it. Its tick is the middle of the path of a key press, and can be
 * read aloud. A room that fails is closed with a reason; the others do not notice.
 *
 * Next: the game's step (⑧), shared/game/step.ts.
 */
import { CommandRows } from "@starwake/shared/engine/command-packet.ts";
import type {
  Condition,
  EngineWorld,
  GameDefinition,
  PlayerId,
  WorldSetup,
} from "@starwake/shared/engine/game-definition.ts";
import { levelsToText } from "@starwake/shared/engine/level-text.ts";
import type { Joined, NoticeBody, NoticeName, Refusal } from "@starwake/shared/engine/protocol.ts";
import type { Records } from "@starwake/shared/engine/records.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { Announcer } from "./announcer.ts";
import type { Clock } from "./clock.ts";
import type { Carried, Departures } from "./departures.ts";
import { FrameSender } from "./frame-sender.ts";
import { History } from "./history.ts";
import type { Meter } from "./meter.ts";
import { NameBook } from "./names/name-book.ts";
import { type CreatePilot, PilotCrew } from "./pilot-crew.ts";
import { PlayerIds } from "./player-ids.ts";
import type { Punctuality } from "./punctuality.ts";
import type { OpenRecorder, Recorder } from "./recorder.ts";
import type { SeatMemories } from "./seat-memories.ts";
import { type SeatWatcher, Session } from "./session.ts";
import { TickLoop, type TickObserver } from "./tick-loop.ts";
import { TickTimes } from "./tick-times.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Connection } from "./transport.ts";
import { type Leaver, Wrecks } from "./wrecks.ts";

/** Who never sent a command gives the place up after so long, and sooner where somebody else wants it. */
const MAX_SILENT_MS = 10_000;
/** A first command is on its way for a while. */
const MIN_SILENT_MS = 2_000;
/**
 * A room without people waits so long: for the one whom it was opened for, and for whoever is just about to follow.
 * Opening one costs more than having it, and where many come and go by one code, each would need it opened anew.
 */
const MAX_EMPTY_MS = 1_000;
/**
 * Pilots that come back in the long run, once the room was filled: each uses a player number up, and a place that
 * somebody takes and leaves again and again must not use up two each time.
 */
const PILOTS_PER_SECOND = 1;

/**
 * Pilots fly for whoever is here: when nobody has been heard for so long, they rest until somebody is. They are most of what
 * a room costs to which many came and say nothing. A hidden page says something once a second, and later once a minute.
 */
const MOST_UNHEARD_SECONDS = 5;

export type RoomOptions = {
  readonly code: string;
  readonly isPrivate: boolean;
  readonly setup: WorldSetup;
  readonly frameRate: number;
  readonly packetRate: number;
  /** Players that pilots fill the room to. */
  readonly pilots: number;
  /** Bytes a second that frames to one session may take. */
  readonly budgetBytesPerSecond: number;
  readonly holdMs: number;
};

/** What a room needs of its surroundings. */
export type RoomSurroundings = {
  readonly game: GameDefinition;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly createPilot: CreatePilot;
  readonly departures: Departures;
  readonly memories: SeatMemories;
  readonly punctuality: Punctuality;
  /** Names that pilots have and players do not get; none unless told. */
  readonly pilotNames?: readonly string[] | undefined;
  /** Without one, nothing is recorded. */
  readonly openRecorder?: OpenRecorder | undefined;
  /** The room threw; it is to be closed. */
  failed(error: unknown): void;
  /** Nobody has been here for a second. */
  emptied(): void;
};

/** Who comes into a room, and by which secrets they come back to it. */
export type Comer = {
  readonly name: string;
  readonly token: string;
  readonly key: string;
  /** What follows them from where they left; undefined: nothing. */
  readonly carried: Carried | undefined;
  /** The shape of their screen, see ScreenTurns. */
  readonly shape: number;
  readonly watcher: SeatWatcher;
};

export class Room {
  readonly options: RoomOptions;
  readonly sessions = new Map<PlayerId, Session>();
  readonly crew: PilotCrew;
  private readonly surroundings: RoomSurroundings;
  private readonly world: EngineWorld;
  private readonly history: History;
  private readonly frames: FrameSender;
  private readonly loop: TickLoop;
  private readonly recorder: Recorder | undefined;
  private readonly ids: PlayerIds;
  private readonly pilotsToCome: TokenBucket;
  private readonly wrecks: Wrecks;
  private readonly names: NameBook;
  private readonly announcer: Announcer;
  private readonly packet: CommandRows;
  private readonly tickTimes = new TickTimes();
  /** What everybody wishes for the next tick, and the tick that those see who have seen any; kept from tick to tick. */
  private readonly commands = new Map<PlayerId, RecordOf<Schema>>();
  private readonly looks = new Map<PlayerId, Tick>();
  /** When somebody was last here; at first, when the room was opened. */
  private occupiedMs: number;

  constructor(options: RoomOptions, surroundings: RoomSurroundings) {
    this.options = options;
    this.surroundings = surroundings;
    this.occupiedMs = surroundings.clock.now();
    this.world = surroundings.game.createWorld(options.setup);
    this.history = new History(surroundings.game, this.world);
    this.frames = new FrameSender(options, surroundings, this.history);
    this.packet = new CommandRows(surroundings.game.command);
    this.names = new NameBook(surroundings.pilotNames ?? []);
    this.crew = new PilotCrew(surroundings.createPilot, options.setup.seed, this.names);
    this.ids = new PlayerIds(options.setup.capacity);
    this.pilotsToCome = new TokenBucket(PILOTS_PER_SECOND, options.pilots, surroundings.clock.now());
    this.announcer = new Announcer({
      tickRate: options.setup.tickRate,
      sessions: this.sessions,
      concernedBy: surroundings.game.concernedBy,
      entries: () => this.entries(),
      entryOf: (session) => this.entryOf(session),
      overview: () => this.overview(),
    });
    const { game, departures } = surroundings;
    const { capacity } = options.setup;
    const remove = (player: PlayerId) => this.removePlayer(player);
    this.wrecks = new Wrecks({ game, world: this.world, departures, capacity, remove });
    this.loop = new TickLoop(
      surroundings.clock,
      options.setup.tickRate,
      () => this.tick(),
      this.observeTicks(),
      surroundings.failed,
    );
    this.recorder = surroundings.openRecorder?.(options.code, options.setup);
    this.history.record();
  }

  /** @param delayMs until the first tick; a tick's length unless told */
  start(delayMs?: number): void {
    this.loop.start(delayMs);
  }

  /** Players who hold a seat, here or away; pilots give theirs up. */
  get playerCount(): number {
    return this.sessions.size;
  }

  get isFull(): boolean {
    return this.sessions.size >= this.options.setup.capacity && this.longestSilent() === undefined;
  }

  /** Whether what the owner of a key left is still there. */
  keepsFor(key: string): boolean {
    return this.wrecks.has(key);
  }

  /** In which condition somebody's is who is seated here; undefined: the game knows of none. */
  conditionOf({ player }: Session): Condition | undefined {
    return this.surroundings.game.leaving?.conditionOf(this.world, player);
  }

  /**
   * Seats a player who has no seat in the room, which must not be full: in what they left here, if it is still there; or
   * tells why they are to come later. The seat's name is like no other in the room, whatever name was wished for.
   */
  join(connection: Connection, comer: Comer): Session | "room-full" | "room-busy" {
    const nowMs = this.surroundings.clock.now();
    const left = this.wrecks.takeBack(comer.key);
    const player = left ?? this.ids.take(connection.addressGroup, nowMs);
    if (typeof player === "string") return player;
    try {
      return this.seat(player, left, connection, comer);
    } catch (error) {
      // Nobody sits there: no ship, name or number is left behind.
      if (!this.sessions.has(player)) this.removePlayer(player);
      throw error;
    }
  }

  private seat(
    player: PlayerId,
    left: PlayerId | undefined,
    connection: Connection,
    { name, token, key, carried, shape, watcher }: Comer,
  ): Session {
    const { game, meter, clock, memories } = this.surroundings;
    const nowMs = clock.now();
    // Who comes back to what they left does not stand in the way of their own name.
    if (left !== undefined) this.names.leave(left);
    this.makeRoom();
    const { tickRate } = this.options.setup;
    const { grid } = this.history.format;
    const { packet, tickTimes } = this;
    const { neutralCommand } = game;
    const session = new Session(
      {
        player,
        token,
        key,
        name: this.names.enterPlayer(player, name),
        packet,
        neutralCommand,
        shape,
        memory: memories.take(key, this.world.tick, nowMs),
        tickRate,
        tickTimes,
        grid,
        meter,
        watcher,
        nowMs,
      },
      connection,
      this.world.tick,
    );
    if (left === undefined) this.addPlayer(player, session.name, false, carried && this.conditionFrom(carried));
    this.sessions.set(player, session);
    this.announcer.welcome(session);
    return session;
  }

  /** Seats a newer connection in a seat that is held. */
  resume(session: Session, connection: Connection): void {
    session.attach(connection, this.world.tick);
    this.announcer.welcome(session);
  }

  /** What a seated player is told of the room. */
  describe(session: Session, resumed: boolean): Joined {
    const { code, isPrivate, setup, frameRate, packetRate, holdMs } = this.options;
    const { seed, tickRate, capacity, mapSize } = setup;
    const seat = { player: session.player, token: session.token, resumed, room: code, isPrivate };
    const rates = { tick: this.world.tick, frameRate, packetRate, holdSeconds: holdMs / 1000 };
    return { ok: true, ...seat, ...rates, setup: { seed, tickRate, capacity, mapSize } };
  }

  /** Takes a command packet of a session that sits here. @returns false: it is malformed */
  receive(session: Session, bytes: Uint8Array): boolean {
    return session.receive(bytes, this.world.tick, this.loop.ticksUntilNext(), this.surroundings.clock.now());
  }

  /** A connection is gone. The seat that it served is held for who played; nothing is lost with another. */
  detach(session: Session, connection: Connection): void {
    session.releaseSpare(connection);
    session.detach(connection, this.surroundings.clock.now());
    if (session.presence.state === "away" && !session.hasPlayed) this.leave(session);
  }

  /** Gives up a seat for good. What its player steered stays for as long as the game says. */
  leave(session: Session): void {
    this.unseat(session);
  }

  /** Whether the seat is still that session's: its number may be another's by now, or its player's own in a new session. */
  holds(session: Session): boolean {
    return this.sessions.get(session.player) === session;
  }

  private unseat(session: Session): boolean {
    if (!this.holds(session)) return false;
    const { player, name, key } = session;
    this.sessions.delete(player);
    session.giveUp();
    const { memories, clock } = this.surroundings;
    memories.keep(key, session.memory, this.world.tick, clock.now());
    this.retire({ player, name, isPilot: false, key });
    return true;
  }

  /**
   * Tells everyone why, and ends.
   * @throws what was thrown on the way, once everybody has been told
   */
  close(reason: Refusal): void {
    const errors: unknown[] = [];
    const attempt = (call: () => void) => {
      try {
        call();
      } catch (error) {
        errors.push(error);
      }
    };
    attempt(() => this.loop.stop());
    attempt(() => this.wrecks.abandon());
    for (const session of this.sessions.values()) {
      attempt(() => session.close(reason));
      attempt(() => session.giveUp());
    }
    this.sessions.clear();
    attempt(() => this.recorder?.close());
    if (errors.length > 0) throw new AggregateError(errors, "a room's end threw");
  }

  tellAll<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    for (const session of this.sessions.values()) session.notify(name, body);
  }

  private observeTicks(): TickObserver {
    const { meter, punctuality, clock } = this.surroundings;
    return {
      ran(latenessMs, durationMs) {
        punctuality.note(latenessMs, clock.now());
        meter.ran(latenessMs, durationMs);
      },
      dropped: (ticks) => meter.dropped(ticks),
    };
  }

  /** Spares are let go where they would do harm, see punctuality.ts. */
  private letSparesGo(): void {
    const { punctuality, clock } = this.surroundings;
    if (!punctuality.isLate(clock.now())) return;
    for (const session of this.sessions.values()) session.closeSpares("server-busy");
  }

  private tick(): void {
    this.dismissTheLost();
    this.letSparesGo();
    this.wrecks.clearThoseOver();
    this.fillWithPilots();
    const { game, meter } = this.surroundings;
    this.takeOrders();
    game.step(this.world, this.commands, this.looks);
    meter.tallied(game.tally(this.world));
    const records = this.history.record();
    this.tellRecorder(records);
    this.tickTimes.note(this.world.tick, this.surroundings.clock.now());
    this.frames.send(this.sessions, records);
    this.announcer.tell(game.news(this.world));
  }

  private tellRecorder(records: Records): void {
    if (this.recorder === undefined) return;
    this.recorder.step(this.commands, this.looks);
    const isSecondOver = this.world.tick % this.options.setup.tickRate === 0;
    if (isSecondOver) this.recorder.hash(hashWorld(this.world, records));
  }

  /** Asks everybody for their orders for the next tick; pilots see the present, or rest. */
  private takeOrders(): void {
    const { game } = this.surroundings;
    const { commands, looks } = this;
    const doPilotsRest = this.areAllSilent();
    for (const [player, pilot] of this.crew.pilots)
      commands.set(player, doPilotsRest ? game.neutralCommand : pilot.command(this.world, player));
    for (const session of this.sessions.values()) {
      session.takeOrder(this.world.tick + 1, game.repeatCommand);
      commands.set(session.player, session.command);
      if (Number.isNaN(session.look)) looks.delete(session.player);
      else looks.set(session.player, session.look);
    }
  }

  /** Whether people sit here, and none of them has said anything for a while. */
  private areAllSilent(): boolean {
    const leastTick = this.world.tick - this.options.setup.tickRate * MOST_UNHEARD_SECONDS;
    for (const { heardTick } of this.sessions.values()) if (heardTick >= leastTick) return false;
    return this.sessions.size > 0;
  }

  private *entries(): Iterable<RosterEntry> {
    const { game } = this.surroundings;
    for (const session of this.sessions.values()) yield this.entryOf(session);
    for (const [player, { name }] of this.crew.pilots)
      yield { player, name, isPilot: true, isAway: false, standing: game.standing(this.world, player) };
    for (const { player, name, isPilot } of this.wrecks.leavers)
      yield { player, name, isPilot, isAway: true, standing: game.standing(this.world, player) };
  }

  private overview(): string | undefined {
    const { overview } = this.surroundings.game;
    if (overview === undefined) return undefined;
    const levels = new Uint8Array(overview.sectorCount(this.world));
    overview.survey(this.world, levels);
    return levelsToText(levels);
  }

  private entryOf({ player, name, presence }: Session): RosterEntry {
    const standing = this.surroundings.game.standing(this.world, player);
    return { player, name, isPilot: false, isAway: presence.state === "away", standing };
  }

  /** Gives up the seats of those who did not come back in time, or came and never played; and ends where nobody is. */
  private dismissTheLost(): void {
    const nowMs = this.surroundings.clock.now();
    for (const session of this.sessions.values()) {
      if (!session.hasPlayed && nowMs - session.cameMs > MAX_SILENT_MS) {
        session.close("not-responding");
        this.leave(session);
      } else if (session.presence.state === "away" && nowMs - session.presence.sinceMs > this.options.holdMs)
        this.leave(session);
    }
    if (this.sessions.size > 0) this.occupiedMs = nowMs;
    else if (nowMs - this.occupiedMs > MAX_EMPTY_MS) this.end();
  }

  private end(): void {
    this.wrecks.clearAll();
    this.surroundings.emptied();
  }

  /** Who holds a place longest without ever having played: it is another's for the asking. */
  private longestSilent(): Session | undefined {
    const cameMost = this.surroundings.clock.now() - MIN_SILENT_MS;
    // In the order of their coming.
    for (const session of this.sessions.values())
      if (!session.hasPlayed) return session.cameMs <= cameMost ? session : undefined;
    return undefined;
  }

  private fillWithPilots(): void {
    const wanted = Math.max(0, Math.min(this.options.pilots, this.options.setup.capacity) - this.sessions.size);
    const nowMs = this.surroundings.clock.now();
    while (this.crew.pilots.size < wanted && this.pilotsToCome.take(nowMs)) {
      const player = this.ids.takeForPilot(nowMs);
      if (player === undefined) break;
      this.crew.add(player);
      this.addPlayer(player, this.crew.pilots.get(player)!.name, true);
    }
    while (this.crew.pilots.size > wanted) this.dismissPilot();
  }

  /** A pilot's seat is a player's for the asking, and so is that of one who never played. */
  private makeRoom(): void {
    const silent = this.sessions.size >= this.options.setup.capacity ? this.longestSilent() : undefined;
    if (silent !== undefined) {
      silent.close("not-responding");
      this.unseat(silent);
    }
    if (this.sessions.size + this.crew.pilots.size >= this.options.setup.capacity) this.dismissPilot();
  }

  private dismissPilot(): void {
    const player = this.crew.last;
    if (player === undefined) return;
    const { name } = this.crew.pilots.get(player)!;
    this.crew.pilots.delete(player);
    this.retire({ player, name, isPilot: true, key: undefined });
  }

  private conditionFrom({ condition, ageMs }: Carried): Condition | undefined {
    const ticks = Math.floor((ageMs * this.options.setup.tickRate) / 1000);
    return this.surroundings.game.leaving?.conditionAfter(this.world, condition, ticks);
  }

  private addPlayer(player: PlayerId, name: string, isPilot: boolean, condition?: Condition): void {
    this.surroundings.game.addPlayer(this.world, player, condition);
    this.recorder?.added(player, name, isPilot, condition);
  }

  /** Nobody steers for this player any more. */
  private retire(leaver: Leaver): void {
    this.commands.set(leaver.player, this.surroundings.game.neutralCommand);
    this.looks.delete(leaver.player);
    this.wrecks.add(leaver);
  }

  private removePlayer(player: PlayerId): void {
    this.surroundings.game.removePlayer(this.world, player);
    this.commands.delete(player);
    this.looks.delete(player);
    this.names.leave(player);
    this.announcer.left(player);
    this.recorder?.removed(player);
    this.ids.release(player, this.surroundings.clock.now());
  }
}
