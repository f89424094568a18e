/** Who may read the metrics. */
import { createMetricsDoor } from "@starwake/server/engine/metrics-door.ts";
import { expect, test } from "vitest";
import { createLogLines } from "../support/log-lines.ts";
import { requestFrom } from "../support/made-request.ts";

const doorWith = (token: string) => createMetricsDoor(token, createLogLines().log).problemWith;
const TOKEN = "correct-horse-battery";
const LOCAL = { host: "localhost:3000" };
const bearer = (token: string) => ({ ...LOCAL, authorization: `Bearer ${token}` });

test.each([
  ["127.0.0.1", "localhost:3000"],
  ["127.0.0.1", "127.0.0.1:3000"],
  ["::ffff:127.0.0.1", "LOCALHOST"],
  ["::1", "[::1]:3000"],
  ["127.9.9.9", "127.9.9.9"],
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
])("who comes by a proxy on this machine does not: %j", (headers) => {
  expect(doorWith("")(requestFrom("127.0.0.1", { ...LOCAL, ...headers }))).toBe("no-token");
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

test("a proxy on this machine that adds no header is noticed, once in the log, and who is local is not known any more", () => {
  const { log, lines } = createLogLines();
  const door = createMetricsDoor(TOKEN, log);
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
