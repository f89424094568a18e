/**
 * Options from a table: reads flags and environment variables, tells what is wrong with them, and writes the help.
 * `mapSize` in the table is `--map-size` and `MAP_SIZE`. A flag beats its variable; of a flag given twice the last
 * counts, unless it is a list.
 */
import { parseArgs } from "node:util";
import type { z } from "zod";

type Option = {
  /** Stands for the value in the help; a switch has none. */
  readonly placeholder?: string;
  readonly schema: z.ZodType<unknown, string>;
  /** Completes "must be …". */
  readonly allowed: string;
  /** As it would be written on the command line. */
  readonly byDefault: string;
  readonly meaning: string;
  /** The option that this one may not exceed: a given value is refused, a default is lowered to it. */
  readonly atMost?: string;
  /** May be given several times; all count. The schema reads them separated by commas. */
  readonly isList?: boolean;
  /** What was given for it is never shown. */
  readonly isSecret?: boolean;
};

export type Options = Readonly<Record<string, Option>>;

export type ParsedOptions = {
  readonly isHelpWanted: boolean;
  /** One line each; values are complete only when there are none. */
  readonly problems: readonly string[];
  readonly values: ReadonlyMap<string, unknown>;
};

/** What was set for an option, and where: `--port` or `PORT`. */
type Given = { readonly source: string; readonly text: string };

/** What is gathered while reading. */
type Reading = {
  readonly given: Map<string, Given>;
  readonly values: Map<string, unknown>;
  readonly problems: string[];
  isHelpWanted: boolean;
};

export function parseOptions(
  options: Options,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  const reading: Reading = { given: new Map(), values: new Map(), problems: [], isHelpWanted: false };
  readFlags(options, argv, reading);
  readEnvironment(options, env, reading);
  for (const [name, option] of Object.entries(options)) readValue(name, option, reading);
  for (const [name, option] of Object.entries(options)) keepToLimit(name, option, reading);
  return reading;
}

/** A line for each option: flag, variable, default, meaning and what is allowed. */
export function helpOn(options: Options): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const limit = option.atMost === undefined ? "" : ` and at most ${flagOf(option.atMost)}`;
    const repeat = option.isList ? "; may be repeated (the variable: separated by commas)" : "";
    return [
      [flagOf(name), option.placeholder].filter(Boolean).join(" "),
      variableOf(name),
      option.byDefault || "none",
      `${option.meaning}: ${option.allowed}${limit}${repeat}`,
    ];
  });
  const table = [["flag", "variable", "default", "meaning"], ...rows, ["--help, -h", "", "", "shows this"]];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}`,
  );
  return `${lines.join("\n")}\n`;
}

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const variableOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

function readFlags(options: Options, argv: readonly string[], reading: Reading): void {
  const names = new Map(Object.keys(options).map((name) => [flagOf(name), name]));
  for (const token of tokensOf(options, argv)) {
    if (token.kind === "positional")
      reading.problems.push(`${quote(token.value)}: a stray word; options begin with --`);
    if (token.kind !== "option") continue;
    const name = names.get(token.rawName);
    if (token.name === "help") reading.isHelpWanted = true;
    else if (name === undefined) reading.problems.push(`${token.rawName}: there is no such option; --help lists all`);
    else readFlag(name, options[name]!, token, reading);
  }
}

function tokensOf(options: Options, argv: readonly string[]) {
  const kinds = Object.entries(options).map(([name, { placeholder }]) => {
    const type: "string" | "boolean" = placeholder === undefined ? "boolean" : "string";
    return [flagOf(name).slice(2), { type }];
  });
  const described = { ...Object.fromEntries(kinds), help: { type: "boolean", short: "h" } };
  // Not strict: strict would throw at the first problem, and all are to be told.
  return parseArgs({ args: [...argv], options: described, strict: false, tokens: true }).tokens;
}

type FlagToken = {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

function readFlag(name: string, option: Option, token: FlagToken, { given, problems }: Reading): void {
  const { rawName: source, value } = token;
  const isSwitch = option.placeholder === undefined;
  // `--port --host x`: what follows is the next flag, not a value.
  const isMissing = value === undefined || (!token.inlineValue && value.startsWith("--"));
  if (isSwitch && value !== undefined) problems.push(`${source}: takes no value, and was given ${quote(value)}`);
  else if (isSwitch) given.set(name, { source, text: "true" });
  else if (isMissing) problems.push(`${source}: needs a value: ${option.allowed}`);
  else given.set(name, { source, text: [option.isList && given.get(name)?.text, value].filter(Boolean).join(",") });
}

/** Adds what the flags left open; an empty variable counts as none. */
function readEnvironment(
  options: Options,
  env: Readonly<Record<string, string | undefined>>,
  { given }: Reading,
): void {
  for (const name of Object.keys(options)) {
    const text = env[variableOf(name)];
    if (text && !given.has(name)) given.set(name, { source: variableOf(name), text });
  }
}

function readValue(name: string, option: Option, { given, values, problems }: Reading): void {
  const { source, text } = given.get(name) ?? { source: flagOf(name), text: option.byDefault };
  const result = option.schema.safeParse(text, { reportInput: true });
  if (result.success) values.set(name, result.data);
  for (const issue of result.error?.issues ?? [])
    problems.push(
      `${source} ${option.isSecret ? "(not shown)" : quote(String(issue.input))}: must be ${option.allowed}`,
    );
}

function keepToLimit(name: string, option: Option, { given, values, problems }: Reading): void {
  const value = values.get(name);
  const limit = option.atMost === undefined ? undefined : values.get(option.atMost);
  if (typeof value !== "number" || typeof limit !== "number" || value <= limit) return;
  const source = given.get(name)?.source;
  if (source === undefined) values.set(name, limit);
  else problems.push(`${source} ${value}: must be at most ${flagOf(option.atMost!)}, which is ${limit}`);
}

/** A value as it is shown: on one line, and never very long. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
