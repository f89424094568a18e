/**
 * The project's own sources as syntax trees, for the checks of what they may import and which arithmetic they may use.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { type ParseResult, parseSync, visitorKeys } from "oxc-parser";

/** A source by its path from the project's root, with forward slashes. */
export type SourceFile = { readonly path: string; readonly source: string };

/** A place where a source breaks a rule. */
export type Violation = { readonly path: string; readonly line: number; readonly problem: string };

/** Any node of a syntax tree; what it holds besides depends on its type. */
export type SyntaxNode = { readonly type: string; readonly start: number; readonly [property: string]: unknown };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OWN_PACKAGE = /^@starwake\/(?=client|server|shared)/;
const SKIPPED_FOLDERS = new Set(["node_modules", "dist"]);

/** Every .ts and .tsx beneath a folder of the project; none when there is no such folder. */
export function readSources(folder: string): SourceFile[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : readSources(path);
    return /\.tsx?$/.test(entry.name) ? [{ path, source: readFileSync(join(ROOT, path), "utf8") }] : [];
  });
}

/** What a source of the project imports by this name; undefined: it is not the project's, or not there. */
export function readImported(importer: string, name: string): SourceFile | undefined {
  if (!name.startsWith(".") && !OWN_PACKAGE.test(name)) return undefined;
  const path = name.startsWith(".") ? posix.join(posix.dirname(importer), name) : name.replace(OWN_PACKAGE, "");
  try {
    return { path, source: readFileSync(join(ROOT, path), "utf8") };
  } catch {
    return undefined;
  }
}

/** @throws when the source is not TypeScript. */
export function parseSource({ path, source }: SourceFile): ParseResult {
  const result = parseSync(path, source);
  if (result.errors.length > 0) throw new Error(`${path}: ${result.errors[0].message}`);
  return result;
}

/** Calls `visit` for every node, outer before inner; `key` is the parent's property that holds the node. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, key: string) => void,
  parent?: SyntaxNode,
  key = "",
): void {
  visit(node, parent, key);
  for (const property of visitorKeys[node.type] ?? []) {
    for (const inner of [node[property]].flat()) if (isNode(inner)) walk(inner, visit, node, property);
  }
}

/** The tree's root as a node that `walk` takes. */
export function rootOf(result: ParseResult): SyntaxNode {
  const { program } = result;
  if (!isNode(program)) throw new Error("a parsed program is a node");
  return program;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The line, from 1, of an offset. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}
