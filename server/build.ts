/**
 * `npm run build`: builds the page, whether or not it is up to date. A server that serves it meanwhile serves the one
 * before until this one is whole.
 */
import { join } from "node:path";
import { listenForStop, watchStarter } from "./engine/stop-request.ts";

const stop = listenForStop();
watchStarter("server/build.ts", stop.request);
// The rest is read once the process can be told to end.
const { buildPage } = await import("./page-build.ts");
const { code } = await buildPage(join(import.meta.dirname, ".."), "inherit", stop.wanted);
process.exitCode = stop.wanted.aborted ? 1 : (code ?? 1);
