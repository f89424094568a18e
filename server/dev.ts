/**
 * `npm run dev`: the server, begun anew whenever its code changes, and Vite, which brings changes into the open page.
 * Takes the server's own flags. The page's address is Vite's; it hands sockets on to the server.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { LogOutlet } from "./engine/log-outlet.ts";
import { listenForStop, watchStarter, whenAborted } from "./engine/stop-request.ts";

const ROOT = join(import.meta.dirname, "..");
/** What does not end when it is asked to is ended after this. */
const GRACE_MS = 6_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

const stop = listenForStop();
watchStarter("server/dev.ts", stop.request);
// The rest is read once the process can be told to end.
const { parseConfig } = await import("./config.ts");
const { outletTo } = await import("./engine/process-output.ts");
const { viteProgram } = await import("./page-build.ts");
const output = outletTo(process.stdout);
const errors = outletTo(process.stderr);
const argv = process.argv.slice(2);
const parsed = parseConfig(argv, process.env);
if (parsed.kind === "run") develop(parsed.config.port || (await findFreePort()));
else if (parsed.kind === "help") output.write(parsed.text);
else {
  for (const problem of parsed.problems) errors.write(`${problem}\n`);
  process.exitCode = 1;
}

/** For --port 0: Vite has to be told, too, and a server that begins anew takes the same again. */
async function findFreePort(): Promise<number> {
  const holder = createServer().listen(0);
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, "close");
  return port;
}

/** Runs both until one ends or the process is told to. @param port the game server's; Vite's configuration reads it, too */
function develop(port: number): void {
  const children = [
    start(
      "server",
      ["--watch", "--watch-preserve-output", join("server", "main.ts"), "--no-build", ...argv, "--port", `${port}`],
      port,
    ),
    start("page", [viteProgram(ROOT), "client", "--clearScreen", "false"], port),
  ];
  announceAddress(children[1]!);
  const end = (code: number) => {
    // The first reason to end is the one that is told.
    process.exitCode ??= code;
    for (const child of children) endChild(child);
  };
  whenAborted(stop.wanted, () => end(0));
  for (const child of children) child.once("exit", (code) => end(code ?? 1));
}

/** Runs Node with its output, line by line, under a name. */
function start(name: string, args: readonly string[], port: number): Child {
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const [from, to] of [
    [child.stdout, output],
    [child.stderr, errors],
  ] satisfies [Readable, LogOutlet][]) {
    createInterface({ input: from }).on("line", (line) => to.write(`${name.padEnd(6)} │ ${line}\n`));
  }
  return child;
}

/** Vite takes another port where its own is in use: what it says is what is told. */
function announceAddress(page: Child): void {
  createInterface({ input: page.stdout }).on("line", (line) => {
    const address = /Local:\s+(http\S+)/.exec(line)?.[1];
    if (address !== undefined) output.write(`\nStarwake is being developed: open ${address}\n\n`);
  });
}

function endChild(child: Child): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
}
