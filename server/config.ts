/**
 * What a host may set: flags, and environment variables for each. One table says what there is; the parser, the
 * errors, the help and the type all follow from it.
 */
import { randomInt } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { DEFAULT_LIMITS } from "./engine/address-limits.ts";
import { logLevelOf, logLevels } from "./engine/log.ts";
import { DEFAULT_ROOM_LIMITS } from "./engine/matchmaker.ts";
import { isProxyRange } from "./engine/trusted-proxies.ts";
import { type Given, helpOn, isServiceAddress, parseOptions } from "./options.ts";

const MAX_SEED = 2 ** 32 - 1;
const MAX_SOCKETS = 100_000;
const MAX_CAPACITY = 2048;
/** Below this a boosting ship covers more in a tick than its speed can be written in. */
const MIN_TICK_RATE = 20;
const MAX_TICK_RATE = 120;
/** As RFC 6750 has them, and too long to be guessed. */
const METRICS_TOKEN = /^[\w.~+/=-]{16,256}$/;
const MAP_SIDE_UNITS = { min: 1280, max: 32512 } as const;

const anyWhole = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const wholeBetween = (min: number, max: number) => ({
  schema: anyWhole.pipe(z.number().min(min).max(max)),
  allowed: `a whole number from ${min} to ${max}`,
});

const MAX_LIMIT = 1_000_000;
/** A number of things; 0 in the configuration is Infinity, which all that counts up to a limit understands. */
const limit = {
  schema: wholeBetween(0, MAX_LIMIT).schema.transform((most) => (most === 0 ? Number.POSITIVE_INFINITY : most)),
  allowed: `a whole number from 1 to ${MAX_LIMIT}, or 0 for no limit`,
};
/** An address is an IPv4 address, or an IPv6 network of 64 bits. The defaults suit a school behind one address. */
const limitByAddress = (byDefault: number, what: string) => ({
  placeholder: "N",
  ...limit,
  byDefault: `${byDefault}`,
  meaning: `${what} for each address`,
});

const MAX_READY_DELAY_SECONDS = 3600;
/** All addresses that the machine has. */
export const hostByDefault = "";

