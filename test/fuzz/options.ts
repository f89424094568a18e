/** The command line of `npm run fuzz`. */
import { parseArgs } from "node:util";
import { z } from "zod";

export const HELP = `npm run fuzz -- [options]

Starts a server of its own and holds conversations with it that no client would: right and broken messages at every
stage, in any order and again, in any form that bytes can have. Two honest bots play meanwhile. Exit code 1 when a mark is
missed. Linux; a million frames take some minutes.

  --frames N          until the server is known to have read so many frames (1000000)
  --seed K            what conversations follow from; one by chance, which is printed, unless it is given
  --connections N     conversations at a time, each from an address of its own: 1 to 200 (200)
  --conversation N    this one alone, ten times over: for a seed that failed
  --json FILE         write the figures there
  --help              this text
`;

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

const schema = z.object({
  frames: whole(1, 1e9).default(1_000_000),
  seed: whole(0, 2 ** 31 - 1).optional(),
  connections: whole(1, 200).default(200),
  conversation: whole(0, 2 ** 31 - 1).optional(),
  json: z.string().min(1).optional(),
});

export type FuzzOptions = z.infer<typeof schema>;

const text = { type: "string" } as const;

/** The options, "help", or what is wrong with them, a line each. */
export function parseFuzzOptions(args: readonly string[]): FuzzOptions | "help" | { readonly problems: string[] } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        frames: text,
        seed: text,
        connections: text,
        conversation: text,
        json: text,
        help: { type: "boolean" },
      },
    });
    const { help, ...given } = values;
    if (help) return "help";
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    return { problems: parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`) };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}
