/**
 * Finds where a test's verdict could hang on the machine's speed: a time-out shorter than four minutes, a sleep, a look at a real
 * clock. A test that must have one stands in a list with the reason, see test/engine/no-clock-judges.test.ts.
 */
import {
  isNode,
  lineAt,
  parseSource,
  rootOf,
  type SourceFile,
  type SyntaxNode,
  type Violation,
  walk,
} from "./source-tree.ts";

/** What takes less may be slow and sound: with ten times as many processes as cores, a browser's test took over a minute. */
export const LEAST_TIMEOUT_MS = 240_000;

const CLOCKS = new Set(["performance.now", "Date.now", "process.hrtime", "process.cpuUsage", "AbortSignal.timeout"]);
const SLEEPS = new Set(["setTimeout", "waitForTimeout"]);
/** Calls whose last number is a time-out. */
const ENDED_BY_NUMBER =
  /^(test|it|describe|beforeAll|beforeEach|afterAll|afterEach|waitFor|waitUntil|setDefault\w*Timeout)$/;

/** A problem's name is what it is called in the source; "timeout" for all of those. */
export function clockJudgementsIn(file: SourceFile): Violation[] {
  const root = rootOf(parseSource(file));
  const numbers = numbersNamedIn(root);
  const found: Violation[] = [];
  const tell = ({ start }: SyntaxNode, problem: string) =>
    void found.push({ path: file.path, line: lineAt(file.source, start), problem });
  walk(root, (node, parent) => {
    const problem = problemOf(node, parent, numbers);
    if (problem !== undefined) tell(node, problem);
  });
  return found;
}

type Numbers = ReadonlyMap<string, number>;

function problemOf(node: SyntaxNode, parent: SyntaxNode | undefined, numbers: Numbers): string | undefined {
  switch (node.type) {
    case "CallExpression":
      return problemOfCall(node, numbers);
    case "MemberExpression":
      // `process.hrtime.bigint` is told of once, by its inner part.
      return CLOCKS.has(nameOf(node)) && parent !== undefined ? nameOf(node) : undefined;
    case "NewExpression":
      return isBareDate(node) ? "new Date" : undefined;
    case "ImportDeclaration":
      return textOf(node.source) === "node:timers/promises" ? "node:timers/promises" : undefined;
    case "Property":
      return nameOf(node.key) === "timeout" && isShort(node.value, numbers) ? "timeout" : undefined;
    default:
      return undefined;
  }
}

function problemOfCall(node: SyntaxNode, numbers: Numbers): string | undefined {
  const called = nameOf(node.callee).split(".").at(-1)!;
  if (SLEEPS.has(called)) return called;
  const last = (node.arguments as unknown[]).at(-1);
  return ENDED_BY_NUMBER.test(called) && isShort(last, numbers) ? "timeout" : undefined;
}

function isBareDate(node: SyntaxNode): boolean {
  return nameOf(node.callee) === "Date" && (node.arguments as unknown[]).length === 0;
}

function isShort(value: unknown, numbers: Numbers): boolean {
  const timeoutMs = numberOf(value, numbers);
  return timeoutMs !== undefined && timeoutMs < LEAST_TIMEOUT_MS;
}

/** A number as it is written, a product of such, or a constant of the same file. */
function numberOf(value: unknown, numbers: Numbers): number | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === "Literal" && typeof value.value === "number") return value.value;
  if (value.type === "Identifier") return numbers.get(value.name as string);
  if (value.type !== "BinaryExpression" || value.operator !== "*") return undefined;
  const [left, right] = [numberOf(value.left, numbers), numberOf(value.right, numbers)];
  return left === undefined || right === undefined ? undefined : left * right;
}

function numbersNamedIn(root: SyntaxNode): Numbers {
  const numbers = new Map<string, number>();
  walk(root, (node) => {
    const number = node.type === "VariableDeclarator" ? numberOf(node.init, numbers) : undefined;
    if (number !== undefined) numbers.set(nameOf(node.id), number);
  });
  return numbers;
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