const isHost = (text: string) => isIP(text) !== 0 || z.hostname().safeParse(text).success;
/** Takes `[::1]`, as it stands in an address of a page, for `::1`, and `LOCALHOST` for `localhost`. */
const plainHost = (text: string) => text.replace(/^\[(.*)\]$/, "$1").replace(/^localhost$/i, "localhost");
/** Said of a folder it is a mistake, and in a plain RECORD another program's word: `./on` is a folder. */
const SWITCH_OR_NUMBER =
  /^(?:\d+|t(?:rue)?|f(?:alse)?|y(?:es)?|no?|on|off|(?:en|dis)abled?|all|auto|always|never|none|null)$/i;

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
    foreign: {
      matches: isServiceAddress,
      whose: "Kubernetes sets it for a service named starwake (enableServiceLinks: false ends that)",
    },
  },
  host: {
    placeholder: "ADDRESS",
    schema: z
      .string()
      .transform(plainHost)
      .pipe(z.string().refine((text) => text === hostByDefault || isHost(text))),
    allowed: "an address or a host name",
    byDefault: hostByDefault,
    meaning:
      "address to listen on; none: all that this machine has, IPv6 and IPv4; 127.0.0.1 lets in this machine only",
    // Shells and tools set HOST to the machine's name, or to what it is built like.
    plain: {
      takes: (text: string) => plainHost(text) === "localhost" || isIP(plainHost(text)) !== 0,
      allowed: "an address to listen on, or localhost",
    },
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
  maxRooms: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_ROOM_LIMITS.maxRooms),
    meaning: "rooms at a time, at most half of them private",
  },
  maxSeatsPerAddress: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_LIMITS.seats),
    meaning: "players from one address (of IPv6: from one /64), those away for a moment among them",
  },
  maxSparesPerAddress: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_LIMITS.spares),
    meaning: "further connections from one address, of players whose network loses packets",
  },
  maxPrivateRoomsPerAddress: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_ROOM_LIMITS.maxPrivateRoomsPerAddress),
    meaning: "private rooms at a time that one address opened",
  },
  maxOpenings: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_ROOM_LIMITS.openingsPerSecond),
    meaning: "private rooms a second that are opened, and as many public ones, after two seconds' worth at once",
  },
  maxOpeningsPerAddress: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_ROOM_LIMITS.openingsPerSecondPerAddress),
    meaning:
      "public rooms a second that are opened for who comes in from one address, after four seconds' worth at once",
  },
  maxJoins: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_LIMITS.allJoinsPerSecond),
    meaning: "players a second that come in from anywhere, after three seconds' worth at once",
  },
  maxJoinsPerAddress: {
    placeholder: "N",
    ...limit,
    byDefault: String(DEFAULT_LIMITS.joinsPerSecond),
    meaning: "players a second that come in from one address, after ten seconds' worth at once",
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
    schema: z
      .string()
      .refine((text) => logLevelOf(text) !== undefined)
      .transform((text) => logLevelOf(text)!),
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
  maxSockets: {
    placeholder: "N",
    ...wholeBetween(1, MAX_SOCKETS),
    byDefault: "8000",
    meaning: "TCP sockets in all",
  },
  maxSocketsPerAddress: limitByAddress(600, "TCP sockets"),
  maxConnections: {
    placeholder: "N",
    ...wholeBetween(1, MAX_SOCKETS),
    byDefault: "5000",
    meaning: "game connections in all",
    atMost: "maxSockets",
  },
  maxConnectionsPerAddress: limitByAddress(100, "game connections"),
  maxUnseatedPerAddress: limitByAddress(64, "game connections that hold no seat"),
  maxConnects: {
    placeholder: "N",
    ...limit,
    byDefault: "200",
    meaning: "new game connections a second in all, after two seconds' worth at once",
  },
  maxConnectsPerAddress: limitByAddress(30, "new game connections a second"),
  maxRequests: {
    placeholder: "N",
    ...limit,
    byDefault: "1500",
    meaning: "HTTP requests a second in all, after two seconds' worth at once",
  },
  maxRequestsPerAddress: limitByAddress(100, "HTTP requests a second, each with 6 KB to be read,"),
  trustedProxy: {
    placeholder: "LIST",
    schema: z
      .string()
      .transform(splitList)
      .pipe(z.array(z.string().refine(isProxyRange))),
    allowed: "addresses, networks such as 10.0.0.0/8, and loopback, linklocal or uniquelocal",
    byDefault: "",
    meaning: "proxies whose X-Forwarded-For is believed",
    isList: true,
  },
  metricsToken: {
    placeholder: "TOKEN",
    schema: z.union([z.literal(""), z.string().regex(METRICS_TOKEN)]),
    allowed: "16 to 256 letters, digits and any of -._~+/=",
    byDefault: "",
    meaning: "with it, others than this machine may read /metrics; the variable is not seen by other users, a flag is",
    isSecret: true,
  },
  record: {
    placeholder: "DIR",
    schema: z.string().refine((text) => !SWITCH_OR_NUMBER.test(text)),
    allowed: "a directory that can be written, with ./ before a name such as on or 1",
    byDefault: "",
    meaning: "where each room's match is recorded; made if it is missing",
  },
  readyDelay: {
    placeholder: "SECONDS",
    ...wholeBetween(0, MAX_READY_DELAY_SECONDS),
    byDefault: "0",
    meaning:
      "told to end, serve on for so long while /readyz says 503, so that a load balancer sends nobody here any more",
  },
  noBuild: {
    schema: z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] }),
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
  | {
      readonly kind: "run";
      readonly config: Config;
      /** Lines about variables that were passed over. */
      readonly notes: readonly string[];
      /** What was set, by the configuration's names. */
      readonly given: ReadonlyMap<string, Given>;
    }
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
  const { notes, given } = parsed;
  return { kind: "run", config: Object.fromEntries(parsed.values) as Config, notes, given };
}
