/** `npm run bots`: its command line, its figures, and a short run of it against a server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ASK_AGAIN_REFUSALS } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../../server/config.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { startServer } from "../support/server-process.ts";
import { parseBotOptions } from "./options.ts";
import { explainRefusal } from "./refusal-help.ts";
import { quantile, type Report } from "./report.ts";
import {
  type MetricsReading,
  parseMetrics,
  readMetrics,
  readTimedMetrics,
  ticksBetween,
  ticksBetweenReadings,
} from "./server-metrics.ts";

describe("the command line", () => {
  test("has a default for everything but the room and the file", () => {
    expect(parseBotOptions([])).toEqual({
      url: "http://localhost:3000",
      count: 10,
      seconds: 30,
      patience: 20,
      seed: 1,
    });
  });

  test("takes every option that it lists", () => {
    const args = "--url https://example.org --count 50 --seconds 5 --patience 9 --room abcde --seed 7 --json o".split(
      " ",
    );
    const options = {
      url: "https://example.org",
      count: 50,
      seconds: 5,
      patience: 9,
      room: "ABCDE",
      seed: 7,
      json: "o",
    };
    expect(parseBotOptions(args)).toEqual(options);
  });

  test("takes the metrics' token as a flag or as a variable, the flag first", () => {
    const env = { METRICS_TOKEN: "from-the-variable" };
    expect(parseBotOptions([], env)).toHaveProperty("metricsToken", "from-the-variable");
    expect(parseBotOptions(["--metrics-token", "from-the-flag"], env)).toHaveProperty("metricsToken", "from-the-flag");
  });

  test("--help goes before everything else", () => {
    expect(parseBotOptions(["--count", "none", "--help"])).toBe("help");
  });

  test.for([
    ["--url", "example.org"],
    ["--url", "ftp://example.org"],
    ["--count", "0"],
    ["--count", "2001"],
    ["--count", "some"],
    ["--seconds", "1.5"],
    ["--patience", "0"],
    ["--room", "a b"],
    ["--seed", "-1"],
    ["--json", ""],
  ])("%s %s is refused by name", ([name, value]) => {
    const parsed = parseBotOptions([`${name}=${value}`]);
    expect(parsed).toEqual({ problems: [expect.stringMatching(new RegExp(`^${name}: .+`))] });
  });

  test("an option that it does not know is refused by name", () => {
    expect(parseBotOptions(["--speed", "9"])).toEqual({ problems: [expect.stringContaining("--speed")] });
  });

  test("every bad value is told at once", () => {
    const parsed = parseBotOptions(["--count", "0", "--seconds", "0"]);
    expect(parsed).toHaveProperty("problems.length", 2);
  });
});

describe("a refusal", () => {
  test.for([...ASK_AGAIN_REFUSALS].filter((reason) => /^too-many|-full$/.test(reason)))(
    "by the limit %s is explained by an option that the server has",
    (reason) => {
      const [, flag, variable] = /npm start -- (--[a-z-]+) N, or ([A-Z_]+)=N$/.exec(explainRefusal(reason)) ?? [];
      expect(parseConfig([`${flag}=3`, "--pilots=0"], {}).kind).toBe("run");
      expect(parseConfig(["--pilots=0"], { [variable]: "3" }).kind).toBe("run");
      expect(parseConfig(["--pilots=0"], { [variable]: "no" })).toMatchObject({ kind: "invalid" });
    },
  );

  test("that no option lifts is told as it is", () => {
    expect(explainRefusal("name-refused")).toBe("name-refused");
  });
});

describe("a quantile", () => {
  const values = [5, 3, 1, 4, 2];

  test("is the value below which that part of the values lies", () => {
    expect([0, 0.2, 0.5, 0.99, 1].map((part) => quantile(values, part))).toEqual([1, 2, 3, 5, 5]);
  });

  test("of no values is 0", () => {
    expect(quantile([], 0.5)).toBe(0);
  });

  test("leaves the values in their order", () => {
    quantile(values, 0.5);
    expect(values).toEqual([5, 3, 1, 4, 2]);
  });
});

describe("the server's metrics", () => {
  const text = (ticks: number, buckets: readonly number[]) =>
    [
      "# HELP starwake_ticks_total Steps.",
      "# TYPE starwake_ticks_total counter",
      `starwake_ticks_total ${ticks}`,
      "starwake_rooms 2",
      "",
      ...["0.001", "0.005", "+Inf"].flatMap((bound, index) => [
        `starwake_tick_lateness_seconds_bucket{le="${bound}"} ${buckets[index]}`,
        `starwake_tick_duration_seconds_bucket{le="${bound}"} ${buckets[2]}`,
      ]),
      `starwake_tick_lateness_seconds_count ${buckets[2]}`,
      `starwake_tick_duration_seconds_count ${buckets[2]}`,
    ].join("\n");

  test("are values by name with labels; comments and empty lines are none", () => {
    const metrics = parseMetrics(text(60, [1, 2, 3]));
    expect(metrics.get("starwake_ticks_total")).toBe(60);
    expect(metrics.get('starwake_tick_lateness_seconds_bucket{le="0.005"}')).toBe(2);
    expect(metrics.size).toBe(10);
  });

  test("tell of the time between two readings alone", () => {
    const [before, after] = [parseMetrics(text(1_000, [500, 500, 500])), parseMetrics(text(1_240, [500, 740, 740]))];
    expect(ticksBetween(before, after, 2)).toEqual({ hz: 60, lateMsP99: 5, durationMsP99: 1 });
  });

  test("a quantile beyond the last bound is that bound, so that every report has it", () => {
    const [before, after] = [parseMetrics(text(0, [0, 0, 0])), parseMetrics(text(100, [50, 50, 100]))];
    expect(ticksBetween(before, after, 1).lateMsP99).toBe(5);
  });

  test("that need a token are read with it alone", async () => {
    const url = await serve(({ headers }, response) => {
      response.statusCode = headers.authorization === "Bearer correct-horse-battery" ? 200 : 401;
      response.end(text(60, [1, 2, 3]));
    });
    expect(await readMetrics(url)).toBe("forbidden");
    expect(await readMetrics(url, "wrong-horse-battery")).toBe("forbidden");
    expect(await readMetrics(url, "correct-horse-battery")).toEqual(parseMetrics(text(60, [1, 2, 3])));
  });

  test("tell the rate of ticks rightly over a path on which a reading takes two seconds", async () => {
    const clock = createHandClock();
    // The answers tell of two rooms, 60 ticks a second each.
    const url = await serve((_, response) => {
      clock.advance(1_500);
      const ticks = (clock.now() / 1000) * 60 * 2;
      clock.advance(500);
      response.end(text(ticks, [ticks, ticks, ticks]));
    });
    const before = (await readTimedMetrics(url, clock.now)) as MetricsReading;
    clock.advance(10_000);
    const after = (await readTimedMetrics(url, clock.now)) as MetricsReading;
    expect(ticksBetweenReadings(before, after).hz).toBe(60);
  });

  test("of a server that is not there are undefined", async () => {
    expect(await readMetrics(await closedUrl())).toBeUndefined();
  });

  /** A server that answers in this way, until the test is finished. */
  async function serve(answer: RequestListener): Promise<string> {
    const server = createHttpServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Ends what hangs: nobody who is let in at all takes longer. */
const PATIENT = ["--patience", "600"];
/** Far longer than any test: it is ended by Ctrl-C. */
const ENDLESS = ["--seconds", "3600"];

type Run = {
  /** When it has printed what matches. */
  printed(pattern: RegExp): Promise<void>;
  /** As Ctrl-C does. */
  interrupt(): void;
  readonly ended: Promise<{ code: number; output: string; errors: string }>;
};

function startBots(args: readonly string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const written = { output: "", errors: "" };
  child.stdout.on("data", (part: Buffer) => (written.output += part));
  child.stderr.on("data", (part: Buffer) => (written.errors += part));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...written }));
  const printed = (pattern: RegExp) => expect.poll(() => written.output).toMatch(pattern);
  return { printed, interrupt: () => void child.kill("SIGINT"), ended };
}

