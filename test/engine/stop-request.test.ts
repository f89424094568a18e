/** Whoever tells the server to end, and however it was begun, it tells its players and ends in order. */
import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchStarter } from "@starwake/server/engine/stop-request.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { PATIENCE, ROOT, spawnServer, statusOf, untilReady, visit } from "../support/odd-server.ts";
import { createPageProject, isAlive } from "../support/page-project.ts";

const SLOW = { timeout: 300_000 };
const FLAGS = ["--no-build", "--host", "127.0.0.1", "--pilots", "2", "--capacity", "4", "--map-size", "1280"];
const NPM = { command: ["npm", "start", "--"], args: FLAGS };
/** A namespace of its own, in which npm is process 1, as in a container; not every system lets us have one. */
const AS_FIRST = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
const canBeFirst = spawnSync(AS_FIRST[0]!, [...AS_FIRST.slice(1), "true"]).status === 0;

const isSilent = (port: number) => async () => (await statusOf(port, "/healthz")) === undefined;

describe.runIf(process.platform !== "win32")("every way of saying so", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s ends it with code 0", SLOW, async (signal) => {
    const server = await spawnServer({ args: FLAGS });
    await untilReady(server);
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain(`"by":"${signal}","msg":"told to end"`);
  });

  test("a signal that comes again while it ends changes nothing", SLOW, async () => {
    const server = await spawnServer({ args: FLAGS });
    await untilReady(server);
    const again = setInterval(() => server.child.kill("SIGTERM"), 20);
    onTestFinished(() => clearInterval(again));
    expect(await server.ended).toBe(0);
    expect(server.output().match(/"closing"/g)).toHaveLength(1);
  });
});

/** Ends the process by a signal while it reads a module of that name. */
const endedWhileReading = (file: string) => `
  import { registerHooks } from "node:module";
  const load = (url, context, next) => {
    if (url.endsWith("/${file}")) process.kill(process.pid, "SIGTERM");
    return next(url, context);
  };
  registerHooks({ load });
`;

describe.runIf(process.platform !== "win32")("a signal in its first moments, while its modules are still read,", () => {
  test.each([
    ["server/main.ts", "config.ts", 0],
    ["server/dev.ts", "config.ts", 0],
    ["server/build.ts", "page-build.ts", 1],
  ] as const)("ends %s in order", SLOW, async (program, file, code) => {
    const project = createPageProject("server", "shared");
    project.write("one");
    const hook = `data:text/javascript,${encodeURIComponent(endedWhileReading(file))}`;
    const command = [process.execPath, "--import", hook, program];
    const args = program === "server/build.ts" ? [] : FLAGS;
    const server = await spawnServer({ root: project.root, command, args });
    expect(await server.ended).toBe(code);
    expect(project.builders()).toEqual([]);
    expect(server.output()).not.toContain("listening");
  });
});

describe.runIf(process.platform !== "win32")("npm start", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("passes %s on, though it comes to npm alone", SLOW, async (signal) => {
    const npm = await spawnServer(NPM);
    await untilReady(npm);
    npm.child.kill(signal);
    expect(await npm.ended).toBe(0);
    expect(npm.output()).toContain("closing");
    expect(await isSilent(npm.port)()).toBe(true);
  });

  test.each(["SIGHUP", "SIGKILL"] as const)(
    "that ends by %s takes its server with it, in order",
    SLOW,
    async (signal) => {
      const npm = await spawnServer(NPM);
      await untilReady(npm);
      npm.child.kill(signal);
      expect(await npm.ended).toBe(signal);
      await expect.poll(isSilent(npm.port), PATIENCE).toBe(true);
      await expect.poll(npm.output, PATIENCE).toContain("closing");
    },
  );

  test.runIf(canBeFirst)("passes SIGTERM on as process 1 of a container", SLOW, async () => {
    const container = await spawnServer({ ...NPM, command: [...AS_FIRST, ...NPM.command] });
    await untilReady(container);
    process.kill(childrenOf(container.child)[0]!, "SIGTERM");
    expect(await container.ended).toBe(0);
    expect(container.output()).toContain("closing");
  });

  test("keeps V8 to the flags that ticks and memory need", SLOW, async () => {
    const npm = await spawnServer(NPM);
    await untilReady(npm);
    const { start } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;
    expect(start).toMatch(/ --max-semi-space-size=4 --heap-growing-percent=100 --no-allocation-site-pretenuring /);
    if (process.platform === "linux")
      expect(commandLineOf(childrenOf(npm.child)[0]!)).toContain("--max-semi-space-size=4");
    npm.child.kill("SIGTERM");
    expect(await npm.ended).toBe(0);
  });

  test.runIf(process.platform === "linux")(
    "has no debugger opened by SIGUSR1: whoever reaches one is let in",
    SLOW,
    async () => {
      const npm = await spawnServer(NPM);
      await untilReady(npm);
      process.kill(childrenOf(npm.child)[0]!, "SIGUSR1");
      // It lives, and has heard of the signal by the time that it answers.
      expect(await statusOf(npm.port, "/healthz")).toBe(200);
      npm.child.kill("SIGTERM");
      expect(await npm.ended).toBe(0);
      expect(npm.output()).not.toContain("Debugger");
      const { start } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;
      expect(start).toContain(" --disable-sigusr1 ");
    },
  );
});

/** A namespace in which the file that tells of name servers is another: who looks up a name reads it. */
const WITH_RESOLVER = [
  "unshare",
  "--user",
  "--map-root-user",
  "--mount",
  "sh",
  "-c",
  'mount --bind "$0" /etc/resolv.conf && exec "$@"',
];
const canHaveResolver = spawnSync(WITH_RESOLVER[0]!, [...WITH_RESOLVER.slice(1), "/dev/null", "true"]).status === 0;

