/** The bots' command line. */
import { parseArgs } from "node:util";
import { ROOM_CODE_PATTERN } from "@starwake/shared/engine/protocol.ts";
import { z } from "zod";

export const HELP = `npm run bots -- [options]

  --url URL       server to play on (http://localhost:3000)
  --count N       bots (10)
  --seconds S     how long they play once all have joined (30); Ctrl-C ends it earlier, with the report
  --patience S    nobody has come in for so long: those who are still outside stay there (20)
  --room CODE     a private room; without it, quick play
  --seed K        what they fly by: the same seed, the same bots (1)
  --json FILE     write the report there
  --metrics-token TOKEN   the server's, to read its metrics from another machine (or METRICS_TOKEN)
  --help          this text
`;

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

const schema = z.object({
  url: z.url({ protocol: /^https?$/ }).default("http://localhost:3000"),
  count: whole(1, 2000).default(10),
  seconds: whole(1, 86_400).default(30),
  patience: whole(1, 86_400).default(20),
  room: z.string().toUpperCase().regex(ROOM_CODE_PATTERN, "4 to 12 letters and digits").optional(),
  seed: whole(0, 2 ** 31 - 1).default(1),
  json: z.string().min(1).optional(),
  "metrics-token": z.string().min(1).optional(),
});

type Parsed = z.infer<typeof schema>;
export type BotOptions = Omit<Parsed, "metrics-token"> & { readonly metricsToken?: string };

const text = { type: "string" } as const;

/** The options, "help", or what is wrong with them, a line each. */
export function parseBotOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): BotOptions | "help" | { readonly problems: string[] } {
  try {
    const options = {
      url: text,
      count: text,
      seconds: text,
      patience: text,
      room: text,
      seed: text,
      json: text,
      "metrics-token": text,
      help: { type: "boolean" },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return "help";
    const parsed = schema.safeParse(values);
    if (parsed.success) return withToken(parsed.data, env.METRICS_TOKEN);
    return { problems: parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`) };
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
}

function withToken({ "metrics-token": given, ...options }: Parsed, variable: string | undefined): BotOptions {
  const metricsToken = given ?? variable;
  return metricsToken ? { ...options, metricsToken } : options;
}
