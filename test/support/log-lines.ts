/** A log that keeps what it is told. */
import type { Log } from "@starwake/server/engine/log.ts";

type Line = { readonly level: keyof Log; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

export function createLogLines(): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = [];
  const say =
    (level: keyof Log) =>
    (...said: readonly [string] | readonly [object, string]) => {
      const [fields, message] = said.length === 1 ? [{}, said[0]] : said;
      lines.push({ level, message, fields: { ...fields } });
    };
  return { log: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") }, lines };
}
