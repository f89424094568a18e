/**
 * A match: all that the client holds from joining a room to leaving it, and the order of things in one rendered
 * frame. It is plain TypeScript over a link: pages, bots and the laboratory run this very code.
 */
import type { KnownEvent } from "@starwake/shared/engine/chunk-events.ts";
import { MAX_COMMANDS_PER_PACKET } from "@starwake/shared/engine/command-packet.ts";
import type { FrameHead } from "@starwake/shared/engine/frame.ts";
import type { EngineWorld, GameDefinition, Neighbour, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Joined } from "@starwake/shared/engine/protocol.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { CommandClock } from "./command-clock.ts";
import { CommandSender } from "./command-sender.ts";
import { Interpolation, type StillEntity } from "./interpolation.ts";
import { NetGraph } from "./net-graph.ts";
import { type PredictedEntity, type PredictedEvent, Prediction } from "./prediction.ts";
import { RenderClock } from "./render-clock.ts";
import { type Snapshot, SnapshotReceiver } from "./snapshot.ts";
import { isFar } from "./spare-lanes.ts";
import { StallWatch } from "./stall-watch.ts";
import type { DrawnEntity } from "./track.ts";
import { WireCount } from "./wire-count.ts";

/** What one rendered frame shows, in rows: quanta that need not be whole. */
export type Picture = {
  /** The tick that others are drawn at, and the one that the steered entity is drawn at. */
  readonly renderTick: number;
  readonly predictedTick: number;
  /** The steered entity as drawn, and as last told by the server; undefined before the first frame. */
  readonly own: { readonly drawn: Float64Array; readonly told: Int32Array } | undefined;
  /** Their rows are written over by the next picture. */
  moving(kind: number): readonly DrawnEntity[];
  still(kind: number): Iterable<StillEntity>;
  /** What the player's own doing brought about that no frame has told yet. */
  readonly predicted: readonly PredictedEntity[];
  /** Events whose time has come at the render tick, and those of the player's own doing, at once. */
  readonly events: readonly KnownEvent[];
  readonly predictedEvents: readonly PredictedEvent[];
  /** The newest frame's tick: what is predicted for it or before has been told, or never will be. */
  readonly newestTick: Tick;
};

/** Counts of a whole match, for bots' reports and tests. */
export type MatchCounts = {
  frames: number;
  malformedFrames: number;
  downBytes: number;
  upBytes: number;
  /** Bytes of frames less their heads. */
  chunkBytes: number;
  /** Moving entities known in all frames, added up. */
  entityUpdates: number;
  visibleMost: number;
  correctionQuanta: number[];
};

/** More ticks than are due, by more than this: the command clock was set anew. */
const LEAP_TICKS = 3;
/** An event that was due for so long is not shown any more. */
const STALE_EVENT_SECONDS = 1;
const KEPT_CORRECTIONS = 20_000;

export class Match {
  readonly joined: Joined;
  readonly world: EngineWorld;
  readonly prediction: Prediction;
  readonly commandClock: CommandClock;
  readonly renderClock: RenderClock;
  readonly netGraph = new NetGraph();
  readonly counts: MatchCounts;
  /** All lanes' bytes, which whoever owns them counts. */
  readonly wire = new WireCount();
  /** The newest frame as it was read. */
  snapshot: Snapshot | undefined;
  /** How long the commands were on their way that the newest frame told of, after any fixed moment; undefined: of none. */
  wayUpMs: number | undefined;
  rttMs: number;
  /** Whether so many lanes carry the packets that they may be relied on. */
  private hasSpares = false;
  /** Whether more than one does: then fewer packets will do. */
  private isCopied = false;
  private readonly stalls = new StallWatch();
  private readonly game: GameDefinition;
  private readonly receiver: SnapshotReceiver;
  private readonly interpolation: Interpolation;
  private readonly sender: CommandSender;
  private readonly sendPacket: (bytes: Uint8Array) => void;
  private readonly drawn: Float64Array;
  private told: Int32Array | undefined;
  private lastMs: number;
  private lastCommandTick: Tick;
  private newestTick: Tick | undefined;
  private waitingEvents: KnownEvent[] = [];
  /** The tick that others were drawn at in the newest picture: what the player sees when they decide. */
  private seenTick: number | undefined;

