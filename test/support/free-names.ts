/**
 * The names that a source uses without declaring them: the globals that it leans on. A name counts as declared when it
 * is declared anywhere in the file, which is what makes this short; a source that hides a global behind a local of the
 * same name elsewhere is let through.
 */
import { isNode, type SyntaxNode, walk } from "./source-tree.ts";

export type FreeName = { readonly name: string; readonly start: number };

/** Properties that hold a name which refers to nothing outside: a member's, a label, a name given to an export. */
const NOT_A_REFERENCE: Readonly<Record<string, readonly string[]>> = {
  ImportSpecifier: ["imported"],
  ExportSpecifier: ["exported"],
  ExportAllDeclaration: ["exported"],
  LabeledStatement: ["label"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  MetaProperty: ["meta", "property"],
  TSQualifiedName: ["right"],
  TSImportType: ["qualifier"],
  TSNamedTupleMember: ["label"],
};

const KEYED = new Set([
  "Property",
  "MethodDefinition",
  "PropertyDefinition",
  "AccessorProperty",
  "TSPropertySignature",
  "TSMethodSignature",
]);

const DECLARED_BY: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id", "params"],
  FunctionExpression: ["id", "params"],
  ArrowFunctionExpression: ["params"],
  TSDeclareFunction: ["id", "params"],
  TSEmptyBodyFunctionExpression: ["params"],
  ClassDeclaration: ["id"],
  ClassExpression: ["id"],
  CatchClause: ["param"],
  ImportSpecifier: ["local"],
  ImportDefaultSpecifier: ["local"],
  ImportNamespaceSpecifier: ["local"],
  TSTypeAliasDeclaration: ["id"],
  TSInterfaceDeclaration: ["id"],
  TSTypeParameter: ["name"],
  TSMappedType: ["key"],
  TSFunctionType: ["params"],
  TSConstructorType: ["params"],
  TSMethodSignature: ["params"],
  TSCallSignatureDeclaration: ["params"],
  TSIndexSignature: ["parameters"],
};

export function freeNames(program: SyntaxNode): FreeName[] {
  const declared = new Set(["undefined", "NaN", "Infinity", "arguments", "this", "const"]);
  const references: FreeName[] = [];
  walk(program, (node, parent, key) => {
    for (const property of DECLARED_BY[node.type] ?? []) {
      for (const pattern of [node[property]].flat()) if (isNode(pattern)) declareNames(pattern, declared);
    }
    if (node.type === "ExportNamedDeclaration" && isNode(node.source)) declareReexports(node, declared);
    if (node.type !== "Identifier" && node.type !== "JSXIdentifier") return;
    if (parent !== undefined && isReference(parent, key))
      references.push({ name: String(node.name), start: node.start });
  });
  return references.filter(({ name }) => !declared.has(name));
}

function isReference(parent: SyntaxNode, key: string): boolean {
  if (parent.type === "MemberExpression") return key === "object" || parent.computed === true;
  if (KEYED.has(parent.type) && key === "key") return parent.computed === true;
  return !NOT_A_REFERENCE[parent.type]?.includes(key);
}

/** `export { name } from "…"` uses another module's name, not one of this file. */
function declareReexports(declaration: SyntaxNode, declared: Set<string>): void {
  for (const specifier of [declaration.specifiers].flat()) {
    if (isNode(specifier) && isNode(specifier.local)) declareNames(specifier.local, declared);
  }
}

function declareNames(pattern: SyntaxNode, declared: Set<string>): void {
  switch (pattern.type) {
    case "Identifier":
      declared.add(String(pattern.name));
      return;
    case "ObjectPattern":
    case "ArrayPattern":
      for (const inner of [pattern.properties, pattern.elements].flat())
        if (isNode(inner)) declareNames(inner, declared);
      return;
    case "Property":
    case "AssignmentPattern":
    case "RestElement":
    case "TSParameterProperty":
      for (const property of ["value", "left", "argument", "parameter"]) {
        const inner = pattern[property];
        if (isNode(inner)) declareNames(inner, declared);
      }
  }
}
