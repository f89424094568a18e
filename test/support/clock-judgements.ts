/**
 * Finds where a test's verdict could hang on the machine's speed: a time-out shorter than four minutes, a sleep, a look at a real
 * clock; and, in a file that has such or imports one that has, every short time that has a name. What must be there stands in a list with the reason,
 * see test/engine/no-clock-judges.test.ts.
 */
import {
  isNode,
  lineAt,
  parseSource,
  readImported,
  rootOf,
  type SourceFile,
  type SyntaxNode,
  type Violation,
  walk,
} from "./source-tree.ts";

/** What takes less may be slow and sound: with ten times as many processes as cores, a browser's test took over a minute. */
export const LEAST_TIMEOUT_MS = 240_000;

const CLOCKS = new Set([
  ...["performance.now", "Date.now", "process.hrtime", "process.uptime", "process.cpuUsage"],
  ...["AbortSignal.timeout", "scheduler.wait"],
]);
const SLEEPS = new Set(["setTimeout", "setInterval", "waitForTimeout"]);
const TIMERS = new Set(["node:timers/promises", "node:timers"]);
/** The server's own sleep, which ends by a signal, too. */
const SERVERS_SLEEP = { file: /(^|\/)stop-request\.ts$/, name: "wait" };
/** Calls whose last number is a time-out. */
const ENDED_BY_NUMBER =
  /^(test|it|describe|beforeAll|beforeEach|afterAll|afterEach|waitFor|waitUntil|setDefault\w*Timeout)$/;
const TIMEOUTS = /^(timeout|testTimeout|hookTimeout|teardownTimeout)$/;
/** Functions of our own that wait; a pause this long that has no name may be what something is judged by. */
const WAITS = /^(pause|sleep|wait|delay|until)/i;
const MOST_NAMELESS_PAUSE_MS = 500;
/** How times are named here: a constant, or a property. */
const TIMES = /_(MS|SECONDS)$|^(ms|seconds)$|(Ms|Seconds)$/;

/** Reads what a file imports; undefined: it is not the project's. */
type ReadImported = (importer: string, name: string) => SourceFile | undefined;

/** A problem's name is what it is called in the source; "timeout" for all of those. */
export function clockJudgementsIn(file: SourceFile, read: ReadImported = readImported): Violation[] {
  const root = rootOf(parseSource(file));
  const numbers = numbersNamedIn(file, root, read);
  const found: Violation[] = [];
  const times: Violation[] = [];
  walk(root, (node, parent) => {
    const at = (problem: string) => ({ path: file.path, line: lineAt(file.source, node.start), problem });
    const problem = problemOf(node, parent, numbers);
    if (problem !== undefined) found.push(at(problem));
    const time = shortTimeOf(node, numbers);
    if (time !== undefined && time !== problem) times.push(at(time));
  });
  const isInRealTime = found.some(({ problem }) => problem !== "timeout");
  return isInRealTime || (times.length > 0 && asksForTime(file, root, read)) ? [...found, ...times] : found;
}

/** Whether something that it imports from among the tests waits in real time: a short time may be handed to that. */
function asksForTime(file: SourceFile, root: SyntaxNode, read: ReadImported): boolean {
  let asks = false;
  walk(root, (node) => {
    const name = node.type === "ImportDeclaration" ? (textOf(node.source) as string) : "";
    const imported = name.startsWith(".") ? read(file.path, name) : undefined;
    // What the benchmark measures, its tests make up.
    if (imported === undefined || !/^test\/(?!bench\/)/.test(imported.path)) return;
    walk(rootOf(parseSource(imported)), (inner, parent) => {
      const problem = problemOf(inner, parent, new Map());
      asks ||= problem !== undefined && problem !== "timeout";
    });
  });
  return asks;
}

type Numbers = ReadonlyMap<string, number>;

function problemOf(node: SyntaxNode, parent: SyntaxNode | undefined, numbers: Numbers): string | undefined {
  switch (node.type) {
    case "CallExpression":
      return problemOfCall(node, numbers);
    case "MemberExpression":
      // `process.hrtime.bigint` is told of once, by its inner part.
      return CLOCKS.has(nameOf(node)) && parent !== undefined ? nameOf(node) : undefined;
    case "VariableDeclarator":
      return clockTakenApart(node);
    case "NewExpression":
      return isBareDate(node) ? "new Date" : undefined;
    case "ImportDeclaration":
      return problemOfImport(node);
    case "Property":
      return TIMEOUTS.test(nameOf(node.key)) && isShort(node.value, numbers) ? "timeout" : undefined;
    default:
      return undefined;
  }
}