  /** @param rttMs what the round trip took in which the room was joined */
  constructor(
    game: GameDefinition,
    joined: Joined,
    rttMs: number,
    nowMs: number,
    sendPacket: (bytes: Uint8Array) => void,
  ) {
    const { setup, tick, packetRate } = joined;
    this.game = game;
    this.joined = joined;
    this.rttMs = rttMs;
    this.world = game.createWorld({ ...setup, role: "prediction" });
    this.prediction = new Prediction(game, this.world, joined.player);
    this.receiver = new SnapshotReceiver(game, this.world, tick, joined.player);
    this.interpolation = new Interpolation(this.receiver.format, setup.tickRate);
    // The reply is half a round trip old.
    this.commandClock = new CommandClock(setup.tickRate, tick + (rttMs / 2000) * setup.tickRate, rttMs, isFar(rttMs));
    this.renderClock = new RenderClock(setup.tickRate, rttMs);
    this.sender = new CommandSender(game.command, setup.tickRate, packetRate);
    this.sendPacket = sendPacket;
    this.drawn = new Float64Array(game.kinds[0].fields.length);
    this.lastMs = nowMs;
    this.lastCommandTick = this.commandClock.tick;
    const none = { frames: 0, malformedFrames: 0, downBytes: 0, upBytes: 0 };
    this.counts = { ...none, chunkBytes: 0, entityUpdates: 0, visibleMost: 0, correctionQuanta: [] };
  }

  get player(): PlayerId {
    return this.joined.player;
  }

  /** Things kept for later, in all queues: events to be shown, commands that may be run again. */
  get backlog(): number {
    return this.waitingEvents.length + this.prediction.keptTicks;
  }

  /** Takes a frame as it arrives; false: it cannot be read, and what is known is no more to be relied on. */
  receive(bytes: Uint8Array, nowMs: number): boolean {
    const snapshot = this.receiver.receive(bytes);
    if (snapshot === undefined) {
      this.counts.malformedFrames++;
      return false;
    }
    this.snapshot = snapshot;
    this.count(snapshot);
    const { head, events } = snapshot;
    this.newestTick = Math.max(this.newestTick ?? 0, head.tick);
    this.renderClock.hear(head.tick, nowMs);
    this.commandClock.pass(head.tick, nowMs, this.rttMs);
    this.hearMargin(head.commandMargin, nowMs);
    this.watchStalls(head, nowMs);
    this.interpolation.take(snapshot);
    this.waitingEvents.push(...events);
    if (snapshot.own !== undefined) this.reconcile(snapshot, snapshot.own);
    return true;
  }

  private hearMargin(margin: number | undefined, nowMs: number): void {
    const ticks = margin === undefined ? undefined : this.commandClock.hear(margin, nowMs, this.rttMs);
    this.wayUpMs = ticks === undefined ? undefined : (ticks * 1000) / this.joined.setup.tickRate;
  }

  private watchStalls({ tick, commandMargin }: FrameHead, nowMs: number): void {
    const tickMs = 1000 / this.joined.setup.tickRate;
    this.stalls.note("down", nowMs - tick * tickMs, nowMs);
    if (commandMargin !== undefined) this.stalls.note("up", -commandMargin * tickMs, nowMs);
  }

  /** Whether the network holds things up about once a second. */
  get isStalling(): boolean {
    return this.stalls.isStalling(this.lastMs);
  }

  /** Told whether several lanes carry everything, and whether more than one does as yet. */
  carryWithSpares(hasSpares: boolean, isCopied: boolean): void {
    this.isCopied = isCopied;
    if (hasSpares === this.hasSpares) return;
    if (hasSpares) this.commandClock.forget(this.lastMs, this.rttMs);
    else this.commandClock.brace(this.lastMs);
    this.hasSpares = hasSpares;
  }

  private reconcile(snapshot: Snapshot, row: Int32Array): void {
    this.told = row;
    const { tick } = snapshot.head;
    const correction = this.prediction.reconcile(tick, row, this.lastCommandTick, this.othersAsOf(tick, snapshot, row));
    if (correction === undefined) return;
    if (this.counts.correctionQuanta.length < KEPT_CORRECTIONS) this.counts.correctionQuanta.push(correction.distance);
  }

  /** The rows of others that may be near, those that are older brought to the frame's tick as far as they tell. */
  private othersAsOf(tick: Tick, { kinds }: Snapshot, own: Int32Array): Neighbour[] {
    const others: Neighbour[] = [];
    for (const [id, known] of kinds[0]) {
      if (id === this.player || (known.tick === tick && !this.prediction.isNear(known.row, own))) continue;
      const row = known.row.slice();
      if (known.tick < tick) this.game.advance(this.world, 0, row, tick - known.tick);
      others.push({ id, row });
    }
    return others;
  }