test.runIf(canHaveResolver)(
  "while it waits for a name that nobody answers for, it ends all the same",
  SLOW,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "starwake-resolver-"));
    onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20 }));
    const file = join(folder, "pipe");
    execFileSync("mkfifo", [file]);
    const command = [...WITH_RESOLVER, file, process.execPath, "server/main.ts"];
    const server = await spawnServer({ command, args: [...FLAGS, "--host", "play.example"] });
    // Who looks up a name opens the pipe, which can be opened then, and waits for what is never written.
    const open = () => openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    const fd = await vi.waitUntil(() => unlessThrown(open), { ...PATIENCE, timeout: SLOW.timeout });
    onTestFinished(() => closeSync(fd));
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  },
);

/** Has no file written to the end, as a disk behind a network may that is gone. */
const DEAF_DISK = `
  import { open } from "node:fs/promises";
  const file = await open("/dev/null");
  Object.getPrototypeOf(file).sync = () => new Promise(() => {});
  await file.close();
`;

test.runIf(process.platform !== "win32")(
  "while a recording waits for a disk that never answers, it ends all the same, and says so",
  SLOW,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "starwake-deaf-disk-"));
    onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20 }));
    const hook = `data:text/javascript,${encodeURIComponent(DEAF_DISK)}`;
    const command = [process.execPath, "--import", hook, "server/main.ts"];
    const server = await spawnServer({ command, args: [...FLAGS, "--record", folder] });
    await untilReady(server);
    await visit(server.port);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.output()).toMatch(/"level":"warn".*"recordings":1,"msg":"not all was closed in time/);
  },
);

test.runIf(process.platform !== "win32")(
  "waits for nobody who has said nothing, or half of something",
  SLOW,
  async () => {
    const server = await spawnServer({ args: FLAGS });
    await untilReady(server);
    for (let count = 0; count < 24; count++) {
      const socket = connect(server.port, "127.0.0.1").on("error", () => {});
      onTestFinished(() => void socket.destroy());
      await once(socket, "connect");
      if (count % 2 === 0) socket.write("GET / HTTP/1.1\r\nHost: a");
    }
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain("not all was closed in time");
  },
);

test.runIf(process.platform !== "win32")(
  "a shell between npm and the server keeps no signal from it",
  SLOW,
  async () => {
    // A shell that does not give its place to the command, as some do not: npm's signal ends it alone.
    const env = { npm_lifecycle_script: "node server/main.ts" };
    const shell = ["sh", "-c", `${process.execPath} server/main.ts "$@" & wait`, "sh"];
    const server = await spawnServer({ command: shell, args: FLAGS, env });
    await untilReady(server);
    server.child.kill("SIGKILL");
    await expect.poll(isSilent(server.port), PATIENCE).toBe(true);
    await expect.poll(server.output, PATIENCE).toContain('"by":"the end of npm"');
  },
);

describe("the starter", () => {
  /** What the process knows of its starter, and a minute that passes. */
  function watch(script: string | undefined) {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const starter = { script, isThere: true };
    const then = vi.fn();
    watchStarter("server/main.ts", then, { script, isThere: () => starter.isThere });
    return { starter, then, passMinute: () => vi.advanceTimersByTime(60_000) };
  }

  test("is missed once, when it was npm with this program's script", () => {
    const { starter, then, passMinute } = watch("exec node server/main.ts");
    passMinute();
    expect(then).not.toHaveBeenCalled();
    starter.isThere = false;
    passMinute();
    expect(then).toHaveBeenCalledExactlyOnceWith("the end of npm");
  });

  test.each([undefined, "node deploy.js"])("may leave the process alone, when it was another (%s)", (script) => {
    const { starter, then, passMinute } = watch(script);
    starter.isThere = false;
    passMinute();
    expect(then).not.toHaveBeenCalled();
  });
});

describe.runIf(process.platform !== "win32")("npm run dev", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "ends by %s, however often, with all that it began",
    SLOW,
    async (signal) => {
      const project = createPageProject("server", "shared");
      project.write("one");
      project.hold();
      const dev = await spawnServer({ root: project.root, command: [process.execPath, "server/dev.ts"], args: FLAGS });
      await untilReady(dev);
      await expect.poll(project.builders, PATIENCE).toHaveLength(1);
      dev.child.kill(signal);
      dev.child.kill(signal);
      expect(await dev.ended).toBe(0);
      expect(project.builders().filter(isAlive)).toEqual([]);
      expect(await isSilent(dev.port)()).toBe(true);
    },
  );
});

test.runIf(process.platform !== "win32")(
  "--ready-delay serves on while /readyz says 503, until a second signal comes, a second later",
  SLOW,
  async () => {
    const server = await spawnServer({ args: [...FLAGS, "--ready-delay", "3600"] });
    await untilReady(server);
    server.child.kill("SIGTERM");
    await expect.poll(() => statusOf(server.port, "/readyz"), PATIENCE).toBe(503);
    expect(await statusOf(server.port, "/healthz")).toBe(200);
    expect(server.output()).not.toContain("closing");
    const again = setInterval(() => server.child.kill("SIGINT"), 400);
    onTestFinished(() => clearInterval(again));
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain("closing");
  },
);

test("--ready-delay that is over ends the server", SLOW, async () => {
  const server = await spawnServer({ args: [...FLAGS, "--ready-delay", "1"] });
  await untilReady(server);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(server.output()).toContain("closing");
});

function unlessThrown<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

function childrenOf({ pid }: ChildProcess): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").map(Number);
}

const commandLineOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8");
