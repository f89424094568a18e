/** The laboratory's command line, and the setting of a run that follows from it and its scenario. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { z } from "zod";
import { type Limit, parseLimit } from "./limits.ts";
import { PROFILES } from "./profiles.ts";
import type { Network, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

export const HELP = `npm run lab -- [options]

  --scenario NAME       who plays where, and what happens (brawl); or ./file.ts, whose default export is a Scenario
  --list                the scenarios, and what is measured
  --bots N              players (the scenario's)
  --seconds S           how long they play, in virtual time (the scenario's)
  --map UNITS           side of the map (the scenario's)
  --profile NAME        network (the scenario's):
                          A             60±20 ms, 1 % loss
                          B             150±50 ms, no loss
                          C             150±50 ms, 5 % loss
                          narrow        150±50 ms, 64 kbit/s each way
                          narrow-near   60±20 ms, 64 kbit/s each way
                          bursts        150±50 ms, nothing gets through for 200 ms in the mean, 1 % of the time
                          bursts-heavy  the same, 5 % of the time
                          upward        150±50 ms, 5 % loss towards the server alone
                          downward      150±50 ms, 5 % loss towards the player alone
  --rtt MS              round trip in place of the network's
  --jitter MS           how far it strays to either side
  --loss PART           part of the packets that is lost each way, such as 0.01
  --no-rewind           shots are judged by the present alone
  --seed K              what all chance follows from: the same seed, the same run (1)
  --seeds N             so many runs, from that seed on (1)
  --limit TEXT          what must hold, such as "ownErrorUnits.p99<=4.5"; may be given again
  --client N            show that client's figures alone
  --json FILE           write the report there
  --html FILE           write the report and its plots there, to be opened in a browser
  --help                this text

The exit code is 1 when a limit or an invariant was broken. A scenario's own limits are checked when it runs as it was
written: its players, map and network, no shorter than it is, and with rewind.
`;

const MAX_SEED = 2 ** 31 - 1;
const TICK_RATE = 60;
const FRAME_RATE = 30;

const number = (low: number, high: number) => {
  const error = `a number from ${low} to ${high}`;
  return z.string().regex(/\d/, error).pipe(z.coerce.number<string>({ error }).min(low, error).max(high, error));
};
const whole = (low: number, high: number) => {
  const error = `a whole number from ${low} to ${high}`;
  return z.string().regex(/^\d+$/, error).pipe(z.coerce.number<string>({ error }).min(low, error).max(high, error));
};
const PROFILE_NAMES = Object.keys(PROFILES) as (keyof typeof PROFILES)[];
const file = z.string().min(1, "the name of a file");

const limits = z.array(z.string()).transform((texts, context) =>
  texts.flatMap((text) => {
    const limit = parseLimit(text);
    if (!("reason" in limit)) return limit;
    context.addIssue({ code: "custom", message: limit.reason });
    return [];
  }),
);

const schema = z.object({
  scenario: z.string().min(1, "the name of a scenario, or a file").default("brawl"),
  bots: whole(1, 128).optional(),
  seconds: whole(1, 3600).optional(),
  map: whole(1280, 32_512).optional(),
  profile: z.enum(PROFILE_NAMES, `one of ${PROFILE_NAMES.join(", ")}`).optional(),
  rtt: number(0, 5000).optional(),
  jitter: number(0, 5000).optional(),
  loss: number(0, 0.5).optional(),
  "no-rewind": z.boolean().default(false),
  seed: whole(0, MAX_SEED).prefault("1"),
  seeds: whole(1, 1000).prefault("1"),
  limit: limits.default([]),
  client: whole(0, 127).optional(),
  json: file.optional(),
  html: file.optional(),
});

export type LabCommandLine = z.infer<typeof schema>;

/** All that a run follows from, but for its seed. */
export type LabSetting = {
  /** With what the command line says in place of what it was written with. */
  readonly scenario: Scenario & { readonly tickRate: number; readonly frameRate: number };
  readonly hasRewind: boolean;
  readonly limits: readonly Limit[];
};

type Problems = { readonly problems: readonly string[] };

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  ...{ scenario: text, bots: text, seconds: text, map: text, profile: text, rtt: text, jitter: text, loss: text },
  ...{ "no-rewind": flag, seed: text, seeds: text, limit: { ...text, multiple: true }, client: text },
  ...{ json: text, html: text, list: flag, help: flag },
} as const;

