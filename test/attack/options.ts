/** The command line of `npm run attack`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { ATTACKS } from "./attacks.ts";

export const HELP = `npm run attack -- NAME [options]

Starts a server of its own, has honest bots play on it and newcomers look in, attacks it, and tells what it held
against. Exit code 1 when a mark is missed; where only memory grew, it is all done once more for twice as long first. Linux; the
server and the bots on one core, the attackers on the other.

  NAME              which attack: one of those that --list tells, or "mixed" for all of them
  --seconds S       how long (120; mixed: 600)
  --addresses N     addresses that the attackers come from: 1 to 200 (1)
  --honest N        bots that play meanwhile (20)
  --seed K          what chance follows from (1)
  --json FILE       write the figures there
  --list            every attack and what it does
  --help            this text
`;

const SECONDS = 120;
const MIXED_SECONDS = 600;

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

const schema = z.object({
  attack: z.string().refine((name) => ATTACKS.has(name), "there is no such attack; --list tells all"),
  seconds: whole(4, 86_400).optional(),
  addresses: whole(1, 200).default(1),
  honest: whole(1, 60).default(20),
  seed: whole(0, 2 ** 31 - 1).default(1),
  json: z.string().min(1).optional(),
});

export type AttackOptions = Omit<z.infer<typeof schema>, "seconds"> & { readonly seconds: number };

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** The options, what is asked for instead of an attack, or what is wrong, a line each. */
export function parseAttackOptions(
  args: readonly string[],
): AttackOptions | "help" | "list" | { readonly problems: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { seconds: text, addresses: text, honest: text, seed: text, json: text, list: flag, help: flag },
      allowPositionals: true,
    });
    const { help, list, ...given } = values;
    if (help) return "help";
    if (list) return "list";
    const [attack, ...more] = positionals;
    if (attack === undefined) return { problems: ["say which attack: npm run attack -- NAME; --list tells all"] };
    if (more.length > 0) return { problems: [`one attack at a time, or "mixed": ${positionals.join(" ")}`] };
    const parsed = schema.safeParse({ ...given, attack });
    if (!parsed.success)
      return { problems: parsed.error.issues.map(({ path, message }) => problem(path, message, attack)) };
    const { seconds = attack === "mixed" ? MIXED_SECONDS : SECONDS } = parsed.data;
    return { ...parsed.data, seconds };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

function problem(path: readonly PropertyKey[], message: string, attack: string): string {
  return path[0] === "attack" ? `${attack}: ${message}` : `--${path.join(".")}: ${message}`;
}
