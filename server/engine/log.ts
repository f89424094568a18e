/**
 * The log: what the server says of itself, for a service to collect (a line of JSON each) or for a person at a
 * terminal to read.
 */
import { pino } from "pino";
import type { LogOutlet } from "./log-outlet.ts";
import { printable } from "./printable.ts";

/** From the most talkative to none at all. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

type LogLevel = (typeof logLevels)[number];

/** What other programs call the levels. */
const SYNONYMS: Readonly<Record<string, LogLevel>> = {
  all: "trace",
  verbose: "debug",
  information: "info",
  notice: "info",
  warning: "warn",
  err: "error",
  critical: "fatal",
  none: "silent",
  off: "silent",
};

/** The level that somebody means, in any case: `WARN` and `warning` are `warn`. */
export function logLevelOf(text: string): LogLevel | undefined {
  const word = text.toLowerCase();
  return logLevels.find((level) => level === word) ?? (Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : undefined);
}

/** A message, with or without the values it speaks of; an error goes under `err`, which keeps its stack. */
type Say = {
  (message: string): void;
  (fields: object, message: string): void;
};

/** What others take to log with. */
export type Log = { readonly debug: Say; readonly info: Say; readonly warn: Say; readonly error: Say };

/** Writes lines of JSON, or such as a person reads. When lines were lost, it says how many once it is heard again. */
export function createLog(level: LogLevel, outlet: LogOutlet, isForPeople: boolean): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const write = (line: string) => outlet.write(isForPeople ? readable(line) : printable(line));
  const log = pino(options, { write });
  outlet.onRecovered = (lines) => log.warn({ lines }, "log lines could not be written, and are lost");
  return log;
}

const COLOURS: Readonly<Record<string, string>> = {
  warn: "\x1b[33m",
  error: "\x1b[31m",
  fatal: "\x1b[31m",
  debug: "\x1b[2m",
};
const DIM = "\x1b[2m";
const PLAIN = "\x1b[0m";
/** "2026-01-31T12:34:56.789Z": the time of day stands here. */
const TIME_OF_DAY = [11, 19] as const;

/** One line of JSON as a person reads it: the time (UTC), the message, its values, and under it an error's stack. */
function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = level === "info" ? "" : `${COLOURS[String(level)] ?? ""}${level}${PLAIN} `;
  const values = Object.entries(fields).map(([name, value]) => `${printable(name)}=${readableValue(value)}`);
  const tail = values.length > 0 ? ` ${DIM}${values.join(" ")}${PLAIN}` : "";
  return `${DIM}${String(time).slice(...TIME_OF_DAY)}${PLAIN} ${label}${printable(String(msg))}${tail}\n${readableError(err)}`;
}

/** A plain word as it is; all else quoted, so that nobody's text can steer the terminal. */
function readableValue(value: unknown): string {
  return typeof value === "string" && /^[\w.:/@-]+$/.test(value) ? value : printable(JSON.stringify(value));
}

function readableError(error: unknown): string {
  if (error === undefined) return "";
  const { stack, message } = Object(error) as { stack?: unknown; message?: unknown };
  return `${DIM}${printable(String(stack ?? message ?? JSON.stringify(error)))}${PLAIN}\n`;
}
