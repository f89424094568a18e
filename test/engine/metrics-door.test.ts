/** Who may read the metrics. */
import { createMetricsDoor } from "@starwake/server/engine/metrics-door.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";
import { requestFrom } from "../support/made-request.ts";
import { openRawWire } from "../support/raw-wire.ts";
import { startServer } from "../support/server-process.ts";

const TOKEN = "correct-horse-battery";
const LOCAL = { host: "localhost:3000" };
const MINUTE_MS = 60_000;

function openDoor(token: string, machineName = "game-box") {
  const clock = createHandClock();
  const { log, lines } = createLogLines();
  return { ...createMetricsDoor({ token, clock, log, machineName }), clock, lines };
}

const doorWith = (token: string) => openDoor(token).problemWith;
const bearer = (token: string) => ({ ...LOCAL, authorization: `Bearer ${token}` });

test.each([
  ["127.0.0.1", "localhost:3000"],
  ["127.0.0.1", "127.0.0.1:3000"],
  ["::ffff:127.0.0.1", "LOCALHOST"],
  ["::1", "[::1]:3000"],
  ["127.9.9.9", "127.9.9.9"],
  ["127.0.0.1", "0.0.0.0:3000"],
  ["127.0.0.1", "game-box:3000"],
  ["127.0.1.1", "Game-Box.lan:3000"],
  ["127.0.0.1", undefined],
])("who asks from this machine (%s, for %s) reads without a token", (peer, host) => {
  const headers = host === undefined ? {} : { host };
  expect(doorWith("")(requestFrom(peer, headers))).toBeUndefined();
  expect(doorWith(TOKEN)(requestFrom(peer, headers))).toBeUndefined();
});

test.each(["192.0.2.7", "10.0.0.1", "fe80::1", "2001:db8::1", undefined])("who asks from %s does not", (peer) => {
  expect(doorWith("")(requestFrom(peer, LOCAL))).toBe("no-token");
});

test.each([
  { "x-forwarded-for": "192.0.2.7" },
  { "x-forwarded-for": "127.0.0.1" },
  { forwarded: "for=192.0.2.7" },
  { "x-real-ip": "192.0.2.7" },
  { "x-forwarded-host": "play.example" },
  { "x-forwarded-proto": "https" },
  { via: "1.1 caddy" },
  { host: "play.example" },
  { host: "localhost.play.example" },
  { host: "127.0.0.1.play.example" },
  { host: "game-box" },
  { host: "game-box.example" },
  { host: "game-box2:3000" },
  { host: "lan.game-box:3000" },
  { origin: "https://play.example" },
  { origin: "https://game-box.example" },
  { referer: "https://play.example/" },
])("who comes by a proxy on this machine does not: %j", (headers) => {
  expect(doorWith("")(requestFrom("127.0.0.1", { ...LOCAL, ...headers }))).toBe("no-token");
});

test.each([
  ["host", (length: number) => ({ host: `${"game-box.".padEnd(length - ":3000".length, "x")}:3000` })],
  ["origin", (length: number) => ({ ...LOCAL, origin: "http://localhost:3000/".padEnd(length, "x") })],
  ["referer", (length: number) => ({ ...LOCAL, referer: "http://localhost:3000/".padEnd(length, "x") })],
])("one whose %s has more than 300 characters is no local reader", (_name, headersOf) => {
  const door = openDoor("");
  expect([300, 301].map((length) => door.problemWith(requestFrom("127.0.0.1", headersOf(length))))).toEqual([
    undefined,
    "no-token",
  ]);
});

test("who has the token reads from anywhere, by a proxy or without", () => {
  const door = doorWith(TOKEN);
  expect(door(requestFrom("192.0.2.7", bearer(TOKEN)))).toBeUndefined();
  const proxied = { ...bearer(TOKEN), host: "play.example", "x-forwarded-for": "192.0.2.7" };
  expect(door(requestFrom("127.0.0.1", proxied))).toBeUndefined();
  expect(door(requestFrom("192.0.2.7", { authorization: `bearer  ${TOKEN}` }))).toBeUndefined();
});

