/**
 * The page's build: a host who starts the server gets a page that is up to date, and never has to know of Vite.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Log } from "./engine/log.ts";

const SOURCES = "{client,shared}/**/*";
const NO_SOURCES = new Set(["node_modules", "dist"]);

/** The folder that the page is built into, and served from. */
export const pageRootOf = (root: string) => join(root, "client", "dist");

/** The program of Vite, to be run by Node. @throws when Vite is not installed */
export function viteProgram(root: string): string {
  try {
    return join(dirname(createRequire(join(root, "package.json")).resolve("vite/package.json")), "bin", "vite.js");
  } catch {
    throw new Error(
      "Vite, which builds the page, is not installed: run npm ci without leaving out development packages",
    );
  }
}

/**
 * Builds the page where it is missing or older than what it is made of; takes some seconds when it does.
 * @param root the project's folder
 * @throws with all that the build said, when it fails
 */
export async function ensurePageBuilt(root: string, log: Log): Promise<void> {
  if (isPageFresh(root)) return;
  log.info("building the page");
  const begin = performance.now();
  const { code, output } = await run(root, [viteProgram(root), "build", "client"]);
  if (code !== 0) throw new Error(`the page could not be built (npm run build shows it, too):\n${output.trim()}`);
  log.info(`page built in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

function isPageFresh(root: string): boolean {
  const page = statSync(join(pageRootOf(root), "index.html"), { throwIfNoEntry: false });
  return page !== undefined && newestSourceMs(root) <= page.mtimeMs;
}

/** When a source was last changed; folders count too, because that a file was removed shows only there. */
function newestSourceMs(root: string): number {
  const sources = globSync(SOURCES, { cwd: root, withFileTypes: true, exclude: (entry) => NO_SOURCES.has(entry.name) });
  return sources.reduce((newest, entry) => {
    const stats = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    return Math.max(newest, stats?.mtimeMs ?? 0);
  }, 0);
}

/** Runs Node on a script. @returns its exit code, null where a signal ended it, and all that it wrote */
async function run(cwd: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output: Buffer.concat(parts).toString() };
}