const runBots = (args: readonly string[]) => startBots(args).ended;

/**
 * An address of this machine where nobody listens, until the test is finished: the port is held by a connection's own end, so
 * that nobody else is given it meanwhile.
 */
async function closedUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const holder = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(holder, "connect");
  onTestFinished(() => {
    holder.destroy();
    server.close();
  });
  return `http://127.0.0.1:${holder.localPort}`;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "starwake-bots-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Every field of the report, in depth. */
const REPORT_FIELDS = `
  players seconds joined dropped bytesPerEntityUpdate commandsOnTime mispredictedTicks starvedTime
  framesPerSecond.mean framesPerSecond.p01 rttMs.p50 rttMs.p99 downBytesPerSecond.mean downBytesPerSecond.p99
  correctionUnits.p50 correctionUnits.p99 correctionUnits.max visibleEntities.mean visibleEntities.max
  serverTick.hz serverTick.lateMsP99 serverTick.durationMsP99
`;

describe("a run", () => {
  test("joins, plays and reports every figure", async () => {
    // So small a map that they see each other.
    const server = await startServer(["--seed", "1", "--pilots", "4", "--capacity", "8", "--map-size", "1280"]);
    const json = join(await temporaryFolder(), "report.json");
    const run = startBots(["--url", server.url, "--count", "4", ...ENDLESS, ...PATIENT, "--json", json]);
    // Each line is of the last second of each: who is sent frames in three of them has seen the others.
    await run.printed(/^(.*\n)*(\d+ of 3600 s: 4 playing, [1-9]\d* frames\/s each\n){3}/);
    run.interrupt();
    expect((await run.ended).code).toBe(0);
    const report = JSON.parse(await readFile(json, "utf8")) as Report;
    for (const field of REPORT_FIELDS.trim().split(/\s+/)) expect(report).toHaveProperty(field, expect.any(Number));
    expect(report).toMatchObject({ players: 4, joined: 4, dropped: 0 });
    expect(report.visibleEntities.max).toBeGreaterThan(1);
    // How many come in time is the machine's doing; here, that they are counted.
    expect(report.commandsOnTime).toBeGreaterThanOrEqual(0);
    expect(report.commandsOnTime).toBeLessThanOrEqual(1);
  });

  test("ends by itself after its seconds, with a line for each", async () => {
    const server = await startServer(["--seed", "1", "--pilots", "0"]);
    const { code, output } = await runBots(["--url", server.url, "--count", "1", "--seconds", "2", ...PATIENT]);
    expect(code).toBe(0);
    expect(output).toMatch(/^1 of 2 s: 1 playing, \d+ frames\/s each\n2 of 2 s: 1 playing, /m);
  });

  test("against a port where nobody listens says so, and ends with code 1", async () => {
    const url = await closedUrl();
    const { code, errors } = await runBots(["--url", url, "--count", "2", "--seconds", "1", "--patience", "1"]);
    expect(code).toBe(1);
    expect(errors).toContain(`2 could not join ${url}: no answer`);
  });

  test.for([
    ["too-many-seats", "--max-seats-per-address", "MAX_SEATS_PER_ADDRESS", 2],
    ["server-full", "--max-rooms", "MAX_ROOMS", 1],
  ] as const)("that meets the limit %s says so, names %s and %s, and ends with code 1", async (limit) => {
    const [reason, flag, variable, set] = limit;
    const server = await startServer(["--seed", "1", "--pilots", "0", "--capacity", "2", flag, `${set}`]);
    const { code, output, errors } = await runBots(["--url", server.url, "--count", "3", "--seconds", "1", ...PATIENT]);
    expect(code).toBe(1);
    expect(errors).toContain(`1 could not join ${server.url}: ${reason}: `);
    expect(errors).toContain(`npm start -- ${flag} N, or STARWAKE_${variable}=N`);
    expect(output).toMatch(/^1 of 1 s: 2 playing/m);
  });

  test("of more than may join at once waits for all of them", async () => {
    const server = await startServer(["--seed", "1", "--pilots", "0", "--max-joins-per-address", "1"]);
    const { code, output, errors } = await runBots([
      "--url",
      server.url,
      "--count",
      "13",
      "--seconds",
      "1",
      ...PATIENT,
    ]);
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toMatch(/^1 of 1 s: 13 playing/m);
  });

  test("in which bots are dropped ends with code 1", async () => {
    const server = await startServer(["--seed", "1", "--pilots", "0"]);
    const run = startBots(["--url", server.url, "--count", "2", ...ENDLESS, ...PATIENT]);
    await run.printed(/^1 of 3600 s: 2 playing/m);
    await server.end("SIGKILL");
    await run.printed(/^\d+ of 3600 s: 0 playing/m);
    run.interrupt();
    const { code, output } = await run.ended;
    expect(output).toMatch(/^dropped +2$/m);
    expect(code).toBe(1);
  });

  test("with a bad option ends with code 1 and says where help is", async () => {
    const { code, errors } = await runBots(["--count", "none"]);
    expect(code).toBe(1);
    expect(errors).toMatch(/^--count: .+\nnpm run bots -- --help lists the options\n$/);
  });
});