function problemOfCall(node: SyntaxNode, numbers: Numbers): string | undefined {
  const called = nameOf(node.callee).split(".").at(-1)!;
  if (SLEEPS.has(called)) return called;
  const values = node.arguments as unknown[];
  if (ENDED_BY_NUMBER.test(called)) return isShort(values.at(-1), numbers) ? "timeout" : undefined;
  return WAITS.test(called) && values.some(isLongAndNameless) ? called : undefined;
}

function isLongAndNameless(value: unknown): boolean {
  const ms = numberOf(value, new Map());
  return ms !== undefined && ms >= MOST_NAMELESS_PAUSE_MS;
}

/** `const { now } = Date`. */
function clockTakenApart({ id, init }: SyntaxNode): string | undefined {
  if (!isNode(id) || id.type !== "ObjectPattern") return undefined;
  const taken = (id.properties as unknown[]).map((one) => `${nameOf(init)}.${isNode(one) ? nameOf(one.key) : ""}`);
  return taken.find((name) => CLOCKS.has(name));
}

function problemOfImport(node: SyntaxNode): string | undefined {
  const from = textOf(node.source) as string;
  if (TIMERS.has(from)) return from;
  return SERVERS_SLEEP.file.test(from) && importedBy(node).some(({ name }) => name === SERVERS_SLEEP.name)
    ? SERVERS_SLEEP.name
    : undefined;
}

function isBareDate(node: SyntaxNode): boolean {
  return nameOf(node.callee) === "Date" && (node.arguments as unknown[]).length === 0;
}

/** The name of a constant or property that is a short time. */
function shortTimeOf(node: SyntaxNode, numbers: Numbers): string | undefined {
  const [name, value] =
    node.type === "VariableDeclarator"
      ? [nameOf(node.id), node.init]
      : node.type === "Property"
        ? [nameOf(node.key), node.value]
        : ["", undefined];
  const unitMs = /seconds$/i.test(name) ? 1_000 : 1;
  const time = TIMES.test(name) ? numberOf(value, numbers) : undefined;
  return time !== undefined && time > 0 && time * unitMs < LEAST_TIMEOUT_MS ? name : undefined;
}

function isShort(value: unknown, numbers: Numbers): boolean {
  const timeoutMs = numberOf(value, numbers);
  return timeoutMs !== undefined && timeoutMs < LEAST_TIMEOUT_MS;
}

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
};

/** A number as it is written, what is reckoned with such, or a constant. */
function numberOf(value: unknown, numbers: Numbers): number | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === "Literal" && typeof value.value === "number") return value.value;
  if (value.type === "Identifier") return numbers.get(value.name as string);
  if (value.type !== "BinaryExpression" || !Object.hasOwn(OPERATORS, value.operator as string)) return undefined;
  const [left, right] = [numberOf(value.left, numbers), numberOf(value.right, numbers)];
  return left === undefined || right === undefined ? undefined : OPERATORS[value.operator as string]!(left, right);
}

/** The constants of a file, and those that it imports. */
function numbersNamedIn(
  file: SourceFile,
  root: SyntaxNode,
  read: ReadImported,
  above: readonly string[] = [],
): Numbers {
  const numbers = new Map<string, number>();
  walk(root, (node) => {
    if (node.type === "ImportDeclaration") take(node);
    const number = node.type === "VariableDeclarator" ? numberOf(node.init, numbers) : undefined;
    if (number !== undefined) numbers.set(nameOf(node.id), number);
  });
  return numbers;

  function take(node: SyntaxNode): void {
    // Numbers have names in capitals: nothing else is worth reading a file for.
    const wanted = importedBy(node).filter(({ name }) => /^[A-Z0-9_]+$/.test(name));
    const imported = wanted.length === 0 ? undefined : read(file.path, textOf(node.source) as string);
    if (imported === undefined || above.includes(imported.path)) return;
    const others = numbersNamedIn(imported, rootOf(parseSource(imported)), read, [...above, file.path]);
    for (const { name, as } of wanted) if (others.has(name)) numbers.set(as, others.get(name)!);
  }
}

/** What an import takes, and what it calls it. */
function importedBy(node: SyntaxNode): { readonly name: string; readonly as: string }[] {
  return (node.specifiers as SyntaxNode[])
    .filter(({ type }) => type === "ImportSpecifier")
    .map(({ imported, local }) => ({ name: nameOf(imported), as: nameOf(local) }));
}

/** "a.b" of a.b, "test" of test.for(…), "" of what has no name. */
function nameOf(value: unknown): string {
  if (!isNode(value)) return "";
  if (value.type === "Identifier") return value.name as string;
  if (value.type === "CallExpression") return nameOf(value.callee).split(".")[0];
  if (value.type !== "MemberExpression" || value.computed) return "";
  return `${nameOf(value.object)}.${nameOf(value.property)}`;
}

function textOf(value: unknown): unknown {
  return isNode(value) ? value.value : undefined;
}
