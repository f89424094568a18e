import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findTrouble, ReachWatch, type Trouble, troubleIn } from "@starwake/client/game/reach.ts";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";

/** A watch whose clock a test moves, and how often it looked. */
function makeWatch(found: Trouble = "unreachable") {
  const seen = { nowMs: 0, looks: 0 };
  const watch = new ReachWatch(
    () => seen.nowMs,
    async () => {
      seen.looks++;
      return found;
    },
  );
  const pass = async (ms: number, isConnected: boolean, failedAttempts: number) => {
    for (const endMs = seen.nowMs + ms; seen.nowMs < endMs; ) {
      seen.nowMs += 100;
      watch.note(isConnected, failedAttempts);
      await Promise.resolve();
    }
  };
  return { watch, seen, pass };
}

test("without a connection for a while it is looked into, also when no attempt has failed yet", async () => {
  const { watch, seen, pass } = makeWatch();
  await pass(3_000, false, 0);
  expect([watch.trouble, seen.looks]).toEqual([undefined, 0]);
  await pass(1_000, false, 0);
  expect([watch.trouble, seen.looks]).toEqual(["unreachable", 1]);
});

test("after two attempts that failed it is looked into at once, and anew while it lasts", async () => {
  const { seen, pass } = makeWatch();
  await pass(100, false, 1);
  expect(seen.looks).toBe(0);
  await pass(100, false, 2);
  expect(seen.looks).toBe(1);
  await pass(7_000, false, 5);
  expect(seen.looks).toBe(1);
  await pass(2_000, false, 6);
  expect(seen.looks).toBe(2);
});

test("a connection ends all trouble, also what is found out too late", async () => {
  const { watch, seen, pass } = makeWatch("sockets-blocked");
  await pass(4_000, false, 3);
  expect(watch.trouble).toBe("sockets-blocked");
  await pass(100, true, 0);
  expect(watch.trouble).toBeUndefined();
  await pass(100, false, 0);
  expect([watch.trouble, seen.looks]).toEqual([undefined, 1]);
  watch.note(false, 2);
  watch.note(true, 0);
  await Promise.resolve();
  expect(watch.trouble).toBeUndefined();
});

test.each<[number, string, Trouble]>([
  [200, `{"socket":"allowed"}`, "sockets-blocked"],
  [200, `{"socket":"origin-not-allowed"}`, "origin-not-allowed"],
  [429, "Too many requests.\n", "too-many-requests"],
  // A proxy, whose server is gone or does not answer it.
  [502, "<html><h1>502 Bad Gateway</h1></html>", "unreachable"],
  [503, `{"error":"no healthy upstream"}`, "unreachable"],
  [504, "", "unreachable"],
  [404, "Not found", "no-server"],
  [200, "<!doctype html><title>Somebody's page</title>", "no-server"],
  [200, "", "no-server"],
  [200, "null", "no-server"],
  [200, "5", "no-server"],
  [200, `{"socket":{}}`, "no-server"],
])("the answer %i %j to /reach means %s", (status, body, trouble) => {
  expect(troubleIn(status, body)).toBe(trouble);
});

/** What a document is to who listens for its policy, and who listens. */
class PolicyTeller extends EventTarget {
  readonly listeners = new Set<unknown>();

  override addEventListener(...told: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners.add(told[1]);
    super.addEventListener(...told);
  }

  override removeEventListener(...told: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners.delete(told[1]);
    super.removeEventListener(...told);
  }

  forbid(): void {
    this.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { effectiveDirective: "connect-src" }));
  }
}

test("who looks into it listens to the page's policy no longer than it takes, whatever is found", async () => {
  const server = createServer((_asked, response) => response.end(`{"socket":"allowed"}`)).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const page = new PolicyTeller();
  const look = (port: number) => findTrouble(new URL(`http://127.0.0.1:${port}/`), "https://play.example", page);
  const nobodysPort = await freePort();
  expect(await look((server.address() as AddressInfo).port)).toBe("sockets-blocked");
  expect(page.listeners.size).toBe(0);
  expect(await look(nobodysPort)).toBe("unreachable");
  expect(page.listeners.size).toBe(0);
  const looking = look(nobodysPort);
  page.forbid();
  expect([await looking, page.listeners.size]).toEqual(["own-server-only", 0]);
});
