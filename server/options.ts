/**
 * Options from a table: reads flags and environment variables, tells what is wrong with them, and writes the help.
 * `mapSize` in the table is `--map-size`, `STARWAKE_MAP_SIZE` and `MAP_SIZE`, each of which beats those after it. Of a flag
 * given twice the last counts, unless it is a list.
 *
 * A plain variable may be meant for another program: tools set HOST and LOG_LEVEL in people's shells. One that makes no
 * sense here is noted and passed over, while a flag or a STARWAKE_ variable that makes none is a problem.
 */
import { parseArgs } from "node:util";
import type { z } from "zod";
import { printable } from "./engine/printable.ts";

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
  /** Of what the schema takes, what the plain variable may say, where others use it for something else. */
  readonly plain?: { readonly takes: (text: string) => boolean; readonly allowed: string };
  /** Tells a value of the STARWAKE_ variable that is not the host's own, and says whose it is. */
  readonly foreign?: { readonly matches: (text: string) => boolean; readonly whose: string };
};

export type Options = Readonly<Record<string, Option>>;

export type ParsedOptions = {
  readonly isHelpWanted: boolean;
  /** One line each; values are complete only when there are none. */
  readonly problems: readonly string[];
  /** One line for each variable that was passed over. */
  readonly notes: readonly string[];
  readonly values: ReadonlyMap<string, unknown>;
  /** What was set, and where. */
  readonly given: ReadonlyMap<string, Given>;
};

/** What was set for an option, and where: `--port`, `STARWAKE_PORT` or `PORT`. */
export type Given = { readonly source: string; readonly text: string; readonly isPlain?: boolean };

/** What is gathered while reading. */
type Reading = {
  readonly given: Map<string, Given>;
  readonly values: Map<string, unknown>;
  readonly problems: string[];
  readonly notes: string[];
  isHelpWanted: boolean;
};

const OWN_PREFIX = "STARWAKE_";
/** Kubernetes sets these in every container for each service, so for one named starwake or starwake-web with our prefix. */
const SERVICE_LINK = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
/** And this one, whose name others might have, too: it is known by its value. */
const SERVICE_PORT = /_PORT$/;
const SERVICE_ADDRESS = /^(?:tcp|udp|sctp):\/\//;

export function parseOptions(
  options: Options,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  const reading: Reading = { given: new Map(), values: new Map(), problems: [], notes: [], isHelpWanted: false };
  readFlags(options, argv, reading);
  readEnvironment(options, env, reading);
  noteUnknown(options, env, reading);
  for (const name of Object.keys(options)) readValue(options, name, reading);
  for (const name of Object.keys(options)) keepToLimit(options, name, reading);
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
  return `${lines.join("\n")}\n
  ${OWN_PREFIX} before a variable's name is understood, too, and beats the name alone: ${OWN_PREFIX}PORT beats PORT. A flag beats both.
  A plain variable that makes no sense here is taken for another program's, and passed over with a line in the log.
`;
}

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const variableOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
/** Whether it is what Kubernetes sets some variables to, such as tcp://10.3.0.7:80. */
export const isServiceAddress = (text: string): boolean => SERVICE_ADDRESS.test(text);

/**
 * The note on a plain variable that makes no sense here; it says how to set the option so that nobody else's value is taken.
 * @param complaint names the variable, and what is wrong with it
 */
export function passedOver(name: string, complaint: string): string {
  return `${complaint}; passed over as another program's, ${OWN_PREFIX}${variableOf(name)} or ${flagOf(name)} sets it`;
}

function readFlags(options: Options, argv: readonly string[], reading: Reading): void {
  const names = new Map(Object.keys(options).map((name) => [flagOf(name), name]));
  let place = "at the beginning";
  for (const token of tokensOf(options, argv)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "option" && token.name === "help") reading.isHelpWanted = true;
    else if (token.kind === "option" && token.rawName.startsWith("--")) {
      place = `after ${quoteName(token.rawName)}`;
      const name = names.get(token.rawName);
      if (name !== undefined) readFlag(name, options[name]!, token, reading);
      else reading.problems.push(`${quoteName(token.rawName)}: there is no such option; --help lists all`);
    } else tellOfStray(place, reading);
  }
}

