/**
 * Which folder may import which: the rules of the design as one table, and the function that holds sources against it.
 *
 * What is imported is named as a path from the project's root ("shared/engine/tick.ts", whichever way it is written),
 * as "node:fs", or as a package and its path ("zod/mini").
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { freeNames } from "./free-names.ts";
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

type Files = RegExp;

type Imports = RegExp;

export type ImportRule = {
  readonly says: string;
  readonly files: Files;
  /** Files that the rule leaves alone, although `files` names them. */
  readonly except?: Files;
} & (
  | { /** All that the files may import. */ readonly only: readonly Imports[] }
  | { /** What the files may not import. */ readonly never: readonly Imports[] }
  | { /** What no file may import all of. */ readonly notTogether: readonly Imports[] }
  | { /** What exactly one of the files imports. */ readonly oneFileOnly: Imports }
  | { /** All the names that the files may use without declaring them. */ readonly globals: ReadonlySet<string> }
);

const SHARED = /^shared\//;
const SERVER = /^server\//;
const CLIENT = /^client\//;
const SHARED_ENGINE = /^shared\/engine\//;
const ANY_ENGINE = /^(shared|server|client)\/engine\//;
const SIDE_ENGINE = /^(server|client)\/engine\//;
/** Every folder beside an engine is a game's. */
const ANY_GAME = /^(shared|server|client)\/(?!engine\/)[^/]+\//;
/** Where engine and game are put together. */
const ROOTS = /^(client\/main|server\/(serve|replay))\.ts$/;
const TESTS = /^test\//;
const NODE = /^node:/;
const PHASER = /^phaser($|\/)/;
const SOCKET_IO = /^(socket\.io|engine\.io)(-client)?($|\/)/;

/** What ECMAScript itself and TypeScript's own types bring: neither a page nor Node is needed for them. */
const LANGUAGE = new Set(
  (
    "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error Float32Array Float64Array Infinity Int8Array " +
    "Int16Array Int32Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError Reflect RegExp Set String Symbol " +
    "SyntaxError TypeError Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap WeakRef WeakSet decodeURIComponent isFinite isNaN parseFloat " +
    "parseInt ArrayLike Awaited Exclude Extract InstanceType Iterable IterableIterator NonNullable Omit Parameters Partial Pick " +
    "Readonly ReadonlyArray ReadonlyMap ReadonlySet Record Required ReturnType"
  ).split(" "),
);

export const IMPORT_RULES: readonly ImportRule[] = [
  {
    says: "shared/engine imports nothing but itself, zod/mini and @socket.io/component-emitter",
    files: SHARED_ENGINE,
    only: [SHARED_ENGINE, /^zod\/mini$/, /^@socket\.io\/component-emitter$/],
  },
  { says: "shared's games import nothing but shared", files: SHARED, except: SHARED_ENGINE, only: [SHARED] },
  { says: "shared uses no name of the DOM or of Node", files: SHARED, globals: LANGUAGE },
  { says: "an engine never imports a game, nor a root", files: ANY_ENGINE, never: [ANY_GAME, ROOTS] },
  { says: "the server never imports the client", files: SERVER, never: [CLIENT] },
  { says: "the client never imports the server", files: CLIENT, never: [SERVER] },
  {
    says: "the client imports no Node, but for its build",
    files: CLIENT,
    except: /^client\/vite\.config\.ts$/,
    never: [NODE],
  },
  {
    says: "only client/main.ts, server/serve.ts and server/replay.ts name both an engine's side and a game",
    files: /^(server|client)\/[^/]+$/,
    except: ROOTS,
    notTogether: [SIDE_ENGINE, ANY_GAME],
  },
  { says: "nothing that runs imports a test", files: /^(shared|server|client)\//, never: [TESTS] },
  { says: "one file of the server imports socket.io", files: SERVER, oneFileOnly: SOCKET_IO },
  { says: "one file of the client imports socket.io-client", files: CLIENT, oneFileOnly: SOCKET_IO },
  {
    says: "only client/game and client/main.ts import Phaser",
    files: /^(shared|server|client)\//,
    except: /^client\/(game\/|main\.ts$)/,
    never: [PHASER],
  },
  { says: "engines draw nothing: no Preact in them", files: ANY_ENGINE, never: [/^preact($|\/)/] },
];

/** What one import names. */
export type ImportOf = { readonly target: string; readonly line: number };

/** Every import of a source: static, for types, re-exports, dynamic, and `import("…")` as a type. */
export function importsOf(file: SourceFile): ImportOf[] {
  const imports: ImportOf[] = [];
  walk(rootOf(parseSource(file)), (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined)
      imports.push({ target: targetOf(file.path, specifier), line: lineAt(file.source, node.start) });
  });
  return imports;
}

const IMPORTING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

/** What a node imports; a specifier that is computed is given as "(computed)", which no rule lets through unseen. */
function specifierOf(node: SyntaxNode): string | undefined {
  const source = IMPORTING.has(node.type)
    ? node.source
    : node.type === "TSExternalModuleReference"
      ? node.expression
      : undefined;
  if (!isNode(source)) return undefined;
  return typeof source.value === "string" ? source.value : "(computed)";
}

function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(path), specifier);
  const ours = /^@starwake\/(shared|server|client)\//;
  if (ours.test(specifier)) return specifier.slice("@starwake/".length);
  return builtinModules.includes(specifier) ? `node:${specifier}` : specifier;
}

/** The files that a rule is about. */
function filesOf(rule: ImportRule, files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => rule.files.test(path) && !rule.except?.test(path));
}

/** Where `files` break a rule. A rule that finds no file to look at is broken too. */
export function violationsOf(rule: ImportRule, files: readonly SourceFile[]): Violation[] {
  const concerned = filesOf(rule, files);
  if (concerned.length === 0)
    return [{ path: String(rule.files), line: 0, problem: "there is no such file: the rule checks nothing" }];
  if ("oneFileOnly" in rule) return violationsOfOneFileOnly(rule.oneFileOnly, concerned);
  return concerned.flatMap((file) => violationsInFile(rule, file));
}

function violationsInFile(rule: ImportRule, file: SourceFile): Violation[] {
  const { path, source } = file;
  if ("globals" in rule) {
    const foreign = freeNames(rootOf(parseSource(file))).filter(({ name }) => !rule.globals.has(name));
    return foreign.map(({ name, start }) => ({ path, line: lineAt(source, start), problem: `uses ${name}` }));
  }
  const imports = importsOf(file);
  const named = (patterns: readonly Imports[]) =>
    imports.filter(({ target }) => patterns.some((pattern) => pattern.test(target)));
  const told = (found: readonly ImportOf[]) =>
    found.map(({ target, line }) => ({ path, line, problem: `imports ${target}` }));
  if ("only" in rule) return told(imports.filter((one) => !named(rule.only).includes(one)));
  if ("never" in rule) return told([...named(rule.never), ...imports.filter(({ target }) => target === "(computed)")]);
  if ("notTogether" in rule && rule.notTogether.every((pattern) => named([pattern]).length > 0))
    return told(named(rule.notTogether));
  return [];
}

function violationsOfOneFileOnly(imported: Imports, files: readonly SourceFile[]): Violation[] {
  const importers = files.filter((file) => importsOf(file).some(({ target }) => imported.test(target)));
  if (importers.length === 1) return [];
  if (importers.length === 0)
    return [{ path: files[0].path, line: 0, problem: `no file imports ${imported}: the rule checks nothing` }];
  return importers.map(({ path }) => ({ path, line: 0, problem: `imports ${imported}, and so does another file` }));
}
