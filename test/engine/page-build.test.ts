import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Rolldown, build as viteBuild } from "vite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { buildPage, ensurePageBuilt } from "../../server/page-build.ts";
import { PATIENCE, spawnServer, untilReady } from "../support/odd-server.ts";
import { createPageProject, isAlive, type PageProject } from "../support/page-project.ts";

const SLOW = { timeout: 300_000 };
const DAY_MS = 24 * 3_600_000;

const quiet = () => {};
const LOG = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const build = (project: PageProject, stop?: AbortSignal) => ensurePageBuilt(project.root, LOG, stop);
const isHidden = (name: string) => name.startsWith(".");

async function createBuilt(source: string): Promise<PageProject> {
  const project = createPageProject();
  project.write(source);
  await build(project);
  expect(project.load()).toBe(source);
  return project;
}

/** Changes the source, and has builds begin that then wait. @returns all of them, once they have begun */
async function beginBuilds(project: PageProject, source: string, count: number, stop?: AbortSignal) {
  const before = project.builders().length;
  project.write(source);
  project.hold();
  const builds = Promise.all(Array.from({ length: count }, () => build(project, stop)));
  await expect.poll(() => project.builders().length, PATIENCE).toBe(before + count);
  return { builds };
}

test(
  "the game's page is built of what players load: of source maps, forty times as large, strangers would ask much",
  SLOW,
  async () => {
    const configFile = fileURLToPath(new URL("../../client/vite.config.ts", import.meta.url));
    const { output } = (await viteBuild({
      configFile,
      logLevel: "silent",
      build: { write: false },
    })) as Rolldown.RolldownOutput;
    expect(new Set(output.map(({ fileName }) => extname(fileName)))).toEqual(new Set([".html", ".css", ".js"]));
  },
);

describe("whoever loads the page finds it whole", SLOW, () => {
  test("while it is built, by two at once, and afterwards", async () => {
    const project = await createBuilt("one");
    const { builds } = await beginBuilds(project, "two", 2);
    expect(project.load()).toBe("one");
    let isOver = false;
    project.letGo();
    const over = builds.then(() => (isOver = true));
    while (!isOver) {
      expect(project.load()).toMatch(/^(one|two)$/);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await over;
    expect(project.load()).toBe("two");
    expect(project.files().filter(isHidden)).toEqual([]);
  });

  test("when a build fails, which says why and leaves no litter", async () => {
    const project = await createBuilt("one");
    const files = project.files();
    project.write("fault");
    await expect(build(project)).rejects.toThrow("client/main.ts: there is a fault in it");
    expect(project.load()).toBe("one");
    expect(project.files()).toEqual(files);
  });

  test("when a build is broken off, which ends what builds and leaves no litter", async () => {
    const project = await createBuilt("one");
    const files = project.files();
    const stop = new AbortController();
    const { builds } = await beginBuilds(project, "two", 1, stop.signal);
    stop.abort();
    await builds;
    expect(project.builders().filter(isAlive)).toEqual([]);
    expect(project.load()).toBe("one");
    expect(project.files()).toEqual(files);
  });

  test("when a build is broken off that does not end by itself", async () => {
    const project = createPageProject();
    project.beDeaf();
    const stop = new AbortController();
    const { builds } = await beginBuilds(project, "one", 1, stop.signal);
    stop.abort();
    await builds;
    expect(project.builders().filter(isAlive)).toEqual([]);
    expect(project.files()).toEqual([]);
  });
});

describe("what pages are made of stays for those who loaded them just before", SLOW, () => {
  test("through the next build, and for a day from then", async () => {
    const project = await createBuilt("one");
    const assetsOfOne = project.files().filter((name) => name.startsWith("assets/"));
    age(project, 30 * DAY_MS);
    project.write("two");
    await build(project);
    expect(project.files()).toEqual(expect.arrayContaining(assetsOfOne));
    age(project, DAY_MS / 2);
    project.write("three");
    await build(project);
    expect(project.files()).toEqual(expect.arrayContaining(assetsOfOne));
    age(project, DAY_MS);
    project.write("four");
    await build(project);
    for (const asset of assetsOfOne) expect(project.files()).not.toContain(asset);
    expect(project.load()).toBe("four");
  });

  test("what a killed process left behind is removed by a later build", async () => {
    const project = await createBuilt("one");
    const left = join(project.page, ".building-abc123");
    mkdirSync(left);
    project.write("two");
    await build(project);
    expect(project.files()).toContain(".building-abc123");
    age(project, DAY_MS);
    project.write("three");
    await build(project);
    expect(project.files().filter(isHidden)).toEqual([]);
  });
});

test("what cannot be removed, as another user's cannot, keeps nobody from building", SLOW, async () => {
  const project = await createBuilt("one");
  mkdirSync(join(project.page, ".building-abc123"));
  age(project, DAY_MS);
  project.write("two");
  refuseRemoval();
  await build(project);
  expect(project.files()).toContain(".building-abc123");
  expect(project.load()).toBe("two");
});

describe("the page is that of the newest sources", SLOW, () => {
  test("an up-to-date one is not built again", async () => {
    const project = await createBuilt("one");
    await build(project);
    expect(project.builders()).toHaveLength(1);
  });

  test("is built again where a file that it is made of is missing", async () => {
    const project = await createBuilt("one");
    rmSync(join(project.page, "assets"), { recursive: true });
    expect(project.load()).toBeUndefined();
    await build(project);
    expect(project.load()).toBe("one");
  });

  test("a source that changes while it is built is built the next time", async () => {
    const project = await createBuilt("one");
    const { builds } = await beginBuilds(project, "two", 1);
    project.write("three");
    project.letGo();
    await builds;
    await build(project);
    expect(project.load()).toBe("three");
  });

  test("whose files may be older than the page, as copied ones are", async () => {
    const project = await createBuilt("one");
    project.write("two");
    date(join(project.root, "client", "main.ts"), -DAY_MS);
    await build(project);
    expect(project.load()).toBe("two");
  });

  test("though the page before is dated in the future, by a clock that was wrong; and what that is made of stays", async () => {
    const project = await createBuilt("one");
    const assetsOfOne = project.files().filter((name) => name.startsWith("assets/"));
    age(project, 30 * DAY_MS);
    date(join(project.page, "index.html"), 31 * DAY_MS);
    project.write("two");
    await build(project);
    expect(project.load()).toBe("two");
    expect(project.files()).toEqual(expect.arrayContaining(assetsOfOne));
  });

  test("and not of older ones whose build took longer", async () => {
    const project = await createBuilt("one");
    project.write("two");
    project.hold("two");
    const slower = build(project);
    await expect.poll(() => project.builders().length, PATIENCE).toBe(2);
    project.write("three");
    await build(project);
    project.letGo();
    await slower;
    expect(project.load()).toBe("three");
  });
});

test("a build that is asked for is put in place, whatever the page in place says of itself", SLOW, async () => {
  const project = await createBuilt("one");
  const index = join(project.page, "index.html");
  writeFileSync(index, readFileSync(index, "utf8").replace("script", "style"));
  date(index, DAY_MS);
  expect(project.load()).toBe("one");
  await buildPage(project.root, "pipe");
  expect(readFileSync(index, "utf8")).toMatch(/^<script/);
});

describe.runIf(process.platform !== "win32")("a server that is told to end while it builds", SLOW, () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("by %s, ends with all that it began", async (signal) => {
    const project = createPageProject("server", "shared");
    project.write("one");
    project.hold();
    const server = await spawnServer({ root: project.root });
    await expect.poll(project.builders, PATIENCE).toHaveLength(1);
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
    expect(project.builders().filter(isAlive)).toEqual([]);
    expect(project.files()).toEqual([]);
  });

  test("npm run build, too, which then says that there is no new page", async () => {
    const project = createPageProject("server", "shared");
    project.write("one");
    project.hold();
    const builder = await spawnServer({ root: project.root, command: [process.execPath, "server/build.ts"] });
    await expect.poll(project.builders, PATIENCE).toHaveLength(1);
    builder.child.kill("SIGTERM");
    expect(await builder.ended).toBe(1);
    expect(project.builders().filter(isAlive)).toEqual([]);
    expect(project.files()).toEqual([]);
  });
});

