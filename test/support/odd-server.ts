/**
 * A server as a process whose surroundings are odd: its output is full or gone, its variables are somebody else's, or npm
 * began it. It is found by its port, since it may have no way to tell of it.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { Bot } from "../bots/bot.ts";
import { freePort } from "./free-port.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Ends what hangs, and judges nothing. */
export const PATIENCE = { interval: 20 };

export type Surroundings = {
  /** Run in place of Node and the server's file; it takes the server's flags at its end. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
};

export type OddServer = {
  readonly port: number;
  readonly child: ChildProcess;
  /** Once it has ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** All that it wrote so far, where it writes to the test. */
  readonly output: () => string;
};

const QUIET = ["--host", "127.0.0.1", "--pilots", "2", "--capacity", "4", "--map-size", "1280"];

export async function spawnServer(surroundings: Surroundings): Promise<OddServer> {
  const { command = [process.execPath, "server/main.ts"], args = QUIET, env = {}, root = ROOT } = surroundings;
  const port = await freePort();
  const [program, ...words] = [...command, "--port", `${port}`, ...args];
  const stdio: StdioOptions = ["ignore", surroundings.stdout ?? "pipe", surroundings.stderr ?? "pipe"];
  const child = spawn(program!, words, { cwd: root, env: { PATH: process.env.PATH, ...env }, stdio });
  onTestFinished(() => void child.kill("SIGKILL"));
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part: Buffer) => (written += part));
  const ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  return { port, child, ended, output: () => written };
}

/** Resolves when it answers. @throws with all that it wrote, when it ends before */
export async function untilReady(server: OddServer): Promise<void> {
  const died = server.ended.then((how) => `ended by ${how}:\n${server.output()}`);
  const state = async () => ((await isPending(died)) ? `${await statusOf(server.port, "/readyz")}` : died);
  await expect.poll(state, PATIENCE).toSatisfy((text: string) => text === "200" || text.startsWith("ended"));
  expect(await state()).toBe("200");
}

/** Somebody plays and leaves: rooms open and close, and the log tells of it. */
export async function visit(port: number): Promise<void> {
  const bot = new Bot({ url: `http://127.0.0.1:${port}`, room: { kind: "quick" }, name: "Ace", seed: 1 });
  onTestFinished(() => bot.client.leave());
  const isPlaying = () => {
    bot.update();
    return bot.match !== undefined;
  };
  await expect.poll(isPlaying, PATIENCE).toBe(true);
  bot.client.leave();
}

/** The status of an answer; undefined where nobody answers. */
export async function statusOf(port: number, path: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
  await response?.text();
  return response?.status;
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => false), new Promise<true>((resolve) => setImmediate(resolve, true))]);
}
