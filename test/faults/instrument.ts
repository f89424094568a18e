/**
 * Puts a call of `__fault(number)` at the beginning of every function of a source, so that any of them can be made to throw.
 * Lines stay as they are.
 */
import { isNode, lineAt, parseSource, rootOf, type SourceFile, type SyntaxNode, walk } from "../support/source-tree.ts";

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

type Insertion = { readonly at: number; readonly text: string };

/**
 * @param firstSite the number of the first function
 * @returns the source with its calls, and a name for each function in the order of their numbers
 */
export function instrument(file: SourceFile, firstSite: number): { source: string; sites: string[] } {
  const sites: string[] = [];
  const insertions: Insertion[] = [];
  walk(rootOf(parseSource(file)), (node, parent) => {
    if (!FUNCTIONS.has(node.type) || !isNode(node.body)) return;
    const call = `__fault(${firstSite + sites.length})`;
    sites.push(`${file.path}:${lineAt(file.source, node.start)} ${nameOf(node, parent)}`);
    const { body } = node;
    const block = guardedBlockOf(body) ?? (body.type === "BlockStatement" ? body : undefined);
    if (block !== undefined) insertions.push({ at: block.start + 1, text: ` ${call};` });
    else insertions.push({ at: body.start, text: `(${call}, ` }, { at: body.end as number, text: ")" });
  });
  return { source: applied(file.source, insertions), sites };
}

/** A function that begins with `try` is a guard: what it guards is to throw, not the guard. */
function guardedBlockOf(body: SyntaxNode): SyntaxNode | undefined {
  const [first] = Array.isArray(body.body) ? body.body : [];
  return isNode(first) && first.type === "TryStatement" && isNode(first.block) ? first.block : undefined;
}

function nameOf(node: SyntaxNode, parent: SyntaxNode | undefined): string {
  for (const named of [node.id, parent?.key, parent?.id])
    if (isNode(named) && typeof named.name === "string") return named.name;
  return "a function without a name";
}

/** Of two at one place the one that was found later stands inside, and so comes first at its end. */
function applied(source: string, insertions: readonly Insertion[]): string {
  let result = source;
  const ordered = insertions
    .map((insertion, order) => ({ ...insertion, order }))
    .sort((one, other) => other.at - one.at || other.order - one.order);
  for (const { at, text } of ordered) result = result.slice(0, at) + text + result.slice(at);
  return result;
}
