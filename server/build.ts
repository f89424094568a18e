/**
 * `npm run build`: builds the page, whether or not it is up to date. A server that serves it meanwhile serves the one
 * before until this one is whole.
 */
import { join } from "node:path";
import { endProcess } from "./engine/process-end.ts";
import { listenForStop, watchStarter, whenAborted } from "./engine/stop-request.ts";

/** Told to end, it ends after this at the latest, whatever disk it waits for. */
const END_DEADLINE_MS = 4_000;

const stop = listenForStop();
watchStarter("server/build.ts", stop.request);
whenAborted(stop.wanted, () => void setTimeout(() => endProcess(1), END_DEADLINE_MS).unref());
// The rest is read once the process can be told to end.
const { buildPage } = await import("./page-build.ts");
const { code } = await buildPage(join(import.meta.dirname, ".."), "inherit", stop.wanted);
process.exitCode = stop.wanted.aborted ? 1 : (code ?? 1);
