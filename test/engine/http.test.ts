import { once } from "node:events";
import fs, { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { HttpLimits } from "@starwake/server/engine/http-limits.ts";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Ask, PAGE, SCRIPT, TOKEN, useHttpSite } from "../support/http-site.ts";
import { upgradeRequest } from "../support/raw-wire.ts";

const SECURITY_HEADERS = [
  "Content-Security-Policy",
  "X-Content-Type-Options",
  "Referrer-Policy",
  "Cross-Origin-Opener-Policy",
  "Cross-Origin-Resource-Policy",
] as const;

const site = useHttpSite();

describe("the page", () => {
  test("is served at the root and must be asked for anew", async () => {
    const { status, headers, body } = await site.ask("/?from=friend");
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
  });

  test("assets named by their content are kept for good, others are not", async () => {
    const script = await site.ask(SCRIPT);
    expect([script.status, script.headers["content-type"]]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const picture = await site.ask("/picture.png");
    expect(picture.headers).toMatchObject({ "content-type": "image/png", "cache-control": "no-cache" });
  });

  test.each([
    ["as it was told", (tag: string) => tag],
    ["as a cache has it that knows several", (tag: string) => `"of-another", ${tag} ,W/"of-a-third"`],
    ["without the mark of a weak one, as some proxies pass it on", (tag: string) => tag.replace(/^W\//, "")],
    ["as any", () => " * "],
  ])("what has not changed is not sent again: its validator %s", async (_, condition) => {
    for (const path of ["/", "/r/ABCDEF"]) {
      const { headers } = await site.ask(path);
      const again = await site.ask(path, { headers: { "If-None-Match": condition(headers.etag!) } });
      expect(again).toMatchObject({ status: 304, body: "" });
    }
  });

  test("what has changed is sent again", async () => {
    for (const path of ["/", "/r/ABCDEF", SCRIPT])
      expect((await site.ask(path, { headers: { "If-None-Match": '"of-another", W/"of-a-third"' } })).status).toBe(200);
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const path of ["/", SCRIPT, "/healthz", "/metrics", "/nowhere"]) {
      const [head, get] = await Promise.all([site.ask(path, { method: "HEAD" }), site.ask(path)]);
      expect([head.status, head.headers["content-length"], head.body]).toEqual([
        get.status,
        get.headers["content-length"],
        "",
      ]);
    }
  });

  test.for([
    [200, "GET / HTTP/1.1\r\nHost: x"],
    [200, `GET ${SCRIPT} HTTP/1.1\r\nHost: x`],
    [200, "HEAD / HTTP/1.1\r\nHost: x"],
    [200, "GET /healthz HTTP/1.1\r\nHost: x"],
    [200, "GET /healthz HTTP/1.0"],
    [206, `GET ${SCRIPT} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1`],
    [304, "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: *"],
    [400, "GET /%00 HTTP/1.1\r\nHost: x"],
    [400, "GET / HTTP/1.1"],
    [400, "GET / HTTP/1.1\r\nHost: x\r\nno header"],
    [400, "PRI * HTTP/2.0\r\n\r\nSM"],
    [400, "\x16\x03\x01\x02\x00"],
    [401, "GET /metrics HTTP/1.1\r\nHost: elsewhere.example"],
    [403, "GET /../secret.txt HTTP/1.1\r\nHost: x"],
    [404, "GET /.env HTTP/1.1\r\nHost: x"],
    [404, "GET /nowhere HTTP/1.1\r\nHost: x"],
    [405, "POST / HTTP/1.1\r\nHost: x"],
    [412, "GET / HTTP/1.1\r\nHost: x\r\nIf-Match: y"],
    [414, `GET /${"x".repeat(2_000)} HTTP/1.1\r\nHost: x`],
    [416, `GET ${SCRIPT} HTTP/1.1\r\nHost: x\r\nRange: bytes=1000-`],
    [417, "GET / HTTP/1.1\r\nHost: x\r\nExpect: much"],
    [405, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9"],
    [426, "GET /socket.io/ HTTP/1.1\r\nHost: x"],
    [429, "GET / HTTP/1.1\r\nHost: x\r\nX-Hasty: yes"],
    [431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(8_192)}`],
  ] as const)("the security headers go with an answer of %i, to %s", async ([status, head]) => {
    await site.listenAnew({ limits: { mayAsk: ({ headers }) => headers["x-hasty"] === undefined } });
    const { socket } = await site.connect();
    socket.write(`${head}\r\n\r\n`, "latin1");
    const [data] = await once(socket, "data");
    socket.destroy();
    const answer = data.toString();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const name of SECURITY_HEADERS) expect(answer).toContain(`\r\n${name}: `);
  });

  test("and with the one to a head that takes too long", async () => {
    await site.listenAnew({ times: { head: 1, check: 1 } });
    const { socket } = await site.connect();
    socket.write("GET / HTTP/1.1\r\n");
    const [data] = await once(socket, "data");
    expect(data.toString()).toMatch(/^HTTP\/1.1 408 /);
    for (const name of SECURITY_HEADERS) expect(data.toString()).toContain(`\r\n${name}: `);
  });

  test("each request is asked for once, whatever it expects", async () => {
    let asked = 0;
    await site.listenAnew({ limits: { mayAsk: () => ++asked > 0 } });
    const heads = ["", "Expect: 100-continue\r\n", "Expect: much\r\n", "Connection: close\r\n"];
    const { socket } = await site.connect();
    socket.resume();
    socket.write(heads.map((more) => `GET /healthz HTTP/1.1\r\nHost: x\r\n${more}\r\n`).join(""));
    await once(socket, "close");
    expect(asked).toBe(heads.length);
  });

  test("what cannot be read behind a request leaves the answer to that as it is", async () => {
    const { socket, heard } = await site.connect();
    socket.write(`GET ${SCRIPT} HTTP/1.1\r\nHost: x\r\n\r\n\x16\x03`, "latin1");
    await once(socket, "close");
    expect(heard().match(/HTTP\/1.1/g) ?? []).toHaveLength(heard() === "" ? 0 : 1);
  });

  test("scripts may come from nowhere else, and none may be written into the page", async () => {
    const policy = String((await site.ask("/")).headers["content-security-policy"]);
    expect(policy).not.toMatch(/script-src|unsafe-eval|default-src[^;]*unsafe/);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${site.port} wss://127.0.0.1:${site.port}`);
  });

  test("a page built while the server runs is served", async () => {
    rmSync(join(site.folder, "dist"), { recursive: true });
    expect(await site.ask("/")).toMatchObject({ status: 404, body: expect.stringContaining("npm run build") });
    mkdirSync(join(site.folder, "dist"));
    site.write("index.html", PAGE);
    expect(await site.ask("/")).toMatchObject({ status: 200, body: PAGE });
  });
});

describe("an asset that the build compressed", () => {
  const bodies = { br: "as br", gzip: "as gzip", identity: "let answer = 42;" } as const;
  beforeEach(() => {
    site.write(`${SCRIPT}.br`, bodies.br);
    site.write(`${SCRIPT}.gz`, bodies.gzip);
  });
  const askFor = (accepted: string | undefined, more: Ask = {}) =>
    site.ask(SCRIPT, {
      ...more,
      headers: { ...more.headers, ...(accepted === undefined ? {} : { "Accept-Encoding": accepted }) },
    });

  test("is sent as it is to who writes a choice that takes long to read", async () => {
    const headers = { "Accept-Encoding": `br,${"a,".repeat(200)}` };
    expect((await site.ask(SCRIPT, { headers })).headers["content-encoding"]).toBeUndefined();
    const ranges = { Range: `bytes=${"0-0,".repeat(100)}0-0` };
    expect((await site.ask(SCRIPT, { headers: ranges })).status).toBe(200);
  });

  test.each([
    [undefined, "identity"],
    ["", "identity"],
    ["br", "br"],
    ["gzip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.5", "gzip"],
    ["br;q=0.9, gzip;q=0.9", "br"],
    ["br;q=0", "identity"],
    ["br;q=0, gzip", "gzip"],
    ["gzip;q=0, br;q=0.001", "br"],
    ["*", "br"],
    ["*;q=0", "identity"],
    ["*;q=0, gzip;q=0.1", "gzip"],
    ["br;q=0, *", "gzip"],
    ["identity", "identity"],
    ["identity;q=1, br;q=0.5", "identity"],
    ["identity;q=0.5, gzip", "gzip"],
    ["identity;q=0, gzip", "gzip"],
    ["identity;q=0, *;q=0", "identity"],
    ["GZIP ; Q=1", "gzip"],
    ["brotli, bru, xbr", "identity"],
    ["deflate, zstd", "identity"],
    ["br;q=x", "identity"],
    [", ;;=,q=1", "identity"],
  ] as const)("is sent to who takes %j as %s", async (accepted, encoding) => {
    const { status, headers, body } = await askFor(accepted);
    expect([status, body]).toEqual([200, bodies[encoding]]);
    expect(headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding);
    expect(headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", vary: "Accept-Encoding" });
  });

  test("is sent in an encoding that there is", async () => {
    site.remove(`${SCRIPT}.br`);
    expect((await askFor("gzip, br")).body).toBe(bodies.gzip);
    site.remove(`${SCRIPT}.gz`);
    const { headers, body } = await askFor("gzip, br");
    expect([body, headers["content-encoding"], headers.vary]).toEqual([bodies.identity, undefined, "Accept-Encoding"]);
  });

  test("is looked up while the server goes on: a disk that is slow or dead stops no room", async () => {
    const waits = (["existsSync", "accessSync", "statSync", "openSync", "readFileSync", "readdirSync"] as const).map(
      (name) => vi.spyOn(fs, name),
    );
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    expect((await askFor("br")).body).toBe(bodies.br);
    const waited = waits.filter(({ mock }) => mock.calls.some(([path]) => String(path).startsWith(site.folder)));
    expect(waited).toEqual([]);
  });

  test("has a validator for each encoding, which is none of another's", async () => {
    const tags = await Promise.all(["br", "gzip", "identity"].map(async (name) => (await askFor(name)).headers.etag!));
    expect(new Set(tags).size).toBe(3);
    const [br] = tags;
    const again = await askFor("br", { headers: { "If-None-Match": br! } });
    expect(again).toMatchObject({ status: 304, body: "", headers: { etag: br, vary: "Accept-Encoding" } });
    expect(await askFor("gzip", { headers: { "If-None-Match": br! } })).toMatchObject({
      status: 200,
      body: bodies.gzip,
    });
  });

  test("is sent in parts of the encoding that was asked for, and whole when the parts were of another", async () => {
    const { headers } = await askFor("br");
    const part = await askFor("br", { headers: { Range: "bytes=3-4", "If-Range": headers.etag! } });
    expect(part).toMatchObject({ status: 206, body: "br", headers: { "content-encoding": "br" } });
    const other = await askFor("gzip", { headers: { Range: "bytes=3-4", "If-Range": headers.etag! } });
    expect(other).toMatchObject({ status: 200, body: bodies.gzip });
  });

  test("tells of its encoding only where it is sent", async () => {
    const refused = await askFor("br", { headers: { Range: "bytes=99-" } });
    expect(refused).toMatchObject({ status: 416, body: expect.stringContaining("cannot be answered") });
    expect(refused.headers).not.toHaveProperty("content-encoding");
    expect(refused.headers).not.toHaveProperty("etag");
  });

  test("is told of by HEAD as GET sends it", async () => {
    for (const encoding of ["br", "gzip", "identity"]) {
      const [head, get] = await Promise.all([askFor(encoding, { method: "HEAD" }), askFor(encoding)]);
      for (const name of ["content-length", "content-encoding", "content-type", "etag", "vary"])
        expect(head.headers[name]).toBe(get.headers[name]);
      expect(head.body).toBe("");
    }
  });
});

describe("what is asked in bad faith", () => {
  const OUTSIDE = [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
  ];
  const ODD = [
    "/.env",
    "//secret.txt",
    "/%00",
    "/%E0%A4%A",
    "/index.html/",
    "/assets",
    "/assets/",
    "/healthz/",
    "/__proto__",
  ];

  test.each([...OUTSIDE, ...ODD])("%s gives nothing away", async (path) => {
    const { status, body } = await site.ask(path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret|<|\/tmp/);
  });

  test("other methods are refused and told what is understood", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
      const { status, headers } = await site.ask("/", { method });
      expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
    }
  });

  test.each(["bytes=5-3", "bytes=99-", "bytes=-0", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes=0-1,3-4"])(
    "a range of %s leaves the server standing",
    async (range) => {
      expect([200, 206, 416]).toContain((await site.ask("/picture.png", { headers: { Range: range } })).status);
      expect((await site.ask("/picture.png", { headers: { Range: "bytes=2-4" } })).body).toBe("234");
    },
  );

  test("a request that is no HTTP is ended with 400", async () => {
    const { socket } = await site.connect();
    socket.write("\x16\x03\x01 nonsense\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });

  test("an address may name the server, has a path, and is not long", async () => {
    for (const path of ["http://elsewhere.example/?a", "HTTP://elsewhere.example:8080", "https://x/index.html"])
      expect(await site.ask(path)).toMatchObject({ status: 200, body: PAGE });
    for (const path of ["*", "elsewhere.example:443", "http:///x", "ftp://x/"])
      expect(await site.ask(path)).toMatchObject({ status: 400 });
    expect(await site.ask(`/${"x".repeat(1_024)}`)).toMatchObject({ status: 414 });
    expect(await site.ask(`/?${"x".repeat(5_000)}`)).toMatchObject({ status: 200 });
  });

  test("who asks to switch to another protocol with an ordinary request gets an ordinary answer", async () => {
    const offers: Record<string, string>[] = [
      { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__" },
      { Connection: "Upgrade", Upgrade: "websocket" },
    ];
    site.server.on("upgrade", (_request, socket) => socket.destroy());
    for (const headers of offers)
      expect(await site.ask("/healthz", { headers })).toMatchObject({ status: 200, body: "alive\n" });
  });

  test("slow requests are limited", () => {
    expect([site.server.headersTimeout, site.server.requestTimeout]).toEqual([5_000, 10_000]);
  });
});

describe("what a service manager asks", () => {
  test("a server that is not ready is alive all the same", async () => {
    site.isReady = false;
    expect([(await site.ask("/healthz")).status, (await site.ask("/readyz")).status]).toEqual([200, 503]);
    site.isReady = true;
    expect([(await site.ask("/healthz")).status, (await site.ask("/readyz")).status]).toEqual([200, 200]);
  });

  test("is known from all else, whoever asks", async () => {
    const asked: [string | undefined, boolean][] = [];
    await site.listenAnew({ limits: { mayAsk: ({ url }, isProbe) => asked.push([url, isProbe]) > 0 } });
    for (const path of ["/healthz", "/readyz", "/readyz?now", "/metrics", "/"]) await site.ask(path);
    expect(asked).toEqual([
      ["/healthz", true],
      ["/readyz", true],
      ["/readyz?now", true],
      ["/metrics", false],
      ["/", false],
    ]);
  });

  test("who asks too often is told to wait, and who goes on over the connection loses it", async () => {
    let asked = 0;
    await site.listenAnew({ limits: { mayAsk: () => ++asked <= 2 } });
    for (const status of [200, 200, 429]) expect((await site.ask("/healthz")).status).toBe(status);
    expect((await site.ask("/healthz")).headers["retry-after"]).toBe("5");
    const { socket } = await site.connect();
    socket.resume();
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20_000));
    await gone;
    // Those of one read are, for they are there already.
    expect(asked).toBeLessThan(10_000);
  });

  test.for([
    ["too-often", /^HTTP\/1\.1 429 .*Retry-After: 5\r\n/s],
    ["busy", /^$/],
  ] as const)("so is who asks to upgrade %s, which nobody else is to answer then", async ([problem, heard]) => {
    await site.listenAnew({ limits: { problemWithUpgrade: () => problem } });
    const writable: boolean[] = [];
    site.server.on("upgrade", (_request, stream) => writable.push((stream as Socket).writable));
    const peer = await site.connect();
    peer.socket.write(upgradeRequest());
    await expect.poll(peer.isClosed, { interval: 5 }).toBe(true);
    expect(peer.heard()).toMatch(heard);
    expect(writable).toEqual([false]);
  });

  test("where WebSockets are spoken, all else is told so", async () => {
    const polling = await site.ask("/socket.io/?EIO=4&transport=polling");
    expect(polling).toMatchObject({
      status: 426,
      headers: { upgrade: "websocket", "x-content-type-options": "nosniff" },
    });
  });

  test("none of its answers is kept", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"])
      expect((await site.ask(path)).headers["cache-control"]).toBe("no-store");
  });

  test("of a file is asked how much of it may be sent, before that is sent, and a page that is not sent is not asked for", async () => {
    const asked: number[] = [];
    await site.listenAnew({ limits: { maySend: (_, bytes) => asked.push(bytes) > 0 } });
    const { headers } = await site.ask("/picture.png");
    await site.ask("/picture.png", { headers: { Range: "bytes=2-4" } });
    await site.ask("/picture.png", { method: "HEAD" });
    await site.ask("/picture.png", { headers: { "If-None-Match": headers.etag! } });
    await site.ask("/nowhere");
    expect(asked).toEqual([10, 3]);
  });

  test("a file is read a little at a time, and not before it is its turn", async () => {
    const opened = vi.spyOn(fs, "createReadStream");
    onTestFinished(() => void vi.restoreAllMocks());
    let begin = () => {};
    const awaitPlace: HttpLimits["awaitPlace"] = (_request, _response, send) => {
      begin = send;
      return true;
    };
    const times = { still: 3_000_000, answer: 4_000_000 };
    await site.listenAnew({ limits: { awaitPlace }, times });
    const reply = site.ask("/picture.png");
    const [{ socket }] = await once(site.server, "request");
    expect(opened).not.toHaveBeenCalled();
    expect(socket.timeout).toBe(times.answer);
    begin();
    expect(socket.timeout).toBe(times.still);
    expect(await reply).toMatchObject({ status: 200, body: "0123456789" });
    expect(opened).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.objectContaining({ highWaterMark: 32_768 }),
    );
  });

  test("a file that is there and cannot be read is counted each time, and logged once with its cause", async () => {
    symlinkSync("loop.png", join(site.folder, "dist", "loop.png"));
    for (let asked = 0; asked < 3; asked++) expect((await site.ask("/loop.png")).status).toBe(500);
    await site.ask("/nowhere");
    expect(site.refusals).toEqual(Array(3).fill("page-file-failed"));
    expect(site.lines).toEqual([
      { level: "error", message: expect.any(String), fields: { path: "/loop.png", cause: "ELOOP" } },
    ]);
  });

  test("and however many such files there are, few lines are logged", async () => {
    for (let number = 0; number < 30; number++) {
      symlinkSync(`${number}.png`, join(site.folder, "dist", `${number}.png`));
      await site.ask(`/${number}.png`);
    }
    expect([site.refusals.length, site.lines.length]).toEqual([30, 10]);
  });

  test("for whom there is no place is told to wait", async () => {
    await site.listenAnew({ limits: { awaitPlace: () => false } });
    expect(await site.ask("/picture.png")).toMatchObject({ status: 429, headers: { "retry-after": "5" } });
    expect(await site.ask("/healthz")).toMatchObject({ status: 200 });
  });

  test("who may not be sent a file is told to wait, and not to keep that answer", async () => {
    await site.listenAnew({ limits: { maySend: () => false } });
    const { status, headers, body } = await site.ask(SCRIPT, { headers: { Range: "bytes=0-1" } });
    expect([status, body, headers["retry-after"], headers.connection]).toEqual([429, "", "5", "close"]);
    for (const name of ["cache-control", "etag", "last-modified", "content-range", "content-encoding"])
      expect(headers).not.toHaveProperty(name);
    expect(headers).toHaveProperty("content-security-policy");
  });

  test("metrics are told on this machine, or to who has the token, and nobody else learns anything", async () => {
    expect((await site.ask("/metrics")).status).toBe(200);
    const proxied = { "X-Forwarded-For": "192.0.2.7" };
    const refused = await site.ask("/metrics", { headers: proxied });
    expect(refused).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
    });
    expect(refused.body).toContain("--metrics-token");
    const wrong = await site.ask("/metrics", { headers: { ...proxied, Authorization: "Bearer wrong-horse-battery" } });
    expect(wrong).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
    for (const { body } of [refused, wrong]) expect(body).not.toMatch(/ticks|version|node/i);
    const letIn = await site.ask("/metrics", { headers: { ...proxied, Authorization: `Bearer ${TOKEN}` } });
    expect(letIn).toMatchObject({ status: 200, body: "ticks 1\n" });
  });

  test("a proxy that adds no header is noticed by whatever it passes on, and then nobody passes for a local reader", async () => {
    expect((await site.ask("/metrics", { headers: { Host: "localhost" } })).status).toBe(200);
    await site.ask("/", { headers: { Host: "play.example" } });
    expect((await site.ask("/metrics", { headers: { Host: "localhost" } })).status).toBe(401);
    expect((await site.ask("/metrics", { headers: { Authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });

  test("metrics come in their own type", async () => {
    const { headers, body } = await site.ask("/metrics?name=x");
    expect([headers["content-type"], body]).toEqual(["text/plain; version=0.0.4", "ticks 1\n"]);
  });

  test("metrics that fail cost one answer, and tell nothing of the inside", async () => {
    site.metricsText = () => Promise.reject(new Error("secret"));
    expect(await site.ask("/metrics")).toMatchObject({ status: 500, body: expect.not.stringContaining("secret") });
    expect((await site.ask("/healthz")).status).toBe(200);
  });
});
