/**
 * The laboratory: the production room, sessions, replication and client engine in one process, in virtual time, over a
 * simulated network. Only the clock and the transport are others. The same seed goes the same way, to the last byte.
 */
import type { OpenLink } from "@starwake/client/engine/link.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import { createPilot } from "@starwake/server/game/pilot.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { createHandClock, type HandClock } from "../support/hand-clock.ts";
import { createServerByHand } from "../support/server-by-hand.ts";
import { fighter } from "./flyers.ts";
import type { Violation } from "./invariants/violation.ts";
import { Invariants } from "./invariants.ts";
import { LabClient } from "./lab-client.ts";
import { LaneMeter } from "./lane-meter.ts";
import { Samples } from "./measures.ts";
import { Observer } from "./observer.ts";
import type { Scenario } from "./scenario.ts";
import { Truth } from "./truth.ts";

export type LabOptions = {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Shots are judged by the present alone. */
  readonly hasRewind?: boolean;
  /** Called each virtual second, for progress. */
  readonly passed?: (seconds: number) => void;
  /** Faults planted on purpose, to see a check fail. */
  readonly plant?: Plant;
};

export type Plant = {
  /** What the room runs in place of the game. */
  readonly game?: (game: GameDefinition) => GameDefinition;
  /** What the clients run in place of the game. */
  readonly clientGame?: (game: GameDefinition) => GameDefinition;
  readonly openLink?: (openLink: OpenLink) => OpenLink;
};

/** What a run came to. */
export type LabResult = {
  readonly seed: number;
  readonly samples: Samples;
  readonly violations: readonly Violation[];
  /** What the game counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
};

const TICK_RATE = 60;
const FRAME_RATE = 30;
const BUDGET_BYTES_PER_SECOND = 12_000;
const HOLD_MS = 20_000;
const JOIN_SPACING_MS = 50;
/** Time in which everything comes to rest: ships drift to a stop, the dead come back, protection ends. */
const REST_MS = 9_000;
/** After a step in round-trip time nothing is late any more long before this. */
const STEP_JUDGED_AFTER_MS = 8_000;

export class Laboratory {
  readonly clock: HandClock = createHandClock();
  readonly truth = new Truth(this.clock.now);
  readonly clients: LabClient[] = [];
  readonly observer: Observer;
  readonly invariants: Invariants;
  readonly scenario: Scenario;
  private readonly options: LabOptions;
  private readonly server: ReturnType<typeof createServerByHand>;
  private readonly laneMeter: LaneMeter;
  private replies = 0;

  constructor(options: LabOptions) {
    const { scenario, seed, plant = {} } = options;
    const { tickRate = TICK_RATE, frameRate = FRAME_RATE, mapSize, players } = scenario;
    const game = starwake as GameDefinition;
    const watched = this.truth.watch(options.hasRewind === false ? withoutLooks(game) : game);
    this.options = options;
    this.scenario = scenario;
    const played = plant.game?.(watched) ?? watched;
    const plan = {
      setup: { seed, tickRate, capacity: Math.max(2, players), mapSize, role: "authority" as const },
      frameRate,
      packetRate: tickRate,
      pilots: 0,
      budgetBytesPerSecond: scenario.budgetBytesPerSecond ?? BUDGET_BYTES_PER_SECOND,
      holdMs: HOLD_MS,
    };
    const pilot = createPilot as CreatePilot;
    this.server = createServerByHand(this.clock, played, pilot, plan);
    this.observer = new Observer(new Samples(), this.truth, this.clock.now, tickRate);
    this.invariants = new Invariants(game, this.truth, this.clients);
    this.laneMeter = new LaneMeter(this.observer, this.clients);
    this.truth.listeners.push(this.observer, this.invariants);
  }

  /** Plays the scenario to its end, and brings it to rest. */
  async run(): Promise<LabResult> {
    const { scenario, clock } = this;
    for (let index = 0; index < scenario.players; index++) {
      const atSeconds = scenario.joinsAtSeconds?.(index) ?? (index * JOIN_SPACING_MS) / 1000;
      clock.after(atSeconds * 1000, () => this.join(index));
    }
    for (const { atSeconds, act } of scenario.happenings ?? [])
      clock.after(atSeconds * 1000, () => act(this, this.clients));
    for (let second = 1; second <= scenario.seconds; second++) {
      await this.advance(1000);
      this.laneMeter.endSecond();
      this.options.passed?.(second);
    }
    this.observer.isDone = true;
    for (const client of this.clients) client.isResting = true;
    await this.advance(REST_MS);
    this.invariants.checkRest();
    const counts = Object.fromEntries([...this.server.tally.game].sort());
    const { seed } = this.options;
    return { seed, samples: this.observer.samples, violations: this.invariants.violations, counts };
  }

  /** From now on it is watched for how long commands go on being late. */
  watchStep(): void {
    const stepMs = this.clock.now();
    const judge = () => {
      for (const client of this.clients) {
        const lastMs = this.observer.of(client).lastMissingMs ?? 0;
        this.observer.note("lateAfterStepMs", client.index, Math.max(0, lastMs - stepMs));
      }
    };
    this.clock.after(STEP_JUDGED_AFTER_MS, judge);
  }

  /** A trouble has begun that lasts so long: from its end on, a client's picture must become fresh again. */
  watchRecovery(client: LabClient, lastsMs: number): void {
    const endMs = this.clock.now() + lastsMs;
    this.clock.after(lastsMs, () => {
      this.observer.of(client).troubleEndMs = endMs;
    });
  }

  private join(index: number): void {
    const { scenario, clock, options, observer, invariants } = this;
    const { seed, plant } = options;
    const pilotSeed = seed * 10_007 + index;
    const client = new LabClient({
      index,
      seed,
      game: plant?.clientGame?.(starwake as GameDefinition) ?? (starwake as GameDefinition),
      clock,
      accept: this.server.lobby.accept,
      network: scenario.network,
      flyer: (scenario.flyer ?? fighter)(pilotSeed, index),
      shape: scenario.shapes?.(index) ?? 0,
      plant: plant?.openLink,
      watcher: {
        packetSent: (sender, bytes) => {
          observer.packetSent(sender, bytes);
          invariants.packetSent(sender, bytes);
        },
        frameRead: (reader) => {
          observer.frameRead(reader);
          invariants.frameRead(reader);
        },
        rendered: (viewer, match, picture, wish) => observer.rendered(viewer, match, picture, wish),
      },
    });
    this.clients.push(client);
  }

  /** Lets virtual time pass. Whoever awaits a reply goes on at the moment at which it came. */
  private async advance(ms: number): Promise<void> {
    const { clock } = this;
    const endMs = clock.now() + ms;
    for (let dueMs = clock.nextDueMs(); dueMs !== undefined && dueMs <= endMs; dueMs = clock.nextDueMs()) {
      clock.advance(Math.max(0, dueMs - clock.now()));
      const replies = this.clients.reduce((sum, client) => sum + client.replies, 0);
      if (replies !== this.replies) await new Promise((resolve) => setImmediate(resolve));
      this.replies = replies;
    }
    clock.advance(endMs - clock.now());
  }
}

function withoutLooks(game: GameDefinition): GameDefinition {
  return { ...game, step: (world, commands) => game.step(world, commands) };
}
