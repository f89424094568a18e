/**
 * The index of a replay: a world that runs ahead of what is shown, in slices of time, and leaves copies of itself by
 * the way. From the nearest copy any tick it has passed is a second of simulation away at most.
 *
 * Next: replay-player.ts, which shows.
 */
import type { EngineWorld, GameDefinition, NewsItem } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { ReplayRun } from "@starwake/shared/engine/replay-run.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const KEYFRAME_SECONDS = 2;
/** Beyond so many every second one goes: ten minutes have 300, of about 40 KB each with 20 players. */
const MAX_KEYFRAMES = 400;
/** The clock is asked once in so many ticks; a tick of 20 players took 0.01 ms in Node. */
const TICKS_BETWEEN_LOOKS = 8;

type Keyframe = { readonly tick: Tick; readonly world: EngineWorld };
type TimedNews = { readonly tick: Tick; readonly item: NewsItem };

export class ReplayIndex {
  readonly lastTick: Tick;
  /** Of all ticks that were passed, oldest first. */
  readonly news: TimedNews[] = [];
  /** The first tick at which the world is not what was recorded; undefined: there was none so far. */
  differsFromTick: Tick | undefined;
  private readonly game: GameDefinition;
  private readonly now: () => number;
  private readonly replayRun: ReplayRun;
  private readonly hashes: ReadonlyMap<Tick, number>;
  private keyframeTicks: number;
  private keyframes: Keyframe[];

  /** @param now milliseconds, for the slices of time */
  constructor(game: GameDefinition, replay: Replay, now: () => number) {
    this.game = game;
    this.now = now;
    this.replayRun = new ReplayRun(game, replay);
    this.hashes = new Map(replay.hashes.map(({ tick, hash }) => [tick, hash]));
    this.lastTick = replay.steps.length;
    this.keyframeTicks = KEYFRAME_SECONDS * replay.head.setup.tickRate;
    this.keyframes = [{ tick: 0, world: game.copyWorld(this.replayRun.world) }];
  }

  /** The tick that it has come to. */
  get tick(): Tick {
    return this.replayRun.tick;
  }

  get keyframeCount(): number {
    return this.keyframes.length;
  }

  /** Runs on to `toTick`, for at most so long. @returns whether it has come there */
  run(toTick: Tick, budgetMs: number): boolean {
    const untilMs = this.now() + budgetMs;
    const end = Math.min(toTick, this.lastTick);
    while (this.tick < end) {
      this.step();
      if (this.tick % TICKS_BETWEEN_LOOKS === 0 && this.now() >= untilMs) break;
    }
    return this.tick >= end;
  }

  /** A world of its own at the last keyframe that is not after `tick`. */
  copyBefore(tick: Tick): EngineWorld {
    const after = this.keyframes.findIndex((keyframe) => keyframe.tick > tick);
    const place = after < 0 ? this.keyframes.length - 1 : after - 1;
    return this.game.copyWorld(this.keyframes[Math.max(0, place)].world);
  }

  private step(): void {
    this.replayRun.advance();
    const { tick, game } = this;
    const { world } = this.replayRun;
    for (const item of game.news(world)) this.news.push({ tick, item });
    const recorded = this.hashes.get(tick);
    if (recorded !== undefined && recorded !== this.replayRun.hash()) this.differsFromTick ??= tick;
    if (tick % this.keyframeTicks !== 0) return;
    this.keyframes.push({ tick, world: game.copyWorld(world) });
    if (this.keyframes.length > MAX_KEYFRAMES) this.thinOut();
  }

  private thinOut(): void {
    this.keyframeTicks *= 2;
    this.keyframes = this.keyframes.filter(({ tick }) => tick % this.keyframeTicks === 0);
  }
}
