/**
 * Loaded into a server's process before anything else: every function of the server and of shared can be told to throw, once,
 * by the process that started it.
 */

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { instrument } from "./instrument.ts";

/** What is asked of the server's process, and what it says. */
export type Order = { readonly kind: "arm"; readonly site: number } | { readonly kind: "list" };
export type Word =
  | { readonly kind: "fired"; readonly site: number }
  | { readonly kind: "stray"; readonly message: string }
  | { readonly kind: "sites"; readonly sites: readonly Site[] };

/** A function that was called; an entry is one that Node or a library called, with nothing of ours below it. */
export type Site = { readonly site: number; readonly name: string; readonly calls: number; readonly isEntry: boolean };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What serves connections and rooms. The rest runs once, as the process starts or ends. */
const SERVING = /^(server\/(engine|game)|shared)\/.*\.ts$/;
/** Calls of each function that are looked at to see who called. */
const LOOKED_AT = 12;
const OURS = /\/(server|shared)\/[^)]*\.ts/;

const names: string[] = [];
const calls: number[] = [];
const entries = new Set<number>();
let armed = -1;

registerHooks({
  load(url, context, nextLoad) {
    const path = url.startsWith("file:") ? relative(ROOT, fileURLToPath(url)).replaceAll("\\", "/") : "";
    if (!SERVING.test(path)) return nextLoad(url, context);
    const { source, sites } = instrument({ path, source: readFileSync(fileURLToPath(url), "utf8") }, names.length);
    names.push(...sites);
    calls.push(...sites.map(() => 0));
    return { format: "module-typescript", source, shortCircuit: true };
  },
});

Object.assign(globalThis, {
  __fault(site: number) {
    calls[site]++;
    if (calls[site] <= LOOKED_AT && isCalledFromOutside()) entries.add(site);
    if (site !== armed) return;
    armed = -1;
    say({ kind: "fired", site });
    throw new Error(`a fault put into ${names[site]}`);
  },
});

/** Whether nothing of ours is below the function that has just begun. */
function isCalledFromOutside(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  // Lines: the message, this function, __fault, and the function itself.
  const below = new Error().stack?.split("\n").slice(4) ?? [];
  Error.stackTraceLimit = limit;
  return !below.some((line) => OURS.test(line) && !line.includes("node_modules"));
}

const say = (word: Word) => void process.send?.(word);

process.on("message", (order: Order) => {
  if (order.kind === "arm") armed = order.site;
  else
    say({
      kind: "sites",
      sites: names
        .map((name, site) => ({ site, name, calls: calls[site], isEntry: entries.has(site) }))
        .filter((site) => site.calls > 0),
    });
});
process.on("uncaughtExceptionMonitor", (error) => say({ kind: "stray", message: String(error) }));
// The channel alone keeps no process alive.
process.channel?.unref();