/** Tells of it once, and only where it stands: after a flag that is mistyped, it may be a secret. */
function tellOfStray(place: string, { problems }: Reading): void {
  const problem = `a stray word ${place}: options begin with --`;
  if (!problems.includes(problem)) problems.push(problem);
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

/** Adds what the flags left open; an empty variable counts as none, and blanks around a value as nothing. */
function readEnvironment(
  options: Options,
  env: Readonly<Record<string, string | undefined>>,
  { given, notes }: Reading,
): void {
  for (const [name, { foreign }] of Object.entries(options)) {
    if (given.has(name)) continue;
    const plain = variableOf(name);
    const own = `${OWN_PREFIX}${plain}`;
    const [ownText, plainText] = [env[own]?.trim(), env[plain]?.trim()];
    const isForeign = ownText && foreign?.matches(ownText);
    if (isForeign)
      notes.push(`${own} ${quote(ownText)}: passed over, since ${foreign?.whose}; ${flagOf(name)} sets it`);
    if (ownText && !isForeign) given.set(name, { source: own, text: ownText });
    else if (plainText) given.set(name, { source: plain, text: plainText, isPlain: true });
  }
}

function noteUnknown(options: Options, env: Readonly<Record<string, string | undefined>>, { notes }: Reading): void {
  const known = new Set(Object.keys(options).map((name) => `${OWN_PREFIX}${variableOf(name)}`));
  for (const [variable, text = ""] of Object.entries(env)) {
    if (!variable.startsWith(OWN_PREFIX) || known.has(variable) || isServiceLink(variable, text)) continue;
    notes.push(`${quoteName(variable)}: there is no such variable; --help lists all`);
  }
}

function isServiceLink(variable: string, text: string): boolean {
  return SERVICE_LINK.test(variable) || (SERVICE_PORT.test(variable) && isServiceAddress(text));
}

function readValue(options: Options, name: string, reading: Reading): void {
  const option = options[name]!;
  const given = reading.given.get(name) ?? { source: flagOf(name), text: option.byDefault };
  const result = option.schema.safeParse(given.text, { reportInput: true });
  const isOthers = given.isPlain && option.plain?.takes(given.text) === false;
  if (result.success && !isOthers) {
    reading.values.set(name, result.data);
    return;
  }
  const allowed = given.isPlain ? (option.plain?.allowed ?? option.allowed) : option.allowed;
  const wrong = isOthers ? [given.text] : (result.error?.issues ?? []).map((issue) => String(issue.input));
  const shown = (text: string) => (option.isSecret ? "(not shown)" : quote(text));
  const complaints = wrong.map((text) => `${given.source} ${shown(text)}: must be ${allowed}`);
  if (given.isPlain) passOver(options, name, complaints[0]!, reading);
  else reading.problems.push(...complaints);
}

/** Of two that exclude each other, what may be another program's gives way to what is surely meant. */
function keepToLimit(options: Options, name: string, reading: Reading): void {
  const { given, values, problems } = reading;
  const { atMost } = options[name]!;
  const value = values.get(name);
  const limit = atMost === undefined ? undefined : values.get(atMost);
  if (atMost === undefined || typeof value !== "number" || typeof limit !== "number" || value <= limit) return;
  const set = given.get(name);
  if (set === undefined) {
    values.set(name, limit);
    return;
  }
  const limitSet = given.get(atMost);
  const complaint = `${set.source} ${value}: must be at most ${flagOf(atMost)}, which is ${limit}`;
  if (set.isPlain) passOver(options, name, complaint, reading);
  else if (limitSet?.isPlain)
    passOver(options, atMost, `${limitSet.source} ${limit}: is less than ${set.source}, which is ${value}`, reading);
  else {
    problems.push(complaint);
    return;
  }
  keepToLimit(options, name, reading);
}

/** Has the default in place of a plain variable that makes no sense. */
function passOver(options: Options, name: string, complaint: string, { given, values, notes }: Reading): void {
  const { schema, byDefault } = options[name]!;
  given.delete(name);
  values.set(name, schema.parse(byDefault));
  notes.push(passedOver(name, complaint));
}

/** A name as it is shown: it may hold anything but "=". */
function quoteName(name: string): string {
  return /^[\w-]{1,80}$/.test(name) ? name : quote(name);
}

/** A value as it is shown: on one line, and never very long. */
function quote(text: string): string {
  return printable(JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text));
}