  private count({ bytes, headBytes, kinds }: Snapshot): void {
    const { counts } = this;
    counts.frames++;
    counts.downBytes += bytes;
    counts.chunkBytes += bytes - headBytes;
    let visible = 0;
    kinds.forEach((entities, kind) => {
      if (!this.game.kinds[kind].isStill) visible += entities.size;
    });
    counts.entityUpdates += visible;
    counts.visibleMost = Math.max(counts.visibleMost, visible);
  }

  /**
   * One rendered frame: time moves on, each tick whose time has come takes a command, is predicted and sent.
   * @param sample what the player wishes now
   */
  update(nowMs: number, sample: () => RecordOf<Schema>): void {
    const elapsedMs = Math.max(0, nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.stalls.look(nowMs, this.rttMs);
    this.commandClock.advance(elapsedMs);
    this.renderClock.advance(elapsedMs, nowMs);
    this.forgetStaleEvents();
    const elapsedTicks = (elapsedMs / 1000) * this.joined.setup.tickRate;
    this.prediction.ease(elapsedMs, Math.abs(this.commandClock.currentSlew) * elapsedTicks);
    this.interpolation.ease(elapsedMs);
    // Who slept does not make up for it: what is long past is for the server to have decided.
    this.lastCommandTick = Math.max(this.lastCommandTick, this.commandClock.tick - MAX_COMMANDS_PER_PACKET);
    // A clock that was set back far is followed: nobody waits for the ticks that were sent too early.
    if (this.lastCommandTick > this.commandClock.tick + MAX_COMMANDS_PER_PACKET)
      this.lastCommandTick = this.commandClock.tick;
    const before = { tick: this.lastCommandTick, row: this.prediction.newestRow };
    while (this.lastCommandTick < this.commandClock.tick) this.command(++this.lastCommandTick, sample());
    if (this.lastCommandTick - before.tick > elapsedTicks + LEAP_TICKS) this.prediction.easeFrom(before.row);
    const { counts, renderClock, commandClock, joined } = this;
    const { downBytes, upBytes } = this.wire;
    const totals = { atMs: nowMs, downBytes, upBytes, frames: counts.frames };
    const tickMs = 1000 / joined.setup.tickRate;
    const figures = {
      rttMs: this.rttMs,
      jitterMs: renderClock.jitter,
      commandMarginMs: commandClock.heardMargin * tickMs,
    };
    this.netGraph.read(
      { ...totals, corrections: this.prediction.mispredictedTicks, starvedMs: renderClock.starvedMs },
      { ...figures, interpolationDelayMs: renderClock.delayMs },
    );
  }

  /** Who does not look, as a hidden page, does not gather what there was to see. */
  private forgetStaleEvents(): void {
    const staleTick = (this.renderClock.tick ?? 0) - this.joined.setup.tickRate * STALE_EVENT_SECONDS;
    if (this.waitingEvents.length > 0 && this.waitingEvents[0].tick < staleTick)
      this.waitingEvents = this.waitingEvents.filter(({ tick }) => tick >= staleTick);
  }

  private get isHeldUp(): boolean {
    return this.isCopied || this.commandClock.isStalling;
  }

  private command(tick: Tick, command: RecordOf<Schema>): void {
    this.prediction.predict(tick, command);
    this.sender.add(tick, command);
    const packet = this.sender.take(this.newestTick, this.seenTick, this.isHeldUp);
    if (packet === undefined) return;
    this.counts.upBytes += packet.length;
    this.sendPacket(packet);
  }

  /** What to draw now. Events are in exactly one picture. */
  picture(): Picture {
    const renderTick = this.renderClock.tick ?? 0;
    this.seenTick = this.renderClock.tick;
    const { told, drawn, prediction } = this;
    if (told !== undefined) prediction.draw(this.commandClock.fraction, drawn);
    const events = this.waitingEvents.filter(({ tick }) => tick <= renderTick);
    if (events.length > 0) this.waitingEvents = this.waitingEvents.filter(({ tick }) => tick > renderTick);
    return {
      renderTick,
      // The picture of a tick is complete when the next one begins.
      predictedTick: this.lastCommandTick - 1 + this.commandClock.fraction,
      own: told === undefined ? undefined : { drawn, told },
      moving: (kind) => this.interpolation.draw(kind, renderTick),
      still: (kind) => this.interpolation.stillEntities(kind),
      predicted: prediction.entities,
      events,
      predictedEvents: prediction.takeEvents(),
      newestTick: this.newestTick ?? 0,
    };
  }
}
