/**
 * The replay player: a recorded match run again by the simulation itself, shown at any moment of it. It holds the
 * world at the playhead (the next whole tick where the playhead is between two), the rows of that tick and of the one
 * before, and jumps by way of the index.
 *
 * Next: client/game/replay-scene.ts, which makes scenes of it.
 */
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { stepReplay } from "@starwake/shared/engine/replay-run.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { blendRows, planBlending } from "./blend-rows.ts";
import { ReplayIndex } from "./replay-index.ts";
import { type TickEvent, TickRows } from "./tick-rows.ts";
import type { DrawnEntity } from "./track.ts";

/** The clock is asked once in so many ticks. */
const TICKS_BETWEEN_LOOKS = 8;

/** A jump that takes more than one slice: where to, and from how much of the index it set out. */
type Jump = { readonly toTick: Tick; readonly indexedTick: Tick };

export class ReplayPlayer {
  readonly replay: Replay;
  readonly tickRate: number;
  readonly lastTick: Tick;
  readonly index: ReplayIndex;
  /** In ticks, with a fraction. */
  playhead = 0;
  /** Jumps that were made: what is drawn after one does not go on from what was drawn before. */
  jumps = 0;
  private readonly game: GameDefinition;
  private readonly now: () => number;
  private shown: EngineWorld;
  private previous: TickRows;
  private current: TickRows;
  private waitingEvents: TickEvent[] = [];
  private jump: Jump | undefined;

  /** @param now milliseconds, for the slices of time */
  constructor(game: GameDefinition, replay: Replay, now: () => number) {
    this.game = game;
    this.replay = replay;
    this.now = now;
    this.tickRate = replay.head.setup.tickRate;
    this.lastTick = replay.steps.length;
    this.index = new ReplayIndex(game, replay, now);
    this.shown = this.index.copyBefore(0);
    this.previous = new TickRows(game);
    this.current = new TickRows(game);
    this.current.fill(this.shown);
  }

  /** The world at the playhead, or at the next whole tick. */
  get world(): EngineWorld {
    return this.shown;
  }

  get isAtEnd(): boolean {
    return this.jump === undefined && this.playhead >= this.lastTick;
  }

  /** How far a jump that is under way has come, 0 to 1; undefined: there is none. */
  get jumpProgress(): number | undefined {
    if (this.jump === undefined) return undefined;
    const { toTick, indexedTick } = this.jump;
    return toTick <= indexedTick ? 1 : Math.min(1, (this.index.tick - indexedTick) / (toTick - indexedTick));
  }

  /** The tick that a jump leads to, or the one that is shown. */
  get aimedTick(): number {
    return this.jump?.toTick ?? this.playhead;
  }

  /** Plays on by so many ticks, which need not be whole; never while a jump is under way. */
  play(ticks: number): void {
    if (this.jump !== undefined) return;
    this.playhead = Math.min(this.lastTick, this.playhead + ticks);
    while (this.shown.tick < this.playhead) this.advance();
  }

  /** Sets out for a tick, which is cut to the replay's length; work() comes there. */
  seek(tick: number): void {
    const toTick = Math.round(Math.max(0, Math.min(this.lastTick, tick)));
    this.jump = { toTick, indexedTick: this.index.tick };
  }

  /** One slice of time: for the jump that is under way, and for the index. */
  work(budgetMs: number): void {
    const untilMs = this.now() + budgetMs;
    if (this.jump !== undefined && this.index.run(this.jump.toTick, budgetMs)) this.land(this.jump.toTick, untilMs);
    const leftMs = untilMs - this.now();
    if (leftMs > 0) this.index.run(this.lastTick, leftMs);
  }

  /** The events that the playhead has passed since they were taken last, but for those that were jumped over. */
  takeEvents(): TickEvent[] {
    const due = this.waitingEvents.filter(({ tick }) => tick <= this.playhead);
    if (due.length > 0) this.waitingEvents = this.waitingEvents.filter(({ tick }) => tick > this.playhead);
    return due;
  }

  /** The entities of a kind at the playhead; what comes with the next tick is not there yet. */
  draw(kind: number): DrawnEntity[] {
    const { tick } = this.current;
    if (this.playhead >= tick) return drawn(this.current, kind);
    const part = this.playhead - this.previous.tick;
    const later = this.current.kinds[kind];
    const plan = planBlending(this.game.kinds[kind]);
    return [...this.previous.kinds[kind]].map(([id, row]) => ({
      id,
      row: blendRows(plan, row, later.get(id) ?? row, part, new Float64Array(row.length)),
    }));
  }

  private advance(): void {
    this.step();
    [this.previous, this.current] = [this.current, this.previous];
    this.current.fill(this.shown);
    this.waitingEvents.push(...this.current.events);
  }

  private step(): void {
    stepReplay(this.game, this.replay, this.shown);
    // What is told of a tick that is shown comes from the index, so that it is never behind.
    this.index.run(this.shown.tick, Number.POSITIVE_INFINITY);
  }

  /** The last part of a jump: from the keyframe before it, or from here when that is nearer. */
  private land(toTick: Tick, untilMs: number): void {
    const before = Math.max(0, toTick - 1);
    const keyframe = this.index.copyBefore(before);
    if (this.shown.tick > before || this.shown.tick < keyframe.tick) this.shown = keyframe;
    while (this.shown.tick < before) {
      this.step();
      if (this.shown.tick % TICKS_BETWEEN_LOOKS === 0 && this.now() >= untilMs) return;
    }
    this.current.fill(this.shown);
    if (toTick > before) this.advance();
    this.playhead = toTick;
    this.waitingEvents = [];
    this.jump = undefined;
    this.jumps++;
  }
}

function drawn({ kinds }: TickRows, kind: number): DrawnEntity[] {
  return [...kinds[kind]].map(([id, row]) => ({ id, row: Float64Array.from(row) }));
}
