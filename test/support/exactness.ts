/**
 * The ban that keeps the simulation exact: what the sources that decide the world's bits may not use, because two
 * machines could answer differently.
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

/** What IEEE 754 or integer arithmetic fixes to the last bit. */
const EXACT_MATHS = new Set(["sqrt", "floor", "ceil", "round", "trunc", "abs", "min", "max", "imul", "clz32"]);

/** Clocks, timers, and whatever depends on where the machine stands. */
const BANNED_NAMES = new Set([
  "Date",
  "performance",
  "Intl",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "requestAnimationFrame",
  "queueMicrotask",
]);

const BANNED_MEMBERS = /^(toLocale.*|localeCompare)$/;

/** A place that may do what the others may not, and why that is harmless. */
type Allowance = { readonly path: string; readonly uses: string; readonly because: string };

export const ALLOWANCES: readonly Allowance[] = [
  {
    path: "shared/engine/exact-maths.ts",
    uses: "Math.sin",
    because: "its table is rounded to 2^-14, far coarser than any engine's error",
  },
  { path: "shared/engine/exact-maths.ts", uses: "Math.PI", because: "a constant, used for that table alone" },
  {
    path: "shared/engine/schema.ts",
    uses: "Math.log2",
    because: "checks a declaration when it is made; no state follows from it",
  },
  {
    path: "shared/engine/player-name.ts",
    uses: "Intl",
    because:
      "tells the letters of a name apart; the server's word on a name is the one that counts, and no world holds it",
  },
];

/** The sources that decide the world's bits. */
export function isExact(path: string): boolean {
  return /^shared\/|^server\/game\//.test(path);
}

/** Where a source breaks the ban. */
export function inexactUses(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  walk(rootOf(parseSource(file)), (node, parent, key) => {
    const use = bannedUse(node, parent, key);
    if (use === undefined || ALLOWANCES.some(({ path, uses }) => path === file.path && uses === use)) return;
    violations.push({ path: file.path, line: lineAt(file.source, node.start), problem: `uses ${use}` });
  });
  return violations;
}

/** Allowances that no source makes use of: they are to be taken off the list. */
export function idleAllowances(files: readonly SourceFile[]): Allowance[] {
  return ALLOWANCES.filter(
    ({ path, uses }) => !files.some((file) => file.path === path && usesOf(file).includes(uses)),
  );
}

function usesOf(file: SourceFile): string[] {
  const uses: string[] = [];
  walk(rootOf(parseSource(file)), (node, parent, key) => {
    const use = bannedUse(node, parent, key);
    if (use !== undefined) uses.push(use);
  });
  return uses;
}

function bannedUse(node: SyntaxNode, parent: SyntaxNode | undefined, key: string): string | undefined {
  switch (node.type) {
    case "Identifier":
      return bannedName(node, parent, key);
    case "MemberExpression":
      return bannedMember(node);
    case "ForInStatement":
      return "for…in";
    case "BinaryExpression":
      return node.operator === "**" && !isExactPower(node) ? "** with a base or exponent that is not fixed" : undefined;
    case "AssignmentExpression":
      return node.operator === "**=" ? "**=" : undefined;
    default:
      return undefined;
  }
}

/** A banned global, or Math itself handed on (`const { sin } = Math`), where no one sees what is taken from it. */
function bannedName(node: SyntaxNode, parent: SyntaxNode | undefined, key: string): string | undefined {
  const isMember = parent?.type === "MemberExpression" && key === "property" && parent.computed !== true;
  const isKey = key === "key" && parent?.computed !== true;
  if (isMember || isKey) return undefined;
  const name = String(node.name);
  if (BANNED_NAMES.has(name)) return name;
  const isAsked = parent?.type === "MemberExpression" && key === "object";
  return name === "Math" && !isAsked ? "Math as a value" : undefined;
}

function bannedMember(node: SyntaxNode): string | undefined {
  const name = memberName(node);
  if (isNode(node.object) && node.object.type === "Identifier" && node.object.name === "Math") {
    return name !== undefined && EXACT_MATHS.has(name) ? undefined : `Math.${name ?? "[…]"}`;
  }
  return name !== undefined && BANNED_MEMBERS.test(name) ? name : undefined;
}

function memberName({ property, computed }: SyntaxNode): string | undefined {
  if (!isNode(property)) return undefined;
  if (computed !== true) return String(property.name);
  return typeof property.value === "string" ? property.value : undefined;
}

/** Powers of two are exact whatever the whole exponent, and two whole literals are a constant. */
function isExactPower({ left, right }: SyntaxNode): boolean {
  if (!isNode(left) || !isNode(right) || !Number.isInteger(left.value)) return false;
  return right.type === "Literal" ? Number.isInteger(right.value) : left.value === 2;
}
