/**
 * A trial: one aimbot lies among pilots of the production room, over a simulated network and on the production client,
 * and says of its view what a cheat says. Counts how many of its shots hit. Nobody dies, so that nobody is away or protected.
 */
import type { OpenLink } from "@starwake/client/engine/link.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import { createPilot } from "@starwake/server/game/pilot.ts";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { MAX_PACKET_BYTES, readCommandPacket, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { commandSchema } from "@starwake/shared/game/command.ts";
import { Kind, projectileKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { createHandClock } from "../../support/hand-clock.ts";
import { createServerByHand } from "../../support/server-by-hand.ts";
import { HitCounter } from "../hit-counter.ts";
import { LabClient } from "../lab-client.ts";
import type { Flyer } from "../scenario.ts";
import { rowAt, Truth } from "../truth.ts";
import { Aimbot } from "./aimbot.ts";
import type { Cheat, Claim } from "./cheats.ts";

const PLAYERS = 13;
const TICK_RATE = 60;
/** Time in which the clocks get to know the network. */
const WARM_UP_SECONDS = 12;

export type TrialResult = {
  readonly shots: number;
  readonly hits: number;
  /** Of the shots that were fired: by how many ticks they were judged, in the mean. */
  readonly lag: number;
};

type TrialOptions = { readonly cheat: Cheat; readonly seed: number; readonly seconds: number };

export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  return new Trial(options).run();
}

class Trial {
  private readonly clock = createHandClock();
  private readonly truth = new Truth(this.clock.now);
  private readonly aimbot = new Aimbot();
  private readonly options: TrialOptions;
  private readonly client: LabClient;
  private readonly arrivals: { readonly atMs: number; readonly tick: Tick }[] = [];
  private readonly writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  private links = 0;
  private seatedMs = 0;
  private isFiring = false;
  /** The tick of the newest command that was sent, and what was said with it. */
  private sentTick: Tick = 0;
  private readonly claimedLags = new Map<Tick, number>();
  /** By how many ticks less than claimed the newest shot was judged. */
  private unbelieved = 0;
  private claimedLag = 0;
  private shots = 0;
  private hits = 0;
  private lags = 0;
  private fired = 0;

  constructor(options: TrialOptions) {
    const { cheat, seed } = options;
    this.options = options;
    const { clock, truth } = this;
    const counter = new HitCounter(truth, (shooter, hasHit) => this.count(shooter, hasHit));
    truth.listeners.push({ stepped: (tick) => this.stepped(tick, counter) });
    const setup = { seed, tickRate: TICK_RATE, capacity: PLAYERS, mapSize: 2000, role: "authority" } as const;
    const plan = { setup, frameRate: 30, packetRate: TICK_RATE, pilots: PLAYERS, budgetBytesPerSecond: 12_000 };
    const game = truth.watch(starwake as GameDefinition);
    const server = createServerByHand(clock, game, createPilot as CreatePilot, { ...plan, holdMs: 20_000 });
    this.client = new LabClient({
      index: 0,
      shape: 0,
      seed,
      game: starwake as GameDefinition,
      clock,
      accept: server.lobby.accept,
      network: cheat.network,
      flyer: this.flyer,
      watcher: { packetSent: () => {}, frameRead: () => this.noteArrival(), rendered: () => {} },
      plant: (openLink) => this.plant(openLink),
    });
  }

  async run(): Promise<TrialResult> {
    const { seconds, cheat } = this.options;
    for (let second = 1; second <= WARM_UP_SECONDS + seconds; second++) {
      await this.advance(1000);
      if (cheat.cutSeconds !== undefined && second % cheat.cutSeconds === 0) this.client.cut();
    }
    return { shots: this.shots, hits: this.hits, lag: this.lags / Math.max(1, this.fired) };
  }

  private async advance(ms: number): Promise<void> {
    const { clock, client } = this;
    const endMs = clock.now() + ms;
    for (let dueMs = clock.nextDueMs(); dueMs !== undefined && dueMs <= endMs; dueMs = clock.nextDueMs()) {
      const before = client.replies;
      clock.advance(Math.max(0, dueMs - clock.now()));
      // Whoever awaits a reply goes on at the moment at which it came.
      if (client.replies !== before) await new Promise((resolve) => setImmediate(resolve));
    }
    clock.advance(endMs - clock.now());
  }

  private readonly flyer: Flyer = (match) => {
    this.aimbot.learn(match);
    const { ahead = 0 } = this.options.cheat;
    const wish = this.aimbot.decide(match, this.sentTick + 1 + ahead, Math.max(0, this.claimedLag - this.unbelieved));
    this.isFiring = wish.triggers !== 0;
    return wish;
  };

