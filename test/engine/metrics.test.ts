import { expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../server/engine/metrics.ts";

/** One line of the exposition: the value of a metric by its name and labels as they are written. */
async function read(metrics: Metrics, series: string): Promise<number | undefined> {
  const lines = (await metrics.registry.metrics()).split("\n");
  const line = lines.find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

test("what the meter is told adds up", async () => {
  const metrics = createMetrics();
  metrics.meter.frameSent(300);
  metrics.meter.frameSent(200);
  metrics.meter.frameWithheld();
  metrics.meter.dropped(3);
  metrics.meter.ran(1, 2);
  expect(await read(metrics, "starwake_sent_bytes_total")).toBe(500);
  expect(await read(metrics, "starwake_frames_sent_total")).toBe(2);
  expect(await read(metrics, "starwake_frames_withheld_total")).toBe(1);
  expect(await read(metrics, "starwake_ticks_dropped_total")).toBe(3);
  expect(await read(metrics, "starwake_ticks_total")).toBe(1);
});

test("commands are counted by what became of them", async () => {
  const metrics = createMetrics();
  const { meter } = metrics;
  for (let times = 0; times < 4; times++) meter.commandOnTime();
  for (let times = 0; times < 3; times++) meter.commandMissing();
  for (let times = 0; times < 2; times++) meter.commandLate();
  meter.commandRefused();
  const outcomes = ["on_time", "missing", "late", "refused"];
  const counts = await Promise.all(
    outcomes.map((outcome) => read(metrics, `starwake_commands_total{outcome="${outcome}"}`)),
  );
  expect(counts).toEqual([4, 3, 2, 1]);
});

test("reading twice counts nothing twice", async () => {
  const metrics = createMetrics();
  metrics.meter.frameSent(300);
  metrics.meter.refused("malformed");
  await metrics.registry.metrics();
  expect(await read(metrics, "starwake_frames_sent_total")).toBe(1);
  expect(await read(metrics, 'starwake_refusals_total{reason="malformed"}')).toBe(1);
});

test("a tick's time falls into the bucket that holds it", async () => {
  const metrics = createMetrics();
  for (let tick = 0; tick < 99; tick++) metrics.meter.ran(0.04, 1.9);
  metrics.meter.ran(240, 900);
  expect(await read(metrics, 'starwake_tick_lateness_seconds_bucket{le="0.00005"}')).toBe(99);
  expect(await read(metrics, 'starwake_tick_lateness_seconds_bucket{le="0.25"}')).toBe(100);
  expect(await read(metrics, 'starwake_tick_duration_seconds_bucket{le="0.0015"}')).toBe(0);
  expect(await read(metrics, 'starwake_tick_duration_seconds_bucket{le="0.002"}')).toBe(99);
  expect(await read(metrics, 'starwake_tick_duration_seconds_bucket{le="+Inf"}')).toBe(100);
  expect(await read(metrics, "starwake_tick_duration_seconds_sum")).toBeCloseTo(1.0881, 6);
});

test("no bucket is more than one and a half times the one below it", async () => {
  const text = await createMetrics().registry.metrics();
  const bounds = [...text.matchAll(/tick_lateness_seconds_bucket\{le="([\d.e-]+)"/g)].map((match) => Number(match[1]));
  expect([bounds[0], bounds.at(-1)]).toEqual([0.000_05, 0.25]);
  for (const [index, bound] of bounds.slice(1).entries())
    expect(bound / bounds[index]!).toBeLessThanOrEqual(1.5 + 1e-9);
});

test("refusals are counted by reason, and what is not a word of ours as other", async () => {
  const metrics = createMetrics();
  for (const reason of ["flooding", "flooding", "", "A", 'x"} 1', "__proto__", "a".repeat(41), "a\nb"])
    metrics.meter.refused(reason);
  expect(await read(metrics, 'starwake_refusals_total{reason="flooding"}')).toBe(2);
  expect(await read(metrics, 'starwake_refusals_total{reason="other"}')).toBe(6);
});

test("after 64 reasons new ones count as other, and known ones go on", async () => {
  const metrics = createMetrics();
  for (let index = 0; index < 1_000; index++) metrics.meter.refused(`reason-${index}`);
  metrics.meter.refused("reason-0");
  const series = (await metrics.registry.metrics()).match(/^starwake_refusals_total\{/gm);
  expect(series).toHaveLength(65);
  expect(await read(metrics, 'starwake_refusals_total{reason="reason-0"}')).toBe(2);
  expect(await read(metrics, 'starwake_refusals_total{reason="other"}')).toBe(936);
});

test("how full the server is, is asked when it is read", async () => {
  const metrics = createMetrics();
  expect(await read(metrics, "starwake_rooms")).toBe(0);
  const occupancy = { humans: 1, pilots: 11, rooms: 1, connections: 2 };
  metrics.observe(() => occupancy);
  occupancy.humans = 5;
  expect(await read(metrics, 'starwake_players{kind="human"}')).toBe(5);
  expect(await read(metrics, 'starwake_players{kind="pilot"}')).toBe(11);
  expect(await read(metrics, "starwake_rooms")).toBe(1);
  expect(await read(metrics, "starwake_connections")).toBe(2);
});

test("two servers in one process count apart, and each tells of its process", async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.meter.frameSent(1);
  expect(await read(other, "starwake_frames_sent_total")).toBe(0);
  for (const metrics of [one, other]) expect(await read(metrics, "process_cpu_seconds_total")).toBeGreaterThan(0);
});
