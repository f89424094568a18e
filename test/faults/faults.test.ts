/**
 * The short version of `npm run faults`: every function that Node or a library calls throws once, found by walking the running
 * server. What that costs is one connection or one room at most.
 */
import { expect, test } from "vitest";
import { runTrial } from "./trial.ts";

/** Listeners, timers and continuations of every kind are among them: with fewer, somebody did not come or the search is blind. */
const LEAST_ENTRIES = 15;

test("an error thrown in any listener, timer or promise harms neither the process nor a second connection or room", async () => {
  const { sites, fired, findings } = await runTrial({ entriesOnly: true, every: 1, tell() {} });
  expect(sites).toBeGreaterThanOrEqual(LEAST_ENTRIES);
  expect(fired).toBeGreaterThanOrEqual(LEAST_ENTRIES);
  expect(findings).toEqual([]);
});
