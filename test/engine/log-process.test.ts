/** A log that cannot be written costs log lines and nothing else: on real processes with real outputs. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { PATIENCE, spawnServer, statusOf, untilReady, visit } from "../support/odd-server.ts";

const SLOW = { timeout: 300_000 };
const FLAGS = ["--no-build", "--host", "127.0.0.1", "--pilots", "2", "--capacity", "4", "--map-size", "1280"];

/** What is written to the standard output waits for ever: in a helper thread, or in whoever does not leave it to one. */
const DEAF_DISK = `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { write, writeSync } = fs;
  fs.write = (fd, ...rest) => { if (fd !== 1) write(fd, ...rest); };
  fs.writeSync = (fd, ...rest) => {
    if (fd === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return writeSync(fd, ...rest);
  };
  syncBuiltinESMExports();
`;

function openFor(path: string, flags: number): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "starwake-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20 }));
  return folder;
}

/** A pipe that takes nothing more. @returns its name, and what reads all that is in it */
function makeFullPipe() {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  const fd = openFor(path, constants.O_RDWR | constants.O_NONBLOCK);
  const filler = Buffer.alloc(4096, "\n");
  expect(() => {
    for (;;) writeSync(fd, filler);
  }).toThrow("EAGAIN");
  const drain = (): string => {
    const part = Buffer.alloc(65_536);
    const parts: string[] = [];
    try {
      for (;;) parts.push(part.toString("utf8", 0, readSync(fd, part)));
    } catch {
      return parts.join("");
    }
  };
  return { path, drain };
}

/**
 * A server in a session of its own, begun in a terminal that closes as soon as that is done, or that is held: it shows
 * nothing of what it is full of.
 * @param screen where the terminal shows what it is given
 */
async function spawnInTerminal(what: "closes" | "held", screen?: number) {
  const folder = temporaryFolder();
  const [run, pid, code] = ["run", "pid", "code"].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(
    run,
    `what=$1; shift
    case $what in
      terminal) what=$1; shift; exec script -qec "sh ${run} $what $*" /dev/null ;;
      held) yes & setsid sh ${run} serve "$@" & wait ;;
      closes) setsid sh ${run} serve "$@" & until [ -s ${pid} ]; do sleep 0.05; done ;;
      serve) ${process.execPath} server/main.ts "$@" & echo $! > ${pid}; wait $!; echo $? > ${code} ;;
    esac`,
  );
  const server = await spawnServer({ command: ["sh", run, "terminal", what], args: FLAGS, stdout: screen });
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").trim() : "");
  onTestFinished(() => {
    if (read(code) === "" && read(pid) !== "") process.kill(Number(read(pid)), "SIGKILL");
  });
  const codeAfter = async (signal: "SIGTERM") => {
    process.kill(Number(read(pid)), signal);
    await expect.poll(() => read(code), PATIENCE).not.toBe("");
    return read(code);
  };
  return { ...server, codeAfter };
}

async function lostLines(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^starwake_log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
}

describe.runIf(process.platform === "linux")("the server seats players, and ends when it is told to", () => {
  test("with its log on a disk that is full", SLOW, async () => {
    const server = await spawnServer({ args: FLAGS, stdout: openFor("/dev/full", constants.O_WRONLY) });
    await untilReady(server);
    await visit(server.port);
    expect(await statusOf(server.port, "/healthz")).toBe(200);
    await expect.poll(() => lostLines(server.port), PATIENCE).toBeGreaterThan(1);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("with its log on a disk that never answers", SLOW, async () => {
    const file = join(temporaryFolder(), "log");
    const hook = `data:text/javascript,${encodeURIComponent(DEAF_DISK)}`;
    const command = [process.execPath, "--import", hook, "server/main.ts"];
    const stdout = openFor(file, constants.O_WRONLY | constants.O_CREAT);
    const server = await spawnServer({ command, args: FLAGS, stdout });
    await untilReady(server);
    await visit(server.port);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("");
  });

  test.each([
    ["waits", constants.O_WRONLY],
    ["refuses (EAGAIN)", constants.O_WRONLY | constants.O_NONBLOCK],
  ])("with its log in a pipe that is full for a while, and %s", SLOW, async (_, flags) => {
    const { path, drain } = makeFullPipe();
    const server = await spawnServer({ args: FLAGS, stdout: openFor(path, flags) });
    await untilReady(server);
    await visit(server.port);
    let log = drain();
    await expect.poll(() => (log += drain()), PATIENCE).toContain("room opened");
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(log + drain()).toContain("closing");
  });

  test.each([
    ["waits", constants.O_WRONLY],
    ["refuses (EAGAIN)", constants.O_WRONLY | constants.O_NONBLOCK],
  ])("with its log in a pipe that nobody reads, and %s", SLOW, async (_, flags) => {
    const { path } = makeFullPipe();
    const server = await spawnServer({ args: FLAGS, stdout: openFor(path, flags) });
    await untilReady(server);
    await visit(server.port);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("with its log's reader gone", SLOW, async () => {
    const server = await spawnServer({ args: FLAGS });
    server.child.stdout!.destroy();
    await untilReady(server);
    await visit(server.port);
    await expect.poll(() => lostLines(server.port), PATIENCE).toBeGreaterThan(1);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test.each([
    ["DEBUG", "*"],
    ["NODE_DEBUG", "http"],
  ])("with libraries that write to a full disk, since %s=%s is set", SLOW, async (variable, text) => {
    const stderr = openFor("/dev/full", constants.O_WRONLY);
    const server = await spawnServer({ args: FLAGS, env: { [variable]: text }, stderr });
    const expectNoErrors = () => expect(server.output()).not.toContain('"level":"error"');
    await untilReady(server);
    await statusOf(server.port, "/picture.png");
    expectNoErrors();
    await expect.poll(() => lostLines(server.port), PATIENCE).toBeGreaterThan(1);
    await visit(server.port);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expectNoErrors();
  });

  test("with libraries that write into a pipe that is full", SLOW, async () => {
    const stderr = openFor(makeFullPipe().path, constants.O_WRONLY);
    const server = await spawnServer({ args: FLAGS, env: { DEBUG: "*" }, stderr });
    await untilReady(server);
    await visit(server.port);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("with its terminal gone, out of reach of the terminal's SIGHUP", SLOW, async () => {
    const server = await spawnInTerminal("closes");
    await server.ended;
    await expect.poll(() => statusOf(server.port, "/readyz"), PATIENCE).toBe(200);
    await visit(server.port);
    expect(await server.codeAfter("SIGTERM")).toBe("0");
  });

  test("with its terminal held, as by Ctrl-S", SLOW, async () => {
    const server = await spawnInTerminal("held", openFor(makeFullPipe().path, constants.O_WRONLY));
    await untilReady(server);
    await visit(server.port);
    expect(await server.codeAfter("SIGTERM")).toBe("0");
  });
});
