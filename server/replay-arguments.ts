/** The command line of `npm run replay`. */
import { parseArgs } from "node:util";

export const REPLAY_HELP = `npm run replay -- COMMAND FILE

  verify FILE     runs the match again, and holds the world against every hash that the room recorded
    --partial     also for a recording that breaks off: verifies what there is of it
  info FILE       who played, where and when, and what came of it
  --help          this text
`;

export type ReplayCommand =
  | { readonly kind: "help" }
  | { readonly kind: "verify"; readonly path: string; readonly isPartialAllowed: boolean }
  | { readonly kind: "info"; readonly path: string }
  | { readonly kind: "invalid"; readonly problem: string };

const COMMANDS = ["verify", "info"];

/** Never throws. @param argv the words after the script's name */
export function parseReplayCommand(argv: readonly string[]): ReplayCommand {
  const options = { partial: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return values.help ? { kind: "help" } : commandOf(positionals, values.partial ?? false);
  } catch (error) {
    return { kind: "invalid", problem: (error as Error).message };
  }
}

function commandOf([command, path, stray]: readonly string[], partial: boolean): ReplayCommand {
  const invalid = (problem: string): ReplayCommand => ({ kind: "invalid", problem });
  if (command === undefined) return invalid(`say what to do: ${COMMANDS.join(" or ")}`);
  if (!COMMANDS.includes(command))
    return invalid(`${JSON.stringify(command)}: there is ${COMMANDS.join(" and ")} only`);
  if (path === undefined) return invalid(`${command}: say which file`);
  if (stray !== undefined) return invalid(`${JSON.stringify(stray)}: a stray word; one file at a time`);
  if (command === "verify") return { kind: "verify", path, isPartialAllowed: partial };
  return partial ? invalid("--partial is for verify only") : { kind: "info", path };
}
