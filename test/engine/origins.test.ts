import { isOriginAllowed } from "@starwake/server/engine/origins.ts";
import { expect, test } from "vitest";

const HOST = "play.example:3000";

test.each([
  ["no page at all", undefined, []],
  ["the server's own page", "http://play.example:3000", []],
  ["the server's own page, behind a proxy that speaks TLS", "https://play.example:3000", []],
  ["a page of an allowed origin", "https://friend.example", ["https://other.example", "https://friend.example"]],
  ["any page, when all are allowed", "https://elsewhere.example", ["*"]],
])("%s is let in", (_who, origin, allowed) => {
  expect(isOriginAllowed(origin, HOST, allowed)).toBe(true);
});

test.each([
  ["another host", "http://elsewhere.example:3000"],
  ["another port", "http://play.example:3001"],
  ["the default port", "http://play.example"],
  ["a host under it", "http://evil.play.example:3000"],
  ["a host that begins like it", "http://play.example.elsewhere.example:3000"],
  ["a name before the host", "http://play.example:3000@elsewhere.example"],
  ["a page without an origin of its own", "null"],
  ["nothing", ""],
  ["no URL", "play.example:3000"],
])("%s is refused", (_what, origin) => {
  expect(isOriginAllowed(origin, HOST, ["https://friend.example"])).toBe(false);
});

test("a page is refused when the request names no host", () => {
  expect(isOriginAllowed("http://play.example:3000", undefined, [])).toBe(false);
});
