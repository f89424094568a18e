/** Takes the measures of one run: hands what happens to the observers of the clients that it happens to. */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { Looks, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { ClientObserver } from "./client-observer.ts";
import { HitCounter } from "./hit-counter.ts";
import type { ClientWatcher, LabClient } from "./lab-client.ts";
import type { MeasureName, Samples } from "./measures.ts";
import type { Truth, TruthListener } from "./truth.ts";

export class Observer implements ClientWatcher, TruthListener {
  /** Nothing is noted any more: the run is being brought to rest. */
  isDone = false;
  readonly samples: Samples;
  private readonly truth: Truth;
  private readonly now: () => number;
  private readonly tickRate: number;
  private readonly observers = new Map<LabClient, ClientObserver>();
  private readonly hits: HitCounter;

  constructor(samples: Samples, truth: Truth, now: () => number, tickRate: number) {
    this.samples = samples;
    this.truth = truth;
    this.now = now;
    this.tickRate = tickRate;
    this.hits = new HitCounter(truth, (shooter, hasHit, tick) => {
      const client = [...this.observers.keys()].find(({ match }) => match?.player === shooter);
      if (client !== undefined) this.note("shotsHit", client.index, hasHit ? 1 : 0, tick);
    });
  }

  /** `tick`: what the sample belongs to, the newest step unless told. */
  note(name: MeasureName, client: number, value: number, tick = this.truth.newestTick): void {
    if (!this.isDone) this.samples.add(name, tick, client, value);
  }

  /** The observer of one client. */
  of(client: LabClient): ClientObserver {
    const known = this.observers.get(client);
    if (known !== undefined) return known;
    const note = (name: MeasureName, value: number, tick?: Tick) => this.note(name, client.index, value, tick);
    const observer = new ClientObserver(client, this.truth, note, this.now, this.tickRate);
    this.observers.set(client, observer);
    return observer;
  }

  packetSent(client: LabClient, bytes: Uint8Array): void {
    this.of(client).packetSent(bytes);
  }

  frameRead(client: LabClient): void {
    this.of(client).frameRead();
  }

  rendered(client: LabClient, match: Match, picture: Picture, wish: Command): void {
    this.of(client).rendered(match, picture, wish);
  }

  stepping(tick: Tick, commands: ReadonlyMap<PlayerId, object>, looks: Looks | undefined): void {
    for (const [client, observer] of this.observers) {
      const player = client.match?.player;
      const command = player === undefined ? undefined : commands.get(player);
      if (player !== undefined && command !== undefined) observer.stepping(tick, command, looks?.get(player));
    }
  }

  stepped(tick: Tick): void {
    this.hits.stepped(tick);
  }
}
