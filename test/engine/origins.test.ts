import { createOriginCheck, isOriginAllowed } from "@starwake/server/engine/origins.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";
import { requestFrom } from "../support/made-request.ts";

const HOST = "play.example:3000";

test.each([
  ["no page at all", undefined, []],
  ["the server's own page", "http://play.example:3000", []],
  ["the server's own page, behind a proxy that speaks TLS", "https://play.example:3000", []],
  ["a page of an allowed origin", "https://friend.example", ["https://other.example", "https://friend.example"]],
  ["a page of an allowed origin, written in another way", "HTTPS://Friend.example:443", ["https://friend.example"]],
  ["any page, when all are allowed", "https://elsewhere.example", ["*"]],
])("%s is let in", (_who, origin, allowed) => {
  expect(isOriginAllowed(origin, [HOST], allowed)).toBe(true);
});

test.each([
  ["https://play.example", "play.example:443"],
  ["https://play.example", "play.example"],
  ["https://play.example:443", "play.example"],
  ["http://play.example", "play.example:80"],
  ["http://play.example:80", "play.example"],
  ["http://play.example:3000", "PLAY.Example:3000"],
  ["HTTP://PLAY.EXAMPLE:3000", "play.example:3000"],
  ["http://play.example.", "play.example"],
  ["http://play.example", "play.example."],
  ["https://play.example.", "play.example.:443"],
  ["http://[::1]:3000", "[::1]:3000"],
  ["http://[2001:db8::1]", "[2001:DB8:0:0::1]:80"],
  ["https://xn--bcher-kva.example", "XN--BCHER-KVA.example:443"],
])("a page of %s may ask %s", (origin, host) => {
  expect(isOriginAllowed(origin, [host], [])).toBe(true);
});

test.each([
  ["http://play.example", "play.example:443"],
  ["https://play.example", "play.example:80"],
  ["https://play.example", "play.example:8443"],
  ["http://[::1]:3000", "[::2]:3000"],
  ["http://[::1]:3000", "localhost:3000"],
  ["http://play.example", "elsewhere.example@play.example"],
  ["http://play.example", "play.example/x"],
  ["http://play.example", "play.example#x"],
  ["http://play.example", "play.example\\x"],
  ["http://play.example", "play.example:x"],
  ["http://play.example", "play.example, elsewhere.example"],
  ["http://play.example", ""],
  ["ftp://play.example", "play.example"],
  ["file://", ""],
])("a page of %s may not ask %j", (origin, host) => {
  expect(isOriginAllowed(origin, [host], [])).toBe(false);
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
  expect(isOriginAllowed(origin, [HOST], ["https://friend.example"])).toBe(false);
});

test("a page is refused when the request names no host", () => {
  expect(isOriginAllowed("http://play.example:3000", [], [])).toBe(false);
});

test("an origin or a host that is longer than any address of a site is refused: to parse it may take milliseconds", () => {
  const longPage = (length: number) => `http://${HOST}/`.padEnd(length, "x");
  const longHost = (length: number) => `play.example:${"3000".padStart(length - "play.example:".length, "0")}`;
  const outcomes = [300, 301].map((length) => [
    isOriginAllowed(longPage(length), [HOST], []),
    isOriginAllowed(`http://${HOST}`, [longHost(length)], []),
  ]);
  expect(outcomes).toEqual([
    [true, true],
    [false, false],
  ]);
});

test("an origin is parsed once, however many hosts it is compared with", () => {
  const parsed: string[] = [];
  const { URL } = globalThis;
  class CountedUrl extends URL {
    constructor(url: string) {
      parsed.push(url);
      super(url);
    }
    static override canParse(url: string) {
      parsed.push(url);
      return URL.canParse(url);
    }
    static override parse(url: string) {
      parsed.push(url);
      return URL.parse(url);
    }
  }
  vi.stubGlobal("URL", CountedUrl);
  onTestFinished(() => void vi.unstubAllGlobals());
  const hosts = Array.from({ length: 16 }, (_, number) => `h${number}.example`);
  isOriginAllowed("https://play.example", hosts, []);
  expect(parsed.filter((url) => url === "https://play.example")).toHaveLength(1);
});

describe("the check", () => {
  const startCheck = (allowed: readonly string[] = []) => {
    const clock = createHandClock();
    const { log, lines } = createLogLines();
    const isFromProxy = ({ socket }: { socket: { remoteAddress?: string } }) => socket.remoteAddress === "127.0.0.1";
    const check = createOriginCheck({ allowed, isFromProxy, clock, log });
    const ask = (origin: string | undefined, host: string, more: object = {}, from = "192.0.2.7") =>
      check(requestFrom(from, { ...(origin === undefined ? {} : { origin }), host, ...more }));
    return { clock, lines, ask };
  };

  test("takes the host that a trusted proxy was asked for, and nobody else's word on it", () => {
    const { ask } = startCheck();
    const forwarded = { "x-forwarded-host": "play.example" };
    expect(ask("https://play.example", "127.0.0.1:3000", forwarded, "127.0.0.1")).toBe(true);
    expect(ask("https://play.example", "127.0.0.1:3000", forwarded)).toBe(false);
    expect(ask("https://elsewhere.example", "127.0.0.1:3000", forwarded, "127.0.0.1")).toBe(false);
  });

  test("looks at the hosts that sixteen proxies were asked for: each takes time, and who asks can write thousands", () => {
    const { ask } = startCheck();
    const askFor = (hosts: string) =>
      ask("https://play.example", "127.0.0.1:3000", { "x-forwarded-host": hosts }, "127.0.0.1");
    expect(askFor(`play.example${",a.example".repeat(15)}`)).toBe(true);
    expect(askFor(`play.example${",a.example".repeat(16)}`)).toBe(false);
    expect(askFor(`${"a.example,".repeat(700)}play.example`)).toBe(true);
  });

  test("lets in who is no page, with a host or without", () => {
    const { ask, lines } = startCheck();
    expect([ask(undefined, "play.example"), ask(undefined, "")]).toEqual([true, true]);
    expect(lines).toEqual([]);
  });

  test("logs what it compared, once for each page, and names the option", () => {
    const { ask, lines } = startCheck();
    for (let count = 0; count < 3; count++) expect(ask("https://play.example", "127.0.0.1:3000")).toBe(false);
    expect(lines).toEqual([
      {
        level: "warn",
        message: expect.stringMatching(/--allow-origin.+Host header/),
        fields: { origin: "https://play.example", host: "127.0.0.1:3000" },
      },
    ]);
  });

  test("logs few lines and short ones, however many origins somebody makes up", () => {
    const { ask, clock, lines } = startCheck();
    for (let count = 0; count < 1_000; count++)
      ask(`https://${"x".repeat(2_000)}${count}.example`, `h${count}`.repeat(500));
    expect(lines.length).toBeLessThanOrEqual(10);
    for (const { fields } of lines) expect(JSON.stringify(fields).length).toBeLessThan(500);
    clock.advance(120_000);
    const before = lines.length;
    for (let count = 0; count < 1_000; count++) ask(`https://${count}.example`, "h");
    expect(lines.length - before).toBeLessThanOrEqual(2);
  });
});
