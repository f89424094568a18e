/**
 * What a host may set: flags, and an environment variable for each. One table says what there is; the parser, the
 * errors, the help and the type all follow from it.
 */
import { randomInt } from "node:crypto";
import { z } from "zod";
import { logLevels } from "./engine/log.ts";
import { helpOn, parseOptions } from "./options.ts";

const MAX_SEED = 2 ** 32 - 1;
const MAX_CAPACITY = 2048;
/** Below this a boosting ship covers more in a tick than its speed can be written in. */
const MIN_TICK_RATE = 20;
const MAX_TICK_RATE = 120;
const MAP_SIDE_UNITS = { min: 1280, max: 32512 } as const;

const anyWhole = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const wholeBetween = (min: number, max: number) => ({
  schema: anyWhole.pipe(z.number().min(min).max(max)),
  allowed: `a whole number from ${min} to ${max}`,
});

const isOrigin = (text: string) =>
  text === "*" || (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text);
const splitList = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** The table: names are those of the configuration; `mapSize` is `--map-size` and `MAP_SIZE`. */
const describeOptions = (drawSeed: () => number) => ({
  port: {
    placeholder: "PORT",
    ...wholeBetween(0, 65535),
    byDefault: "3000",
    meaning: "port to listen on; 0 takes any that is free",
  },
  host: {
    placeholder: "ADDRESS",
    schema: z.union([z.ipv4(), z.ipv6(), z.hostname()]),
    allowed: "an address or a host name",
    byDefault: "0.0.0.0",
    meaning: "address to listen on; 127.0.0.1 lets in this machine only",
  },
  seed: {
    placeholder: "SEED",
    schema: z.union([z.literal("random").transform(drawSeed), wholeBetween(0, MAX_SEED).schema]),
    allowed: `${wholeBetween(0, MAX_SEED).allowed}, or random`,
    byDefault: "random",
    meaning: "what maps and chance follow from",
  },
  pilots: {
    placeholder: "N",
    ...wholeBetween(0, MAX_CAPACITY),
    byDefault: "12",
    meaning: "AI pilots fill a room to so many players",
    atMost: "capacity",
  },
  capacity: {
    placeholder: "N",
    ...wholeBetween(1, MAX_CAPACITY),
    byDefault: "64",
    meaning: "players a room",
  },
  mapSize: {
    placeholder: "UNITS",
    schema: anyWhole.refine((units) => units === 0 || (units >= MAP_SIDE_UNITS.min && units <= MAP_SIDE_UNITS.max)),
    allowed: `0 or ${wholeBetween(MAP_SIDE_UNITS.min, MAP_SIDE_UNITS.max).allowed}`,
    byDefault: "0",
    meaning: "side of the map; 0 chooses it by capacity",
  },
  tickRate: {
    placeholder: "HZ",
    ...wholeBetween(MIN_TICK_RATE, MAX_TICK_RATE),
    byDefault: "60",
    meaning: "steps of the simulation a second",
  },
  frameRate: {
    placeholder: "HZ",
    ...wholeBetween(1, MAX_TICK_RATE),
    byDefault: "30",
    meaning: "frames a second to each player",
    atMost: "tickRate",
  },
  peerTimeout: {
    placeholder: "SECONDS",
    ...wholeBetween(1, 600),
    byDefault: "4",
    meaning: "a connection that does not answer for so long is lost",
  },
  logLevel: {
    placeholder: "LEVEL",
    schema: z.enum(logLevels),
    allowed: `one of ${logLevels.join(", ")}`,
    byDefault: "info",
    meaning: "the least that is logged",
  },
  allowOrigin: {
    placeholder: "ORIGIN",
    schema: z
      .string()
      .transform(splitList)
      .pipe(z.array(z.string().refine(isOrigin))),
    allowed: "an origin such as https://example.org (scheme, host and port, no path), or *",
    byDefault: "",
    meaning: "other sites whose pages may play here; * for all",
    isList: true,
  },
  record: {
    placeholder: "DIR",
    schema: z.string(),
    allowed: "a directory that can be written",
    byDefault: "",
    meaning: "where each room's match is recorded; made if it is missing",
  },
  noBuild: {
    schema: z.stringbool({ truthy: ["true", "1"], falsy: ["false", "0"] }),
    allowed: "true or false",
    byDefault: "false",
    meaning: "serve the page as it is, without building it first",
  },
});

export type Config = {
  readonly [Name in keyof ReturnType<typeof describeOptions>]: z.infer<
    ReturnType<typeof describeOptions>[Name]["schema"]
  >;
};

export type ParsedConfig =
  | { readonly kind: "run"; readonly config: Config }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/**
 * Never throws, and tells every problem at once, a line each.
 * @param argv the words after the script's name
 * @param drawSeed gives the seed where none is set: 32 bits, unsigned
 */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  drawSeed: () => number = () => randomInt(MAX_SEED + 1),
): ParsedConfig {
  const options = describeOptions(drawSeed);
  const parsed = parseOptions(options, argv, env);
  if (parsed.isHelpWanted)
    return { kind: "help", text: `Starwake: the game server.\n\n  npm start -- [flags]\n\n${helpOn(options)}` };
  if (parsed.problems.length > 0) return { kind: "invalid", problems: parsed.problems };
  return { kind: "run", config: Object.fromEntries(parsed.values) as Config };
}
