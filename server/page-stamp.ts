/**
 * What a page was built from: a digest of its sources, which stands at the end of its index.html. By it a page is known to be
 * up to date; times of files tell less, for clocks go wrong, and a tree may be copied.
 */
import { createHash } from "node:crypto";
import { appendFile, glob, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

const SOURCES = "{client,shared}/**/*";
const NO_SOURCES = new Set(["node_modules", "dist"]);
const ASSET = /"\/(assets\/[^"]+)"/g;
const STAMP = /<!-- built from ([\da-f]{64}) -->\s*$/;

/** Of all that the page is made of, names included. @param root the project's folder */
export async function digestOfSources(root: string): Promise<string> {
  const paths: string[] = [];
  const exclude = ({ name }: { readonly name: string }) => NO_SOURCES.has(name);
  for await (const entry of glob(SOURCES, { cwd: root, withFileTypes: true, exclude }))
    if (!entry.isDirectory()) paths.push(join(entry.parentPath, entry.name));
  const digest = createHash("sha256");
  for (const path of paths.toSorted()) {
    const bytes = await contentOf(path);
    digest.update(`${relative(root, path)}\n${bytes.length}\n`).update(bytes);
  }
  return digest.digest("hex");
}

/** Writes what a page was built from into it. @param page the folder of its index.html */
export async function stampPage(page: string, digest: string): Promise<void> {
  await appendFile(join(page, "index.html"), `\n<!-- built from ${digest} -->\n`);
}

/** Undefined: there is no page, an asset that it names is missing, or it does not say. */
export async function stampOf(page: string): Promise<string | undefined> {
  const index = (await contentOf(join(page, "index.html"))).toString();
  for (const [, asset] of index.matchAll(ASSET)) if (!(await isFile(join(page, asset!)))) return undefined;
  return STAMP.exec(index)?.[1];
}

/** Nothing, where there is no such file any more, or where it is no plain one: a pipe's reader waits for its writer. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return (await isFile(path)) ? await readFile(path) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