  private noteArrival(): void {
    const tick = this.client.match?.snapshot?.head.tick;
    if (tick !== undefined) this.arrivals.push({ atMs: this.clock.now(), tick });
    if (this.arrivals.length > 100) this.arrivals.shift();
  }

  private frameBefore(ms: number, honest: Tick): Tick {
    const beforeMs = this.clock.now() - ms;
    return this.arrivals.findLast(({ atMs }) => atMs <= beforeMs)?.tick ?? this.arrivals[0]?.tick ?? honest;
  }

  private plant(openLink: OpenLink): OpenLink {
    return (handlers) => {
      const lane = this.links++;
      const opened = () => {
        if (lane === 0) this.seatedMs = this.clock.now();
        handlers.opened();
      };
      const link = openLink({ ...handlers, opened });
      return {
        request: link.request.bind(link),
        close: () => link.close(),
        sendPacket: (bytes: Uint8Array) => {
          const said = this.lie(bytes, lane);
          if (said === undefined) return;
          link.sendPacket(said);
          if (this.options.cheat.isDoubled) link.sendPacket(said);
          const far = this.leap(said);
          if (far !== undefined) link.sendPacket(far);
        },
      };
    };
  }

  /** The packet with the cheat's word in place of the engine's; undefined: another one tells of its tick. */
  private lie(bytes: Uint8Array, lane: number): Uint8Array | undefined {
    const { cheat } = this.options;
    const { ticksPerPacket = 1 } = cheat;
    const packet = readCommandPacket(bytes, commandSchema, this.truth.newestTick);
    if (packet === undefined) throw new Error("the client sent a packet that cannot be read");
    this.sentTick = packet.firstTick + packet.commands.length - 1;
    if (packet.ackTick === undefined) return bytes;
    const firstTick = packet.firstTick + (cheat.ahead ?? 0);
    if (firstTick % ticksPerPacket !== 0) return undefined;
    const commands = ticksPerPacket === 1 ? packet.commands : new Array(ticksPerPacket).fill(packet.commands[0]);
    const nowMs = this.clock.now();
    const honest: Claim = { ackTick: packet.ackTick, lookTick: packet.ackTick - packet.lookAge };
    const seconds = Math.floor((nowMs - this.seatedMs) / 1000);
    const frameBefore = (ms: number) => this.frameBefore(ms, honest.ackTick);
    const said = cheat.claim({ nowMs, honest, tick: firstTick, isFiring: this.isFiring, lane, seconds, frameBefore });
    const lookAge = Math.min(63, Math.max(0, Math.round(said.ackTick - said.lookTick)));
    const claimed = Math.min(15, firstTick - (said.ackTick - lookAge));
    if (lane === 0) this.claimedLags.set(firstTick, claimed);
    if (lane === 0 && this.isFiring) this.claimedLag = claimed;
    this.claimedLags.delete(firstTick - 200);
    this.writer.rewind();
    writeCommandPacket(this.writer, commandSchema, { commands, firstTick, ackTick: said.ackTick, lookAge });
    return this.writer.bytes.slice(0, this.writer.byteLength);
  }

  /** The same command once more, for a tick far ahead; undefined: it is not time for one. */
  private leap(bytes: Uint8Array): Uint8Array | undefined {
    const { leap } = this.options.cheat;
    const packet = readCommandPacket(bytes, commandSchema, this.truth.newestTick)!;
    if (leap === undefined || packet.firstTick % leap.everyTicks !== 0) return undefined;
    this.writer.rewind();
    writeCommandPacket(this.writer, commandSchema, { ...packet, firstTick: packet.firstTick + leap.ahead });
    return this.writer.bytes.slice(0, this.writer.byteLength);
  }

  private count(shooter: number, hasHit: boolean): void {
    if (shooter !== this.client.match?.player || this.truth.newestTick < WARM_UP_SECONDS * TICK_RATE) return;
    this.shots++;
    if (hasHit) this.hits++;
  }

  /** The cheat sees how its shots were judged: no real one knows it as well. */
  private stepped(tick: Tick, counter: HitCounter): void {
    counter.stepped(tick);
    const { ships, rules } = this.truth.world as World;
    for (const ship of ships) ship.health = rules.ship.maxHealth;
    const player = this.client.match?.player;
    const table = this.truth.at(tick)!.kinds[Kind.Projectile];
    const { at } = projectileKind;
    for (let slot = 0; slot < table.count; slot++) {
      const row = rowAt(table, slot);
      if (row[at.owner] !== player || row[at.birth] !== tick) continue;
      this.unbelieved = Math.max(0, (this.claimedLags.get(tick) ?? row[at.lag]) - row[at.lag]);
      if (tick < WARM_UP_SECONDS * TICK_RATE) continue;
      this.lags += row[at.lag];
      this.fired++;
    }
  }
}
