/**
 * A room: one world, its time, and those who see it. Its tick is the middle of the path of a key press, and can be
 * read aloud. A room that fails is closed with a reason; the others do not notice.
 *
 * Next: the game's step (⑧), shared/game/step.ts.
 */
import { CommandRows } from "@starwake/shared/engine/command-packet.ts";
import type { EngineWorld, GameDefinition, PlayerId, WorldSetup } from "@starwake/shared/engine/game-definition.ts";
import { levelsToText } from "@starwake/shared/engine/level-text.ts";
import type { Joined, NoticeBody, NoticeName, Refusal } from "@starwake/shared/engine/protocol.ts";
import type { Records } from "@starwake/shared/engine/records.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { Announcer } from "./announcer.ts";
import type { Clock } from "./clock.ts";
import { FrameSender } from "./frame-sender.ts";
import { History } from "./history.ts";
import type { Meter } from "./meter.ts";
import { type CreatePilot, PilotCrew } from "./pilot-crew.ts";
import { PlayerIds } from "./player-ids.ts";
import type { OpenRecorder, Recorder } from "./recorder.ts";
import { Session } from "./session.ts";
import { TickLoop } from "./tick-loop.ts";
import type { Connection } from "./transport.ts";

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
  /** Without one, nothing is recorded. */
  readonly openRecorder?: OpenRecorder | undefined;
  /** The room threw; it is to be closed. */
  failed(error: unknown): void;
  /** The last player's seat was given up. */
  emptied(): void;
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
  private readonly ids = new PlayerIds();
  private readonly announcer: Announcer;
  private readonly packet: CommandRows;
  /** What everybody wishes for the next tick, and the tick that those see who have seen any; kept from tick to tick. */
  private readonly commands = new Map<PlayerId, RecordOf<Schema>>();
  private readonly looks = new Map<PlayerId, Tick>();

  constructor(options: RoomOptions, surroundings: RoomSurroundings) {
    this.options = options;
    this.surroundings = surroundings;
    this.world = surroundings.game.createWorld(options.setup);
    this.history = new History(surroundings.game, this.world);
    this.frames = new FrameSender(options, surroundings, this.history);
    this.packet = new CommandRows(surroundings.game.command);
    this.crew = new PilotCrew(surroundings.createPilot, options.setup.seed);
    this.announcer = new Announcer({
      tickRate: options.setup.tickRate,
      sessions: this.sessions,
      concernedBy: surroundings.game.concernedBy,
      entries: () => this.entries(),
      entryOf: (session) => this.entryOf(session),
      overview: () => this.overview(),
    });
    this.loop = new TickLoop(surroundings.clock, options.setup.tickRate, () => this.runTick(), surroundings.meter);
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
    return this.sessions.size >= this.options.setup.capacity;
  }

  /** Seats a player who is new to the room. */
  join(connection: Connection, name: string, token: string, shape = 0): Session {
    this.makeRoom();
    const { game, meter } = this.surroundings;
    const player = this.ids.take(this.surroundings.clock.now());
    const { tickRate } = this.options.setup;
    const { grid } = this.history.format;
    const { packet } = this;
    const { neutralCommand } = game;
    const session = new Session(
      { player, token, name: name || `Guest ${player}`, shape, packet, neutralCommand, tickRate, grid, meter },
      connection,
      this.world.tick,
    );
    this.addPlayer(player, session.name, false);
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

  /** Takes a command packet of a session that sits here. */
  receive(session: Session, bytes: Uint8Array): void {
    session.receive(bytes, this.world.tick, this.loop.ticksUntilNext());
  }

  /** Gives up a seat for good. */
  leave(session: Session): void {
    if (!this.sessions.delete(session.player)) return;
    session.closeSpares("no-such-seat");
    this.removePlayer(session.player);
    if (this.sessions.size === 0) this.surroundings.emptied();
  }

  /** Tells everyone why, and ends. */
  close(reason: Refusal): void {
    this.loop.stop();
    this.recorder?.close();
    for (const session of this.sessions.values()) session.close(reason);
    this.sessions.clear();
  }

  tellAll<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    for (const session of this.sessions.values()) session.notify(name, body);
  }

  private runTick(): void {
    try {
      this.tick();
    } catch (error) {
      this.surroundings.failed(error);
    }
  }

  private tick(): void {
    this.dismissTheLost();
    this.fillWithPilots();
    const { game, meter } = this.surroundings;
    this.takeOrders();
    game.step(this.world, this.commands, this.looks);
    meter.tallied(game.tally(this.world));
    const records = this.history.record();
    this.tellRecorder(records);
    this.frames.send(this.sessions, records);
    this.announcer.tell(game.news(this.world));
  }

  private tellRecorder(records: Records): void {
    if (this.recorder === undefined) return;
    this.recorder.step(this.commands, this.looks);
    const isSecondOver = this.world.tick % this.options.setup.tickRate === 0;
    if (isSecondOver) this.recorder.hash(hashWorld(this.world, records));
  }

  /** Asks everybody for their orders for the next tick; pilots see the present. */
  private takeOrders(): void {
    const { game } = this.surroundings;
    const { commands, looks } = this;
    for (const [player, pilot] of this.crew.pilots) commands.set(player, pilot.command(this.world, player));
    for (const session of this.sessions.values()) {
      session.takeOrder(this.world.tick + 1, game.repeatCommand);
      commands.set(session.player, session.command);
      if (Number.isNaN(session.look)) looks.delete(session.player);
      else looks.set(session.player, session.look);
    }
  }

  private *entries(): Iterable<RosterEntry> {
    const { game } = this.surroundings;
    for (const session of this.sessions.values()) yield this.entryOf(session);
    for (const [player, { name }] of this.crew.pilots)
      yield { player, name, isPilot: true, isAway: false, standing: game.standing(this.world, player) };
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

  /** Gives up the seats of those who did not come back in time. */
  private dismissTheLost(): void {
    const nowMs = this.surroundings.clock.now();
    for (const session of this.sessions.values()) {
      if (session.presence.state === "away" && nowMs - session.presence.sinceMs > this.options.holdMs)
        this.leave(session);
    }
  }

  private fillWithPilots(): void {
    const wanted = Math.max(0, Math.min(this.options.pilots, this.options.setup.capacity) - this.sessions.size);
    while (this.crew.pilots.size < wanted) {
      const player = this.ids.take(this.surroundings.clock.now());
      this.crew.add(player);
      this.addPlayer(player, this.crew.pilots.get(player)!.name, true);
    }
    while (this.crew.pilots.size > wanted) this.dismissPilot();
  }

  /** A pilot's seat is a player's for the asking. */
  private makeRoom(): void {
    if (this.sessions.size + this.crew.pilots.size >= this.options.setup.capacity) this.dismissPilot();
  }

  private dismissPilot(): void {
    const player = this.crew.last;
    if (player === undefined) return;
    this.crew.pilots.delete(player);
    this.removePlayer(player);
  }

  private addPlayer(player: PlayerId, name: string, isPilot: boolean): void {
    this.surroundings.game.addPlayer(this.world, player);
    this.recorder?.added(player, name, isPilot);
  }

  private removePlayer(player: PlayerId): void {
    this.surroundings.game.removePlayer(this.world, player);
    this.commands.delete(player);
    this.looks.delete(player);
    this.announcer.left(player);
    this.recorder?.removed(player);
    this.ids.release(player, this.surroundings.clock.now());
  }
}
