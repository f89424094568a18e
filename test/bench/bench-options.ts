/** The benchmark's command line. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { MOST_PLAYERS } from "./limit-search.ts";
import type { Setting } from "./orders.ts";
import { FLOOR_PLAYERS } from "./report.ts";
import { PEER_NAMES, PEERS, type PeerName } from "./systems.ts";
import { TRIAL_NAMES, TRIALS, type TrialName } from "./trials.ts";

const DEFAULT_PLAYERS = [200, 400, 800, 1158];
/** What the marks are judged by, see check.ts. */
const PLAYERS_OF_MARKS = [100, ...DEFAULT_PLAYERS];
const PEERS_OF_MARKS: readonly PeerName[] = ["ws", "colyseus"];
const ROOMS_OF_MARKS = { rooms: 100, players: 10 };
/** Besides the one among the players. */
const FLOOR_PAIRS_OF_MARKS = 4;

export const HELP = `npm run bench -- [options]

Starwake's server beside others under the same load: so many players in one world, everyone flying and shooting, 30 steps
and 20 frames a second, 20 packets a second from each. Each server runs on a core of its own and is measured by the
operating system; the players run on another. Linux only; the peers are installed when it is first run.

  --players LIST   players in one world, one measurement each (${DEFAULT_PLAYERS}; none with another choice)
  --against LIST   peers that are measured, too, or none (all; with --check alone ${PEERS_OF_MARKS})
  --rooms RxP      Starwake with R rooms of P players, such as 100x10
  --trials LIST    what is measured beside the servers, or none (${TRIAL_NAMES.join(",")})
  --floor-pairs N  Starwake and ws with ${FLOOR_PLAYERS} players so many times by turns, for the median of what one takes of the other
                   (0; with --check alone ${FLOOR_PAIRS_OF_MARKS})
  --find-limit     raises the players until ticks are late or frames are lost: each system's limit
  --most N         players that --find-limit tries at most (${MOST_PLAYERS})
  --seconds S      length of a measurement (20)
  --warm-up S      time between the last player's coming in and the measurement (5)
  --others N       others in each player's view: the density (40)
  --seed K         what maps and players follow from: the same seed, the same motion (1)
  --profile        tells where Starwake's processor time goes: the kernel's, Node's and ours, by what it is for
  --json FILE      write the figures there
  --html FILE      write a page with plots and tables there
  --check          exit code 1 when a mark is missed; without --players, --rooms, --floor-pairs, --trials and --find-limit it
                   measures all that the marks are judged by, with --profile
  --help           this text

Peers:
${PEER_NAMES.map((name) => `  ${name.padEnd(14)}${PEERS[name]}`).join("\n")}

Trials:
${TRIAL_NAMES.map((name) => `  ${name.padEnd(14)}${TRIALS[name].summary}`).join("\n")}
`;

/** As many as the server opens, see server/engine/matchmaker.ts. */
const MAX_ROOMS = 200;

const split = (text: string) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
const whole = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, "a whole number")
    .transform(Number)
    .pipe(z.number().min(low).max(high));
const isPeer = (name: string): name is PeerName => (PEER_NAMES as string[]).includes(name);
const isTrial = (name: string): name is TrialName => (TRIAL_NAMES as string[]).includes(name);

/** Others in view, in all that the marks say. */
const OTHERS_IN_MARKS = 40;

