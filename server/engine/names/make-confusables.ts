/**
 * Makes confusables.txt, the table of look-alikes, from the file of the same name that Unicode publishes for UTS 39:
 *
 *     npm run confusables -- path/to/unicode/confusables.txt
 *
 * A newer one is at https://www.unicode.org/Public/VERSION/security/confusables.txt; take that of the Unicode version that
 * Node has (`node -p process.versions.unicode`).
 *
 * A line of the table is a prototype, and the characters that look like it: `61=251,3b1,…`, each a code point in hexadecimal
 * digits; a prototype of several has them with "+" between. Lines and their characters are in ascending order, so that the
 * difference of two versions can be read.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** A character, its prototype, and why: "0430 ;	0061 ;	MA	# …". */
const ENTRY = /^([0-9A-F]+)\s*;\s*([0-9A-F ]+?)\s*;\s*MA\b/;

const HEAD = `# Look-alikes of Unicode VERSION: data of UTS 39 (confusables.txt of DATE), COUNT characters.
# Made by make-confusables.ts, which says how to read it; do not edit.
# Copyright © YEAR Unicode, Inc. Under the Unicode License V3, see unicode-license.txt.
`;

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: npm run confusables -- path/to/unicode/confusables.txt");
  process.exit(1);
}
const text = readFileSync(source, "utf8");
const table = groupByPrototype(text);
const count = [...table.values()].reduce((sum, characters) => sum + characters.length, 0);
const head = HEAD.replace("VERSION", found(text, /^# Version: (\S+)/m))
  .replace("DATE", found(text, /^# Date: (\d{4}-\d{2}-\d{2})/m))
  .replace("YEAR", found(text, /^# Date: (\d{4})/m))
  .replace("COUNT", `${count}`);
writeFileSync(new URL("confusables.txt", import.meta.url), head + toLines(table));
console.log(`${count} characters that look like ${table.size} others`);

function groupByPrototype(text: string): Map<string, number[]> {
  const table = new Map<string, number[]>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const entry = ENTRY.exec(line);
    if (entry === null) {
      if (line !== "" && !line.startsWith("#")) throw new Error(`this line is no entry: ${line}`);
      continue;
    }
    const [, character, codePoints] = entry;
    const prototype = codePoints.split(" ").map(toHex).join("+");
    table.set(prototype, [...(table.get(prototype) ?? []), Number.parseInt(character, 16)]);
  }
  return table;
}

function toLines(table: ReadonlyMap<string, readonly number[]>): string {
  const inOrder = [...table].toSorted(([one], [other]) => compareHex(one, other));
  return inOrder.map(([prototype, characters]) => `${prototype}=${listOf(characters)}\n`).join("");
}

/** By the first code point, then as text. */
function compareHex(one: string, other: string): number {
  return Number.parseInt(one, 16) - Number.parseInt(other, 16) || (one < other ? -1 : 1);
}

function listOf(characters: readonly number[]): string {
  return characters
    .toSorted((one, other) => one - other)
    .map((codePoint) => codePoint.toString(16))
    .join(",");
}

function toHex(codePoint: string): string {
  return Number.parseInt(codePoint, 16).toString(16);
}

function found(text: string, pattern: RegExp): string {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`the file names no ${pattern.source}: is it Unicode's confusables.txt?`);
  return match[1];
}
