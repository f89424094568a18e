/**
 * What the laboratory measures: one declaration for each stream of samples, from which the report, the limits and the
 * help text follow.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

export type Summary = "mean" | "p50" | "p95" | "p99" | "max" | "min" | "count";

type Measure = {
  readonly help: string;
  /** What a limit without a summary means. */
  readonly summary: Summary;
  /** The side that is better: a limit is the worst value that is still accepted. */
  readonly better: "less" | "more";
};

const less = (summary: Summary, help: string): Measure => ({ help, summary, better: "less" });
const more = (summary: Summary, help: string): Measure => ({ help, summary, better: "more" });

export const MEASURES = {
  commandsOnTime: more("mean", "part of the ticks whose command came in time"),
  commandMarginTicks: more("p50", "how early the least timely command came, as each frame told"),
  slew: less("max", "how much faster or slower than real time the command clock ran"),
  skippedTicks: less("max", "ticks between two packets for which no command was sent"),
  lateAfterStepMs: less("max", "after a step in round-trip time, until the last command that was missing"),
  inputFrames: less("max", "rendered frames from the one in which an input could first be read to its picture"),
  mispredictedTicks: less("mean", "part of the compared frames whose own row was not as predicted"),
  correctionUnits: less("p99", "how far a misprediction was off"),
  ownErrorUnits: less("p99", "own ship as drawn against where the server then had it"),
  settleMs: less("max", "from a correction until the own ship is drawn within a quarter of its radius"),
  settleOverdueMs: less("max", "settling beyond 200 ms and beyond what 2 units a frame need"),
  ownJumpUnits: less("max", "own ship's move between two frames beyond its velocity"),
  starvedTime: less("mean", "part of the time with nothing newer to draw others by"),
  sendToRenderMs: less("mean", "from the tick of which others are drawn to its picture"),
  othersErrorUnits: less("p95", "others as drawn against where the server had them at that time"),
  othersJumpUnits: less("max", "others' move between two frames beyond their velocity"),
  shotsMatched: more("mean", "part of the own shots drawn that the server fired, too, where the ship still lived"),
  shotsAfterDeath: less("count", "own shots drawn by a ship that, unknown to its player, was dead by then"),
  shotHandOverUnits: less("max", "how far the server's word moves an own shot"),
  shotsHit: more("mean", "part of the shots that hit a ship"),
  rewindMs: less("max", "how far back the room was asked to look for a player"),
  looksCut: less("mean", "part of the commands whose player was taken to see the others at another tick than told"),
  lookCutTicks: less("max", "by how many ticks such a player was taken to see them at another tick"),
  frameGapMs: less("p99", "between two frames' arrivals"),
  downBytesPerSecond: less("mean", "on the wire to each client in each second, headers included"),
  upBytesPerSecond: less("mean", "on the wire from each client in each second, headers included"),
  waitingBytes: less("max", "sent to a client and not yet taken by it"),
  recoveryMs: less("max", "from the end of a trouble to a picture as fresh as before"),
  joinMs: less("max", "from the first word to a full picture"),
  joinBytes: less("max", "on the wire to a client by its first full picture"),
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

/** Takes a sample of one client; `tick`: what it belongs to, the newest step unless told. */
export type Note = (name: MeasureName, value: number, tick?: Tick) => void;

export type MeasureFigures = Readonly<Record<Summary, number>>;

/** One stream of samples: a value, the tick it belongs to and the client it is of. */
class Stream {
  count = 0;
  values = new Float64Array(256);
  ticks = new Int32Array(256);
  clients = new Int16Array(256);

  add(tick: Tick, client: number, value: number): void {
    if (this.count === this.values.length) this.grow();
    this.values[this.count] = value;
    this.ticks[this.count] = tick;
    this.clients[this.count] = client;
    this.count++;
  }

  private grow(): void {
    const values = new Float64Array(this.count * 2);
    const ticks = new Int32Array(this.count * 2);
    const clients = new Int16Array(this.count * 2);
    values.set(this.values);
    ticks.set(this.ticks);
    clients.set(this.clients);
    Object.assign(this, { values, ticks, clients });
  }
}

/** What a run measured. */
export class Samples {
  private readonly streams = new Map<MeasureName, Stream>();

  add(name: MeasureName, tick: Tick, client: number, value: number): void {
    const stream = this.streams.get(name) ?? new Stream();
    this.streams.set(name, stream);
    stream.add(tick, client, value);
  }

  /** Takes in all samples of another run. */
  addAll(other: Samples): void {
    for (const [name, { count, values, ticks, clients }] of other.streams)
      for (let index = 0; index < count; index++) this.add(name, ticks[index], clients[index], values[index]);
  }

  names(): MeasureName[] {
    return (Object.keys(MEASURES) as MeasureName[]).filter((name) => this.streams.has(name));
  }

  /** Undefined: nothing of the kind happened. */
  figures(name: MeasureName, client?: number): MeasureFigures | undefined {
    const values = this.valuesOf(name, client);
    if (values.length === 0) return undefined;
    let sum = 0;
    for (const value of values) sum += value;
    values.sort();
    const at = (part: number) => values[Math.min(values.length - 1, Math.floor(part * values.length))];
    const ends = { min: values[0], max: values[values.length - 1] };
    return { count: values.length, mean: sum / values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), ...ends };
  }

  private valuesOf(name: MeasureName, client: number | undefined): Float64Array {
    const stream = this.streams.get(name);
    if (stream === undefined) return new Float64Array(0);
    const all = stream.values.slice(0, stream.count);
    return client === undefined ? all : all.filter((_, index) => stream.clients[index] === client);
  }

  /** Every sample of a stream, in the order in which they came. */
  *each(name: MeasureName): Iterable<{ tick: Tick; client: number; value: number }> {
    const stream = this.streams.get(name);
    for (let index = 0; index < (stream?.count ?? 0); index++) {
      const { ticks, clients, values } = stream!;
      yield { tick: ticks[index], client: clients[index], value: values[index] };
    }
  }
}
