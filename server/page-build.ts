/**
 * The page's build: a host who starts the server gets a page that is up to date, and never has to know of Vite. It is built
 * in a folder of its own, and put in place when it is whole: a build that fails or is broken off changes nothing.
 * Whatever disk it waits for, the process goes on meanwhile, and can be told to end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Log } from "./engine/log.ts";
import { placePage } from "./page-placing.ts";
import { digestOfSources, stampOf, stampPage } from "./page-stamp.ts";

/** Within the page's folder, so that what is built there is put in place by renaming; nothing of it is served. */
const WORK_PREFIX = ".building-";
/** No build takes so long: what is older was left by one whose process was killed. */
const LEFT_BEHIND_MS = 10 * 60_000;
/** A build that does not end when it is asked to is ended after this: the server has five seconds to end in all. */
const GRACE_MS = 3_000;

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
 * Builds the page where it is missing or of other sources than there are; takes some seconds when it does.
 * @param root the project's folder
 * @param stop breaks the build off; the page is as it was then, and nothing is thrown
 * @throws with all that the build said, when it fails
 */
export async function ensurePageBuilt(root: string, log: Log, stop?: AbortSignal): Promise<void> {
  if ((await stampOf(pageRootOf(root))) === (await digestOfSources(root))) return;
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
  await mkdir(page, { recursive: true });
  await removeLeftBehind(page);
  const begunMs = Date.now();
  const sources = await digestOfSources(root);
  const work = await mkdtemp(join(page, WORK_PREFIX));
  try {
    const outcome = await run(root, [viteProgram(root), "build", "client", "--outDir", work], stdio, stop);
    if (outcome.code !== 0 || stop?.aborted || (await isOutrun(root, sources))) return outcome;
    await stampPage(work, sources);
    await placePage(work, page, begunMs);
    return outcome;
  } finally {
    await remove(work);
  }
}

async function removeLeftBehind(page: string): Promise<void> {
  for (const name of (await readdir(page)).filter((entry) => entry.startsWith(WORK_PREFIX))) {
    const path = join(page, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && stats.mtimeMs < Date.now() - LEFT_BEHIND_MS) await remove(path);
  }
}

/** What cannot be removed, as another user's cannot, stays: nothing hangs on it. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

/** Whether sources changed during a build, and another build has put a page of the new ones in place already. */
async function isOutrun(root: string, sources: string): Promise<boolean> {
  const now = await digestOfSources(root);
  return sources !== now && (await stampOf(pageRootOf(root))) === now;
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
  let killing: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill();
    killing = setTimeout(() => kill(child), GRACE_MS);
  };
  stop?.addEventListener("abort", end);
  const [code] = (await once(child, "close")) as [number | null];
  stop?.removeEventListener("abort", end);
  clearTimeout(killing);
  return { code, output: Buffer.concat(parts).toString() };
}

/** What it began may hold its outputs open still: nobody waits for that. */
function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
}
