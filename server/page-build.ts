/**
 * The page's build: a host who starts the server gets a page that is up to date, and never has to know of Vite. It is built
 * in a folder of its own, and put in place when it is whole: a build that fails or is broken off changes nothing.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Log } from "./engine/log.ts";
import { placePage } from "./page-placing.ts";

const SOURCES = "{client,shared}/**/*";
const NO_SOURCES = new Set(["node_modules", "dist"]);
/** Within the page's folder, so that what is built there is put in place by renaming; nothing of it is served. */
const WORK_PREFIX = ".building-";
/** No build takes so long: what is older was left by one whose process was killed. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** The folder that the page is put into, and served from. */
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
 * @param stop breaks the build off; the page is as it was then, and nothing is thrown
 * @throws with all that the build said, when it fails
 */
export async function ensurePageBuilt(root: string, log: Log, stop?: AbortSignal): Promise<void> {
  if (isPageFresh(root)) return;
  log.info("building the page");
  const begin = performance.now();
  const { code, output } = await buildPage(root, "pipe", stop);
  if (stop?.aborted) return;
  if (code !== 0) throw new Error(`the page could not be built (npm run build shows it, too):\n${output.trim()}`);
  log.info(`page built in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

/**
 * Builds the page, and puts it in place where that succeeds.
 * @param stdio where the build says what it does: into the output that is returned, or into this process's own
 * @returns Vite's exit code, null where a signal ended it
 */
export async function buildPage(root: string, stdio: "pipe" | "inherit", stop?: AbortSignal): Promise<Outcome> {
  const page = pageRootOf(root);
  mkdirSync(page, { recursive: true });
  removeLeftBehind(page);
  const work = mkdtempSync(join(page, WORK_PREFIX));
  const begunMs = Date.now();
  try {
    const outcome = await run(root, [viteProgram(root), "build", "client", "--outDir", work], stdio, stop);
    if (outcome.code === 0 && !stop?.aborted) await placePage(work, page, begunMs);
    return outcome;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function removeLeftBehind(page: string): void {
  for (const name of readdirSync(page).filter((entry) => entry.startsWith(WORK_PREFIX))) {
    const path = join(page, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && stats.mtimeMs < Date.now() - LEFT_BEHIND_MS) rmSync(path, { recursive: true, force: true });
  }
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

type Outcome = { readonly code: number | null; readonly output: string };

/** Runs Node on a script, until the script ends or is told to. */
async function run(
  cwd: string,
  args: readonly string[],
  stdio: "pipe" | "inherit",
  stop?: AbortSignal,
): Promise<Outcome> {
  if (stop?.aborted) return { code: null, output: "" };
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", stdio, stdio] });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part: Buffer) => parts.push(part));
  const end = () => void child.kill();
  stop?.addEventListener("abort", end);
  const [code] = (await once(child, "close")) as [number | null];
  stop?.removeEventListener("abort", end);
  return { code, output: Buffer.concat(parts).toString() };
}
