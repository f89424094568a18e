/** Whose address a client is known by, when proxies pass requests on. */
import { createClientAddress } from "@starwake/server/engine/client-address.ts";
import { isProxyRange } from "@starwake/server/engine/trusted-proxies.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogLines } from "../support/log-lines.ts";
import { requestFrom } from "../support/made-request.ts";
import { SEED, withSeed } from "../support/seed.ts";

function addressOf(trusted: readonly string[], peer: string | undefined, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return createClientAddress(trusted, createLogLines().log)(requestFrom(peer, headers));
}

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:DB8:0::1", "2001:db8::1"],
  [undefined, ""],
])("without a proxy, a client at %s is known as %s", (peer, known) => {
  expect(addressOf([], peer)).toBe(known);
});

test("X-Forwarded-For from who is not trusted changes nothing", () => {
  expect(addressOf([], "192.0.2.7", "198.51.100.1")).toBe("192.0.2.7");
  expect(addressOf(["loopback", "10.0.0.0/8"], "192.0.2.7", "127.0.0.1")).toBe("192.0.2.7");
});

test.each([
  ["the one that the proxy tells of", "127.0.0.1", "198.51.100.1", "198.51.100.1"],
  [
    "the last that a proxy added, whatever the client wrote before",
    "127.0.0.1",
    "1.1.1.1, 198.51.100.1",
    "198.51.100.1",
  ],
  ["the one before all trusted ones", "127.0.0.1", "1.1.1.1, 198.51.100.1, 10.1.2.3", "198.51.100.1"],
  ["the furthest, where all are trusted", "127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
  ["that of the proxy, where it tells nothing", "127.0.0.1", undefined, "127.0.0.1"],
  ["that of the proxy, where it tells nonsense", "127.0.0.1", "unknown", "127.0.0.1"],
  ["the nearest that is an address, where a trusted one passed nonsense on", "127.0.0.1", "x, 10.1.2.3", "10.1.2.3"],
  ["without the port", "127.0.0.1", "198.51.100.1:51234", "198.51.100.1"],
  ["without the port, IPv6, too", "127.0.0.1", "[2001:db8::1]:51234", "2001:db8::1"],
  ["told over a dual socket", "::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
  ["told over IPv6", "::1", "2001:db8::1", "2001:db8::1"],
])("behind a trusted proxy, the address is %s", (_rule, peer, forwarded, known) => {
  expect(addressOf(["loopback", "10.0.0.0/8"], peer, forwarded)).toBe(known);
});

test(`whatever the headers are, the address is one, and nothing is thrown [seed ${SEED}]`, () => {
  const piece = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom("", ",", ":", "[", "]:", "%", "unknown", "0x7f.1"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom(",", ", ", ":", ""), (pieces, between) => {
      expect(addressOf(["0.0.0.0/1", "::/1"], "127.0.0.1", pieces.join(between))).toMatch(
        /^[\d.]+$|^[\da-f:.]+(%.+)?$/,
      );
    }),
    withSeed(500),
  );
});

describe("the log", () => {
  test.each(["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "via"])(
    "tells once of a %s header that is not believed, and names the option",
    (header) => {
      const { log, lines } = createLogLines();
      const address = createClientAddress(["10.0.0.1"], log);
      for (const peer of ["127.0.0.1", "127.0.0.1", "192.0.2.7"])
        address(requestFrom(peer, { [header]: "for=1.2.3.4" }));
      expect(lines).toEqual([
        { level: "warn", message: expect.stringContaining("--trusted-proxy"), fields: { header, from: "127.0.0.1" } },
      ]);
    },
  );

  test("tells once of a trusted proxy that does not say for whom it asks", () => {
    const { log, lines } = createLogLines();
    const address = createClientAddress(["loopback"], log);
    for (let count = 0; count < 3; count++) address(requestFrom("127.0.0.1", { forwarded: "for=1.2.3.4" }));
    expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining("X-Forwarded-For")]);
  });

  test("says nothing of requests without such headers, nor of what a trusted proxy adds", () => {
    const { log, lines } = createLogLines();
    const address = createClientAddress(["loopback"], log);
    address(requestFrom("192.0.2.7", { host: "play.example" }));
    address(requestFrom("127.0.0.1"));
    address(requestFrom("127.0.0.1", { "x-forwarded-for": "192.0.2.7", "x-forwarded-host": "play.example" }));
    expect(lines).toEqual([]);
  });
});

test.each([
  "10.0.0.1",
  "10.0.0.0/8",
  "10.0.0.0/255.0.0.0",
  "2001:db8::/32",
  "::1",
  "loopback",
  "linklocal",
  "uniquelocal",
])("%s may be named as a proxy", (range) => expect(isProxyRange(range)).toBe(true));

test.each([
  "",
  "*",
  "proxy.example",
  "10.0.0.0/33",
  "10.0.0.0/x",
  "10.0.0",
  "0.0.0.0/0",
  "private",
  "1",
  "1/8",
  "0x7f000001",
])("%j may not be named as a proxy", (range) => expect(isProxyRange(range)).toBe(false));
