/** The command line of `npm run real-network`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { PROFILE_NAMES, PROFILES, type ProfileName } from "./profiles.ts";

export const HELP = `npm run real-network -- [PROFILE...] [options]

Plays over a bad network of the kernel's own: the server in one network namespace, each player a process of its own in
another, and between them a relay that delays and loses IP packets, so that TCP really sends again. Prints the
laboratory's figures as a Markdown table. Linux, root, /dev/net/tun, ip (iproute2) and a C compiler; no route leads out.

Profiles (all, unless some are named):
${PROFILE_NAMES.map((name) => `  ${name.padEnd(14)}${PROFILES[name].summary}`).join("\n")}

  --seconds S         how long the players play in each run (60)
  --players N         how many: 1 to 32 (6)
  --repeats N         runs of each profile, with seeds one after the other (1)
  --joins N           measure joins alone, so many in each profile: connection after connection, from four addresses
  --congestion NAME   TCP's congestion control on both sides, of those that the kernel has (cubic)
  --seed K            what the map, the players and the relay's chance follow from (1); the kernel's timing does not
  --out FILE          write the report there, as JSON
  --help              this text

The exit code is 1 when a player could not join or lost the connection, 2 where the program cannot run.
`;

const MAX_PLAYERS = 32;
const MAX_SEED = 2 ** 31 - 1;

const whole = (low: number, high: number) => {
  const error = `a whole number from ${low} to ${high}`;
  return z.string().regex(/^\d+$/, error).pipe(z.coerce.number<string>({ error }).min(low, error).max(high, error));
};

const isProfile = (name: string): name is ProfileName => (PROFILE_NAMES as string[]).includes(name);

const schema = z.object({
  profiles: z.array(z.string().refine(isProfile, `the profiles are ${PROFILE_NAMES.join(", ")}`)),
  seconds: whole(3, 3600).prefault("60"),
  players: whole(1, MAX_PLAYERS).prefault("6"),
  repeats: whole(1, 100).prefault("1"),
  joins: whole(1, 10_000).optional(),
  congestion: z
    .string()
    .regex(/^[a-z0-9_]+$/, "the name of a congestion control, such as bbr")
    .default("cubic"),
  seed: whole(0, MAX_SEED).prefault("1"),
  out: z.string().min(1, "the name of a file").optional(),
});

export type RealNetworkOptions = Omit<z.infer<typeof schema>, "profiles"> & {
  readonly profiles: readonly ProfileName[];
};

const text = { type: "string" } as const;
const OPTIONS = {
  ...{ seconds: text, players: text, repeats: text, joins: text, congestion: text, seed: text, out: text },
  help: { type: "boolean" },
} as const;

/** The options, "help", or what is wrong with them, a line each. */
export function parseRealNetworkOptions(
  args: readonly string[],
): RealNetworkOptions | "help" | { readonly problems: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return "help";
    const parsed = schema.safeParse({ ...values, profiles: positionals });
    if (!parsed.success) return { problems: parsed.error.issues.map((issue) => problemOf(issue, positionals)) };
    const { profiles } = parsed.data;
    return { ...parsed.data, profiles: profiles.length === 0 ? PROFILE_NAMES : (profiles as ProfileName[]) };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

function problemOf(
  { path, message }: { path: PropertyKey[]; message: string },
  positionals: readonly string[],
): string {
  const [name, index] = path;
  return name === "profiles" ? `${positionals[Number(index)]}: ${message}` : `--${String(name)}: ${message}`;
}
