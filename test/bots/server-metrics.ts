/**
 * Reads the server's own word on its ticks from /metrics: what happened between two readings.
 */

export type ServerTick = { readonly hz: number; readonly lateMsP99: number; readonly durationMsP99: number };

/** Values by name with labels, as Prometheus' text format gives them. */
export type Metrics = ReadonlyMap<string, number>;

/** What the server had counted, and when, by the reader's clock. */
export type MetricsReading = { readonly atMs: number; readonly metrics: Metrics };

/** @returns "forbidden" when the server does not show them to us, undefined when it shows none or is not there. */
export async function readMetrics(url: string, token?: string): Promise<Metrics | "forbidden" | undefined> {
  const reading = await readTimedMetrics(url, () => 0, token);
  return typeof reading === "object" ? reading.metrics : reading;
}

/**
 * Over a slow path a reading takes several round trips. The server counts in the middle of it, and the beginning of its
 * answer is the first that is heard of that: the reading's time is when that comes, half a round trip late each time.
 * @param now a clock in milliseconds
 */
export async function readTimedMetrics(
  url: string,
  now: () => number,
  token?: string,
): Promise<MetricsReading | "forbidden" | undefined> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  try {
    const answer = await fetch(new URL("/metrics", url), { headers });
    const atMs = now();
    if (answer.status === 401 || answer.status === 403) return "forbidden";
    return answer.ok ? { atMs, metrics: parseMetrics(await answer.text()) } : undefined;
  } catch {
    return undefined;
  }
}

export function parseMetrics(text: string): Metrics {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

/** What the ticks of all rooms were like between two readings, over the time between the moments that they are of. */
export function ticksBetweenReadings(before: MetricsReading, after: MetricsReading): ServerTick {
  return ticksBetween(before.metrics, after.metrics, (after.atMs - before.atMs) / 1000);
}

/** What the ticks of all rooms were like in so many seconds; `hz` is that of one room. */
export function ticksBetween(before: Metrics, after: Metrics, seconds: number): ServerTick {
  const ticks = (after.get("starwake_ticks_total") ?? 0) - (before.get("starwake_ticks_total") ?? 0);
  const rooms = Math.max(1, after.get("starwake_rooms") ?? 1);
  return {
    hz: ticks / seconds / rooms,
    lateMsP99: 1000 * quantileBetween(before, after, "starwake_tick_lateness_seconds", 0.99),
    durationMsP99: 1000 * quantileBetween(before, after, "starwake_tick_duration_seconds", 0.99),
  };
}

/**
 * A quantile of a histogram's growth: the upper bound of the bucket that it falls in, or of the last that has one, as
 * Prometheus' histogram_quantile() has it: a report is JSON, which has no infinity.
 */
function quantileBetween(before: Metrics, after: Metrics, name: string, part: number): number {
  const count = (after.get(`${name}_count`) ?? 0) - (before.get(`${name}_count`) ?? 0);
  let last = 0;
  for (const [key, value] of after) {
    const bound = key.startsWith(`${name}_bucket{le="`) ? key.slice(name.length + 12, -2) : undefined;
    if (bound === undefined) continue;
    if (bound !== "+Inf") last = Number(bound);
    if (value - (before.get(key) ?? 0) >= part * count) break;
  }
  return last;
}