test.each(["", "wrong", `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), "x".repeat(10_000)])(
  "another token opens nothing: %j",
  (token) => {
    expect(doorWith(TOKEN)(requestFrom("192.0.2.7", bearer(token)))).toMatch(/-token$/);
  },
);

test("where there is no token, none opens, the empty one neither", () => {
  const door = doorWith("");
  for (const token of ["", " ", "undefined", "x"])
    expect(door(requestFrom("192.0.2.7", bearer(token)))).toMatch(/-token$/);
  expect(door(requestFrom("192.0.2.7", { authorization: "Basic eDp5" }))).toBe("no-token");
});

test.each([
  { origin: "http://localhost:5173" },
  { origin: "http://game-box:3000" },
  { origin: "null" },
  { referer: "x" },
])("who asks from this machine by a page of its own, or of nobody, reads without a token: %j", (page) =>
  expect(doorWith("")(requestFrom("127.0.0.1", { ...LOCAL, ...page }))).toBeUndefined(),
);

test.each([["game-box.example.org"], ["GAME-BOX"]])(
  "the machine's name (%s) may have a domain, and capitals",
  (name) => {
    for (const host of ["game-box:3000", "game-box.example.org:3000"])
      expect(openDoor("", name).problemWith(requestFrom("127.0.0.1", { host }))).toBeUndefined();
  },
);

test("who asks this machine by its own name is no proxy: local readers are not shut out", () => {
  const door = openDoor("");
  for (const host of ["game-box:3000", "game-box.lan:3000", "0.0.0.0:3000"])
    door.notice(requestFrom("127.0.1.1", { host }));
  expect([door.problemWith(requestFrom("127.0.0.1", LOCAL)), door.lines]).toEqual([undefined, []]);
});

test.each([
  { host: "play.example" },
  { host: "game-box.example" },
  { ...LOCAL, origin: "https://play.example" },
  { ...LOCAL, referer: "https://play.example/index.html" },
])("what a hidden proxy passes on shuts local readers out for ten minutes from the last time: %j", (headers) => {
  const door = openDoor("");
  const local = requestFrom("127.0.0.1", LOCAL);
  door.notice(requestFrom("127.0.0.1", headers));
  door.clock.advance(9 * MINUTE_MS);
  door.notice(requestFrom("127.0.0.1", headers));
  door.clock.advance(10 * MINUTE_MS - 1);
  expect(door.problemWith(local)).toBe("no-token");
  door.clock.advance(1);
  expect(door.problemWith(local)).toBeUndefined();
  expect(door.lines).toHaveLength(1);
  door.notice(requestFrom("127.0.0.1", headers));
  expect([door.problemWith(local), door.lines.length]).toEqual(["no-token", 2]);
});

test("a proxy on this machine that adds no header is noticed, once in the log, and who is local is not known any more", () => {
  const door = openDoor(TOKEN);
  const { lines } = door;
  const local = requestFrom("127.0.0.1", LOCAL);
  for (const request of [
    local,
    requestFrom("192.0.2.7", { host: "play.example" }),
    requestFrom("127.0.0.1", { host: "play.example", "x-forwarded-for": "192.0.2.7" }),
  ])
    door.notice(request);
  expect([door.problemWith(local), lines]).toEqual([undefined, []]);
  for (let count = 0; count < 3; count++) door.notice(requestFrom("127.0.0.1", { host: "play.example" }));
  expect(door.problemWith(local)).toBe("no-token");
  expect(door.problemWith(requestFrom("127.0.0.1", bearer(TOKEN)))).toBeUndefined();
  expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining("--metrics-token")]);
});

test("a server looks at requests to upgrade, too", async () => {
  const server = await startServer(["--pilots", "0"]);
  const status = async () => (await fetch(`${server.url}/metrics`)).status;
  expect(await status()).toBe(200);
  // By another name than this machine's.
  await openRawWire(server.port);
  expect(await status()).toBe(401);
});