const schema = z
  .object({
    players: z
      .string()
      .transform(split)
      .pipe(z.array(whole(2, MOST_PLAYERS)).min(1))
      .optional(),
    against: z
      .string()
      .transform((text) => (text === "none" ? [] : split(text)))
      .pipe(z.array(z.string().refine(isPeer, `one of ${PEER_NAMES.join(", ")}; or none`)))
      .optional(),
    rooms: z
      .string()
      .regex(/^\d{1,4}x\d{1,4}$/, "such as 100x10")
      .transform((text) => text.split("x").map(Number))
      .pipe(z.tuple([z.number().min(1).max(MAX_ROOMS), z.number().min(1).max(MOST_PLAYERS)]))
      .refine(([rooms, players]) => rooms * players <= MOST_PLAYERS, `no more than ${MOST_PLAYERS} players in all`)
      .transform(([rooms, players]) => ({ rooms, players }))
      .optional(),
    trials: z
      .string()
      .transform((text) => (text === "none" ? [] : split(text)))
      .pipe(z.array(z.string().refine(isTrial, `one of ${TRIAL_NAMES.join(", ")}; or none`)))
      .optional(),
    "floor-pairs": whole(0, 100).optional(),
    "find-limit": z.boolean().default(false),
    most: whole(2, MOST_PLAYERS).default(MOST_PLAYERS),
    seconds: whole(1, 3600).default(20),
    "warm-up": whole(0, 600).default(5),
    others: whole(1, 1000).default(OTHERS_IN_MARKS),
    seed: whole(0, 2 ** 31 - 1).default(1),
    json: z.string().min(1).optional(),
    html: z.string().min(1).optional(),
    check: z.boolean().default(false),
    profile: z.boolean().default(false),
  })
  .refine(({ check, others }) => !check || others === OTHERS_IN_MARKS, {
    path: ["others"],
    message: `the marks speak of ${OTHERS_IN_MARKS}: leave it out with --check`,
  });

export type BenchOptions = Setting & {
  readonly players: readonly number[];
  readonly against: readonly PeerName[];
  /** Rooms, and players in each. */
  readonly rooms: { readonly rooms: number; readonly players: number } | undefined;
  readonly trials: readonly TrialName[];
  /** How often Starwake and the floor are measured by turns. */
  readonly floorPairs: number;
  readonly findLimit: boolean;
  /** Players that the search for limits tries at most. */
  readonly most: number;
  readonly json: string | undefined;
  readonly html: string | undefined;
  readonly check: boolean;
  /** Whether it is to be told where Starwake's processor time goes. */
  readonly profile: boolean;
};

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const TEXTS = {
  players: text,
  against: text,
  rooms: text,
  trials: text,
  "floor-pairs": text,
  most: text,
  seconds: text,
  "warm-up": text,
  others: text,
  seed: text,
};
const FLAGS = { "find-limit": flag, check: flag, profile: flag, help: flag, json: text, html: text };

/** The options, "help", or what is wrong with them, a line each. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | "help" | { readonly problems: string[] } {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...TEXTS, ...FLAGS } });
    if (values.help) return "help";
    const parsed = schema.safeParse(values);
    if (!parsed.success)
      return { problems: parsed.error.issues.map(({ path, message }) => `--${path[0]?.toString()}: ${message}`) };
    return complete(parsed.data);
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

function complete(given: z.infer<typeof schema>): BenchOptions {
  const { players, against, rooms, trials, most, seconds, others, seed, json, html, check } = given;
  const floorPairs = given["floor-pairs"];
  const isChosen = [players, rooms, floorPairs, trials].some((choice) => choice !== undefined) || given["find-limit"];
  const measuresAll = check && !isChosen;
  return {
    players: players ?? (isChosen ? [] : measuresAll ? PLAYERS_OF_MARKS : DEFAULT_PLAYERS),
    against: (against as PeerName[] | undefined) ?? (measuresAll ? PEERS_OF_MARKS : PEER_NAMES),
    rooms: rooms ?? (measuresAll ? ROOMS_OF_MARKS : undefined),
    trials: (trials as TrialName[] | undefined) ?? (measuresAll ? TRIAL_NAMES : []),
    floorPairs: floorPairs ?? (measuresAll ? FLOOR_PAIRS_OF_MARKS : 0),
    findLimit: given["find-limit"] || measuresAll,
    most,
    seconds,
    warmUpSeconds: given["warm-up"],
    others,
    seed,
    json,
    html,
    check,
    profile: given.profile || measuresAll,
  };
}