/** Has all that is read of a source wait for what comes out of a pipe, as a disk behind a network may that is gone. */
const sourceInPipe = (pipe: string) => `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { readFileSync } = fs;
  const { readFile } = fs.promises;
  const inPipe = (path) => (String(path).endsWith("/client/main.ts") ? ${JSON.stringify(pipe)} : path);
  fs.readFileSync = (path, ...rest) => readFileSync(inPipe(path), ...rest);
  fs.promises.readFile = (path, ...rest) => readFile(inPipe(path), ...rest);
  syncBuiltinESMExports();
`;

describe.runIf(process.platform !== "win32")("a disk that never answers", SLOW, () => {
  test.each([
    ["server/main.ts", 0],
    ["server/build.ts", 1],
  ] as const)("keeps nobody from ending %s while its sources are read", async (program, code) => {
    const project = createPageProject("server", "shared");
    project.write("one");
    const pipe = makePipe(join(project.root, "pipe"));
    const hook = `data:text/javascript,${encodeURIComponent(sourceInPipe(pipe))}`;
    const command = [process.execPath, "--import", hook, program];
    const server = await spawnServer({ root: project.root, command });
    await beginToWrite(pipe);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(code);
    expect(project.builders()).toEqual([]);
    expect(project.files()).toEqual([]);
  });

  test("is not waited for where a pipe lies among the sources", async () => {
    const project = createPageProject("server", "shared");
    project.write("one");
    makePipe(join(project.root, "client", "pipe"));
    const server = await spawnServer({ root: project.root });
    await untilReady(server);
    expect(project.load()).toBe("one");
  });
});

function makePipe(path: string): string {
  execFileSync("mkfifo", [path]);
  return path;
}

/** Resolves once somebody reads the pipe, who then waits until the test is over. */
async function beginToWrite(pipe: string): Promise<void> {
  const fd = await vi.waitUntil(
    () => {
      try {
        return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
      } catch {
        return undefined;
      }
    },
    { ...PATIENCE, ...SLOW },
  );
  onTestFinished(() => closeSync(fd));
}

/** Until the test is over. */
function refuseRemoval(): void {
  const rm = vi.spyOn(promises, "rm").mockRejectedValue(new Error("operation not permitted"));
  syncBuiltinESMExports();
  onTestFinished(() => {
    rm.mockRestore();
    syncBuiltinESMExports();
  });
}

/** Has a file changed so much later than it did, or earlier. */
function date(path: string, ms: number): void {
  const seconds = (statSync(path).mtimeMs + ms) / 1000;
  utimesSync(path, seconds, seconds);
}

/** Everything that lies there is older by so much. */
function age(project: PageProject, ms: number): void {
  for (const name of project.files().filter((file) => file !== "assets")) {
    date(join(project.page, name), -ms);
  }
}
