/** Where the page may open sockets to. */
import { securityHeaders } from "@starwake/server/engine/security-headers.ts";
import { expect, test } from "vitest";

function connectSource(host: string | undefined): string | undefined {
  const policy = securityHeaders(host)["Content-Security-Policy"];
  return /connect-src ([^;]*)/.exec(policy!)?.[1];
}

test.each([
  ["play.example", "'self' ws://play.example wss://play.example"],
  ["Play.Example:3000", "'self' ws://play.example:3000 wss://play.example:3000"],
  ["127.0.0.1:3000", "'self' ws://127.0.0.1:3000 wss://127.0.0.1:3000"],
  ["localhost", "'self' ws://localhost wss://localhost"],
])("a page of %s may connect to its own host alone", (host, source) => {
  expect(connectSource(host)).toBe(source);
});

test.each([
  undefined,
  "",
  "*",
  "*.example",
  "[::1]:3000",
  "a b",
  "a;script-src *",
  "a; script-src *",
  "a,b",
  "a'self'",
  "a/b",
  "a:*",
  "a:",
  "a:123456",
  "-a",
  "a\tb",
  "ä.example",
  "x".repeat(300),
])("a host that cannot stand in a policy is not written into it: %j", (host) => {
  expect(connectSource(host)).toBe("'self'");
  const policy = securityHeaders(host ?? "")["Content-Security-Policy"]!;
  expect(policy).not.toMatch(/script-src|[*]/);
});
