/**
 * `npm run attack -- NAME`: one of the attacks of attacks.ts against a server of its own, beside honest players.
 *
 * Next: siege.ts, which has it all happen, and verdict.ts, which judges.
 */
import { fileURLToPath } from "node:url";
import { Attackers } from "./attackers.ts";
import { ATTACKS } from "./attacks.ts";
import { Core, canPin, pinOwnProcess } from "./child-process.ts";
import type { AttackCounts } from "./field.ts";
import type { Figures } from "./figures.ts";
import { type AttackOptions, HELP, parseAttackOptions } from "./options.ts";
import { besiege } from "./siege.ts";
import { endAfter, lacking, progress, tell } from "./telling.ts";
import { growthOfSecondHalf, missesMemoryAlone } from "./verdict.ts";
import type { AttackOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** To start, to let the honest in, to see what is left, and to end. */
const MOST_BESIDE_SECONDS = 180;
/** So many times as long it goes on once more where memory alone was missed. */
const LONGER_LOOK = 2;

const options = parseAttackOptions(process.argv.slice(2));
if (options === "help") process.stdout.write(HELP);
else if (options === "list") list();
else if ("problems" in options) {
  for (const problem of options.problems) console.error(problem);
  console.error("npm run attack -- --help lists the options");
  process.exitCode = 1;
} else process.exitCode = await run(options).catch(explain);
process.exit();

function list(): void {
  const width = Math.max(...[...ATTACKS.keys()].map(({ length }) => length));
  for (const { name, does } of ATTACKS.values()) console.log(`${name.padEnd(width)}  ${does}`);
}

async function run(options: AttackOptions): Promise<number> {
  const problem = lacking();
  if (problem !== undefined) throw new Error(problem);
  const { seconds, json } = options;
  const longerSeconds = seconds * LONGER_LOOK;
  endAfter(seconds + longerSeconds + 2 * MOST_BESIDE_SECONDS);
  pinOwnProcess(Core.Server);
  if (!canPin) progress("taskset is missing, or there is one core: attackers and server share what there is");
  const figures = await attackFor(seconds, options);
  if (!missesMemoryAlone(figures)) return tell(figures, json);
  const { memoryBytes } = figures;
  progress(
    `memory grew by ${Math.round(growthOfSecondHalf(memoryBytes) / 1e6)} MB, and all else held: once more, and for longer, to see whether it goes on`,
  );
  return tell(await attackFor(longerSeconds, options), json);
}

function attackFor(seconds: number, { attack, addresses, honest, seed }: AttackOptions): Promise<Figures> {
  const from = addresses === 1 ? "one address" : `${addresses} addresses`;
  progress(`${attack} from ${from} for ${seconds} s, seed ${seed}; ${honest} honest bots`);
  const attackers = new Attackers<AttackOrder, AttackCounts>(WORKER, { opened: 0, refused: 0, bytes: 0 });
  const { room } = ATTACKS.get(attack)!;
  const quick = { kind: "quick" } as const;
  return besiege({
    ...{ title: `${attack} from ${from}`, seed, progress },
    honest: Array.from({ length: honest }, () => quick),
    newcomers: room === undefined ? [quick] : [{ kind: "code", code: room }, quick],
    attack: ({ port }, ended) => attackers.attack({ attack, port, addresses, seconds, seed }, ended),
    words: () => `attackers: ${attackers.counts.opened} connections, ${Math.round(attackers.counts.bytes / 1e6)} MB`,
  });
}

function explain(error: unknown): number {
  console.error((error as Error).message);
  return 1;
}
