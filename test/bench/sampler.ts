/** Samples of what a process runs, by V8's own profiler. */
import { Session } from "node:inspector/promises";
import type { SelfTime } from "./time-shares.ts";

const SAMPLING_INTERVAL_US = 500;

export class Sampler {
  private readonly session = new Session();

  async begin(): Promise<void> {
    this.session.connect();
    await this.session.post("Profiler.enable");
    await this.session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_US });
    await this.session.post("Profiler.start");
  }

  /** What each function has taken by itself since. */
  async end(): Promise<SelfTime[]> {
    const { profile } = await this.session.post("Profiler.stop");
    this.session.disconnect();
    const { nodes, samples = [], timeDeltas = [] } = profile;
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    const times = new Map<string, { url: string; name: string; ms: number }>();
    samples.forEach((id, index) => {
      const { url, functionName, lineNumber } = frames.get(id)!;
      const key = `${url}:${lineNumber}:${functionName}`;
      const time = times.get(key) ?? { url, name: functionName || "(anonymous)", ms: 0 };
      time.ms += (timeDeltas[index] ?? 0) / 1000;
      times.set(key, time);
    });
    return [...times.values()];
  }
}