/** What is asked for, or what is wrong with it, a line each. */
export function parseLabOptions(args: readonly string[]): LabCommandLine | "help" | "list" | Problems {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) return "help";
    if (values.list) return "list";
    const parsed = schema.safeParse(values);
    if (parsed.success) return parsed.data;
    return { problems: parsed.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`) };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

/** A scenario by its name, or from a file. */
export async function loadScenario(name: string): Promise<Scenario | Problems> {
  if (Object.hasOwn(SCENARIOS, name)) return SCENARIOS[name];
  const path = resolve(name);
  if (!/[/\\]|\.[mc]?[jt]s$/.test(name))
    return problem(`--scenario: there is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(", ")}`);
  if (!existsSync(path)) return problem(`--scenario: there is no file ${name}`);
  try {
    const parsed = written.safeParse((await import(pathToFileURL(path).href)).default);
    if (parsed.success) return parsed.data as Scenario;
    const issues = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "its default export"}: ${issue.message}`,
    );
    return { problems: issues.map((issue) => `--scenario: ${name} is no scenario: ${issue}`) };
  } catch (error) {
    return problem(`--scenario: ${name} cannot be loaded: ${(error as Error).message}`);
  }
}

/** What a file must at least say; the rest is left to its type. */
const written = z.looseObject({
  name: z.string(),
  summary: z.string(),
  players: z.int().min(1).max(128),
  seconds: z.int().min(1),
  mapSize: z.number(),
  network: z.looseObject({ rttMs: z.number().min(0), jitterMs: z.number().min(0), loss: z.number().min(0).max(0.5) }),
  limits: z.array(z.string()).optional(),
});

/** The scenario as the command line changes it. */
export function settingOf(given: Scenario, line: LabCommandLine): LabSetting | Problems {
  const scenario = {
    ...given,
    players: line.bots ?? given.players,
    seconds: line.seconds ?? given.seconds,
    mapSize: line.map ?? given.mapSize,
    network: networkOf(given, line),
    tickRate: given.tickRate ?? TICK_RATE,
    frameRate: given.frameRate ?? FRAME_RATE,
  };
  const hasRewind = !line["no-rewind"];
  const own = hasRewind && isAsWritten(given, scenario) ? (given.limits ?? []).map(parseLimit) : [];
  const problems = own.flatMap((limit) => ("reason" in limit ? `--scenario: ${given.name}: ${limit.reason}` : []));
  if (scenario.network.jitterMs > scenario.network.rttMs)
    problems.push(`--jitter: at most the round trip, ${scenario.network.rttMs} ms`);
  if (line.client !== undefined && line.client >= scenario.players)
    problems.push(`--client: the clients are 0 to ${scenario.players - 1}`);
  if (line.seed + line.seeds - 1 > MAX_SEED) problems.push(`--seeds: the last seed is ${MAX_SEED}`);
  if (problems.length > 0) return { problems };
  return { scenario, hasRewind, limits: [...(own as Limit[]), ...line.limit] };
}

/** The command line that runs one seed again, no longer than it takes to see something, in `client` if it is of one. */
export function lineToSeeAgain(
  line: LabCommandLine,
  seen: { readonly seed: number; readonly seconds: number; readonly client?: number; readonly limit?: string },
): string {
  const { scenario, bots, map, profile, rtt, jitter, loss } = line;
  const values = { scenario, bots, map, profile, rtt, jitter, loss, ...seen };
  const words = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, quoted(String(value))],
  );
  return ["npm run lab --", ...words, ...(line["no-rewind"] ? ["--no-rewind"] : [])].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=+-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, "\\$&")}"`;
}

function networkOf({ network }: Scenario, { profile, rtt, jitter, loss }: LabCommandLine): Network {
  const given: Network = profile === undefined ? network : PROFILES[profile];
  const lost = loss === undefined ? {} : { loss, ...lossEachWay(given, loss) };
  return { ...given, rttMs: rtt ?? given.rttMs, jitterMs: jitter ?? given.jitterMs, ...lost };
}

/** Where a network says it for each way, both are replaced. */
function lossEachWay({ lossUp, lossDown }: Network, loss: number): Partial<Network> {
  return { ...(lossUp !== undefined && { lossUp: loss }), ...(lossDown !== undefined && { lossDown: loss }) };
}

function isAsWritten(given: Scenario, scenario: Scenario): boolean {
  const { players, mapSize, network, seconds } = scenario;
  return (
    isDeepStrictEqual(network, given.network) &&
    players === given.players &&
    mapSize === given.mapSize &&
    seconds >= given.seconds
  );
}

function problem(line: string): Problems {
  return { problems: [line] };
}
