/** `npm run faults`: makes every function that serves connections and rooms throw, each once, and tells whom it harmed. */
import { parseArgs } from "node:util";
import { runTrial } from "./trial.ts";

const HELP = `Starwake: every function of a running server throws, once, while people play.

  npm run faults -- [flags]

  --entries    only functions that Node or a library calls
  --every N    each N-th function only
  --help, -h   shows this

Ends with code 1 where a fault reached the process, or more than one connection or room.
`;

const { values } = parseArgs({
  options: {
    entries: { type: "boolean", default: false },
    every: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const every = Number(values.every);
if (values.help) process.stdout.write(HELP);
else if (!Number.isInteger(every) || every < 1) {
  console.error(`--every ${JSON.stringify(values.every)}: must be a whole number from 1 on`);
  process.exitCode = 1;
} else {
  const { sites, fired, strays, findings } = await runTrial({ entriesOnly: values.entries, every, tell: console.log });
  console.log(`\n${fired} of ${sites} functions threw; ${findings.length} at fault`);
  if (strays.length > 0) console.log(`the last resort caught ${strays.length}: ${strays.join(", ")}`);
  for (const { name, problem } of findings) console.log(`  ${name}: ${problem}`);
  process.exit(findings.length > 0 ? 1 : 0);
}
