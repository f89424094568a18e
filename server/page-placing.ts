/**
 * A built page is put in place file by file, so that nobody who loads it finds a hole: first what it is made of, whose
 * names follow from their content, and last index.html, which names them. Each file takes its place at once. What pages of
 * the build before are made of stays for a day.
 *
 * The age of index.html is when its build began. What is older than index.html is of builds before, and its own age is when
 * it was superseded. No link is needed that some systems refuse, and no list that might be lost.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const INDEX = "index.html";
const KEPT_MS = 24 * 3_600_000;
/** Windows refuses while a virus scanner looks at a file; that passes. */
const BUSY = new Set(["EPERM", "EACCES", "EBUSY"]);
const BUSY_TRIES = 20;
const BUSY_WAIT_MS = 50;

/**
 * Two may do this at once. @param from is emptied @param begunMs when the build began, by this machine's clock
 * @throws when a file cannot be put in place; the page in place is whole nevertheless
 */
export async function placePage(from: string, into: string, begunMs: number): Promise<void> {
  const files = await filesIn(from);
  if (!files.includes(INDEX)) throw new Error(`the build made no ${INDEX}`);
  const indexMs = (await modifiedMs(join(into, INDEX))) ?? 0;
  // Where the page in place is of a later time, a clock was wrong: nothing there is known to be of builds before it.
  const before = indexMs > begunMs ? 0 : indexMs;
  await mkdir(into, { recursive: true });
  for (const file of files.filter((name) => name !== INDEX)) await place(join(from, file), join(into, file));
  await dismissOthers(into, new Set(files), before, begunMs);
  await utimes(join(from, INDEX), begunMs / 1000, begunMs / 1000);
  await place(join(from, INDEX), join(into, INDEX));
}

/** What belongs to no build any more is removed a day after a build superseded it. */
async function dismissOthers(folder: string, current: ReadonlySet<string>, before: number, begunMs: number) {
  for (const file of (await filesIn(folder)).filter((name) => name !== INDEX && !current.has(name))) {
    const path = join(folder, file);
    const ms = (await modifiedMs(path)) ?? 0;
    // Another build may do the same at the same time.
    if (ms >= before) await utimes(path, (begunMs - 1) / 1000, (begunMs - 1) / 1000).catch(() => {});
    else if (ms < begunMs - KEPT_MS) await rm(path, { force: true }).catch(() => {});
  }
}

/** Paths within the folder; what begins with a dot is somebody's work in progress. */
async function filesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries
    .filter(({ name }) => !name.startsWith("."))
    .map(async (entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return (await filesIn(join(folder, entry.name))).map((name) => join(entry.name, name));
    });
  return (await Promise.all(lists)).flat();
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  for (let tries = 1; ; tries++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!BUSY.has((error as NodeJS.ErrnoException).code ?? "") || tries === BUSY_TRIES) throw error;
      await sleep(BUSY_WAIT_MS);
    }
  }
}

async function modifiedMs(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}
