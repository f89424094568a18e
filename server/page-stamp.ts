/**
 * What a page was built from: a digest of its sources, which stands at the end of its index.html. By it a page is known to be
 * up to date; times of files tell less, for clocks go wrong, and a tree may be copied.
 */
import { createHash } from "node:crypto";
import { appendFileSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const SOURCES = "{client,shared}/**/*";
const NO_SOURCES = new Set(["node_modules", "dist"]);
const STAMP = /<!-- built from ([\da-f]{64}) -->\s*$/;

/** Of all that the page is made of, names included. @param root the project's folder */
export function digestOfSources(root: string): string {
  const entries = globSync(SOURCES, { cwd: root, withFileTypes: true, exclude: ({ name }) => NO_SOURCES.has(name) });
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const digest = createHash("sha256");
  for (const path of paths.toSorted()) {
    const bytes = contentOf(path);
    digest.update(`${relative(root, path)}\n${bytes.length}\n`).update(bytes);
  }
  return digest.digest("hex");
}

/** Writes what a page was built from into it. @param page the folder of its index.html */
export function stampPage(page: string, digest: string): void {
  appendFileSync(join(page, "index.html"), `\n<!-- built from ${digest} -->\n`);
}

/** Undefined: there is no page, or it does not say. */
export function stampOf(page: string): string | undefined {
  return STAMP.exec(contentOf(join(page, "index.html")).toString())?.[1];
}

/** Nothing, where there is no such file any more. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
