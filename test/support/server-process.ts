/** The server as a host runs it: a process of its own, spoken to by its address and by signals alone. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { ensurePageBuilt } from "../../server/page-build.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ADDRESS_LINE = /^Starwake: (http:\/\/\S+:(\d+))$/;

export type ServerProcess = {
  readonly port: number;
  readonly url: string;
  /** The page's address as the server told it. */
  readonly told: string;
  /** All that it has written so far. */
  output(): string;
  /** Sends a signal. @returns the exit code, null where the signal itself ended the process */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | null>;
};

/** How a process that ended by itself ended. */
type Ending = { readonly code: number | null; readonly output: string; readonly errors: string };

/**
 * Starts a server that listens on 127.0.0.1 unless told otherwise, and ends it with the test.
 * @param port 0: any that is free
 * @throws when it ended before it listened, with all that it wrote
 */
export async function startServer(args: readonly string[], port = 0): Promise<ServerProcess> {
  const child = spawnServer([...args, "--port", `${port}`]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = endingOf(child);
  let output = "";
  child.stdout!.on("data", (part: Buffer) => (output += part));
  const listening = await Promise.race([addressLine(child), ended]);
  if ("code" in listening) throw new Error(`the server did not start:\n${listening.output}${listening.errors}`);
  return {
    port: listening.port,
    url: `http://127.0.0.1:${listening.port}`,
    told: listening.told,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      return (await ended).code;
    },
  };
}

/** Runs a server that is expected to end by itself. */
export function runServerToItsEnd(args: readonly string[]): Promise<Ending> {
  const child = spawnServer(args);
  onTestFinished(() => void child.kill("SIGKILL"));
  return endingOf(child);
}

/** Builds the page where that is needed, so that the server need not. */
export async function buildPage(): Promise<void> {
  const quiet = () => {};
  await ensurePageBuilt(ROOT, { debug: quiet, info: quiet, warn: quiet, error: quiet });
}

function spawnServer(args: readonly string[]): ChildProcess {
  const fixed = ["server/main.ts", "--no-build", "--host", "127.0.0.1", "--log-level", "warn"];
  // A machine that stalls for a while costs nobody their connection.
  fixed.push("--peer-timeout", "240");
  // Of the environment only the path: a PORT or a SEED that is set here is not the test's.
  const env = { PATH: process.env.PATH };
  return spawn(process.execPath, [...fixed, ...args], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
}

function addressLine(child: ChildProcess): Promise<{ readonly told: string; readonly port: number }> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const [, told, port] = ADDRESS_LINE.exec(line) ?? [];
      if (told !== undefined) resolve({ told, port: Number(port) });
    });
  });
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const written = { output: "", errors: "" };
  child.stdout!.on("data", (part: Buffer) => (written.output += part));
  child.stderr!.on("data", (part: Buffer) => (written.errors += part));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...written };
}
