/**
 * `npm run cheats`: what each false word about time gains an aimbot, in points of its shots that hit, against the same
 * aimbot that says the truth: the same seeds, the same network.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { CHEATS, type Cheat, honestLike } from "./cheats.ts";
import { runTrial } from "./trial.ts";

const HELP = `npm run cheats -- [options]

  --cheats NAMES   some of them, with commas (all): ${Object.keys(CHEATS).join(", ")}
  --seeds N        pairs of matches for each (6)
  --seed K         the first of them (1)
  --seconds S      how long they are watched, in virtual time (60)
  --list           what each of them does
  --help           this text
`;

const MAX_SEED = 2 ** 31 - 1;
const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const schema = z.object({
  cheats: z
    .string()
    .default(Object.keys(CHEATS).join(","))
    .transform((names) => names.split(","))
    .refine((names) => names.every((name) => Object.hasOwn(CHEATS, name)), {
      error: `there are ${Object.keys(CHEATS).join(", ")}`,
    }),
  seeds: whole(1, 1000).default(6),
  seed: whole(0, MAX_SEED).default(1),
  seconds: whole(1, 3600).default(60),
});

type Line = z.infer<typeof schema>;
type Sum = { shots: number; hits: number; lag: number };

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { cheats: text, seeds: text, seed: text, seconds: text, list: flag, help: flag },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.list) return list();
  const line = schema.safeParse(values);
  if (line.success) return compare(line.data);
  for (const { path, message } of line.error.issues) console.error(`--${String(path[0])}: ${message}`);
  process.exitCode = 1;
}

function list(): void {
  for (const [name, { summary }] of Object.entries(CHEATS)) console.log(`${name.padEnd(18)} ${summary}`);
}

async function compare(line: Line): Promise<void> {
  const { seed, seeds, seconds } = line;
  console.log(`seeds ${seed} to ${seed + seeds - 1}, ${seconds} s each; lag: ticks by which shots were judged\n`);
  console.log("cheat                honest   lag    cheat   lag    gain");
  const honest = new Map<string, Sum>();
  for (const name of line.cheats) {
    const cheat = CHEATS[name];
    const honestOne = honestLike(cheat);
    const alike = JSON.stringify(honestOne);
    const truth = honest.get(alike) ?? (await play(honestOne, line));
    honest.set(alike, truth);
    const lie = await play(cheat, line);
    const gain = (part(lie) - part(truth)).toFixed(1).padStart(6);
    console.log(`${name.padEnd(18)} ${shown(truth)} ${shown(lie)}  ${gain}`);
  }
}

async function play(cheat: Cheat, { seed, seeds, seconds }: Line): Promise<Sum> {
  const sum = { shots: 0, hits: 0, lag: 0 };
  for (let index = 0; index < seeds; index++) {
    const { shots, hits, lag } = await runTrial({ cheat, seed: seed + index, seconds });
    sum.shots += shots;
    sum.hits += hits;
    sum.lag += lag / seeds;
  }
  return sum;
}

function part({ hits, shots }: Sum): number {
  return (100 * hits) / Math.max(1, shots);
}

function shown(sum: Sum): string {
  return `${part(sum).toFixed(1).padStart(6)} % ${sum.lag.toFixed(1).padStart(5)}`;
}
