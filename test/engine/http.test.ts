import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHttpServer, HTTP_TIMES, type HttpTimes } from "../../server/engine/http.ts";
import type { HttpLimits } from "../../server/engine/http-limits.ts";
import { createMetricsDoor } from "../../server/engine/metrics-door.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { createLogLines } from "../support/log-lines.ts";

const SCRIPT = "/assets/index-Dk3fGh_1.js";
const TOKEN = "correct-horse-battery";
const SECURITY_HEADERS = [
  "Content-Security-Policy",
  "X-Content-Type-Options",
  "Referrer-Policy",
  "Cross-Origin-Opener-Policy",
  "Cross-Origin-Resource-Policy",
] as const;
const PAGE = "<!doctype html><title>page</title>";
type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly localAddress?: string;
};
type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

let folder: string;
let server: Server;
let isReady: boolean;
let metricsText: () => Promise<string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "starwake-http-"));
  mkdirSync(join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "dist", ".env"), "secret");
  writeFileSync(join(folder, "dist", "index.html"), PAGE);
  writeFileSync(join(folder, "dist", SCRIPT), "let answer = 42;");
  writeFileSync(join(folder, "dist", "picture.png"), "0123456789");
  isReady = true;
  metricsText = () => Promise.resolve("ticks 1\n");
  await listen();
});

afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

/** Whoever reads slowly because the machine is slow is not ended for it. */
const PATIENT = { still: 3_600_000, answer: 3_600_000 };

async function listen(times?: Partial<HttpTimes>, trusted?: string, limits: Partial<HttpLimits> = {}): Promise<void> {
  server = createHttpServer({
    pageRoot: join(folder, "dist"),
    isReady: () => isReady,
    metricsText: () => metricsText(),
    metricsContentType: "text/plain; version=0.0.4",
    metricsDoor: createMetricsDoor({ token: TOKEN, clock: createHandClock(), log: createLogLines().log }),
    isFromProxy: ({ socket }) => socket.remoteAddress === trusted,
    limits: { mayAsk: () => true, mayRead: () => true, sent() {}, ...limits },
    times: { ...HTTP_TIMES, ...PATIENT, ...times },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function close(): void {
  server.closeAllConnections();
  server.close();
}

const portOf = () => (server.address() as AddressInfo).port;

/** Asks as a browser never would, but others do: nothing of the path is tidied. */
function ask(path: string, { method = "GET", headers = {}, ...rest }: Ask = {}): Promise<Reply> {
  const way = { port: portOf(), host: "127.0.0.1", path, method, headers, agent: false, ...rest };
  return new Promise((resolve, reject) => {
    const sent = request(way, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the page", () => {
  test("is served at the root and must be asked for anew", async () => {
    const { status, headers, body } = await ask("/?from=friend");
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
  });

  test("assets named by their content are kept for good, others are not", async () => {
    const script = await ask(SCRIPT);
    expect([script.status, script.headers["content-type"]]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const picture = await ask("/picture.png");
    expect(picture.headers).toMatchObject({ "content-type": "image/png", "cache-control": "no-cache" });
  });

  test("what has not changed is not sent again", async () => {
    const { headers } = await ask("/");
    expect(await ask("/", { headers: { "If-None-Match": headers.etag! } })).toMatchObject({ status: 304, body: "" });
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const path of ["/", SCRIPT, "/healthz", "/metrics", "/nowhere"]) {
      const [head, get] = await Promise.all([ask(path, { method: "HEAD" }), ask(path)]);
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
    close();
    await listen(undefined, undefined, { mayAsk: ({ headers }) => headers["x-hasty"] === undefined });
    const socket = connect(portOf(), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`${head}\r\n\r\n`, "latin1");
    const [data] = await once(socket, "data");
    socket.destroy();
    const answer = data.toString();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const name of SECURITY_HEADERS) expect(answer).toContain(`\r\n${name}: `);
  });

  test("and with the one to a head that takes too long", async () => {
    close();
    await listen({ head: 1, check: 1 });
    const socket = connect(portOf(), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\n");
    const [data] = await once(socket, "data");
    expect(data.toString()).toMatch(/^HTTP\/1.1 408 /);
    for (const name of SECURITY_HEADERS) expect(data.toString()).toContain(`\r\n${name}: `);
  });

  test("each request is asked for once, whatever it expects", async () => {
    close();
    let asked = 0;
    await listen(undefined, undefined, { mayAsk: () => ++asked > 0 });
    const heads = ["", "Expect: 100-continue\r\n", "Expect: much\r\n", "Connection: close\r\n"];
    const socket = connect(portOf(), "127.0.0.1");
    socket.resume();
    socket.write(heads.map((more) => `GET /healthz HTTP/1.1\r\nHost: x\r\n${more}\r\n`).join(""));
    await once(socket, "close");
    expect(asked).toBe(heads.length);
  });

  test("what cannot be read behind a request leaves the answer to that as it is", async () => {
    const socket = connect(portOf(), "127.0.0.1");
    socket.on("error", () => {});
    let heard = "";
    socket.on("data", (data: Buffer) => {
      heard += data;
    });
    socket.write(`GET ${SCRIPT} HTTP/1.1\r\nHost: x\r\n\r\n\x16\x03`, "latin1");
    await once(socket, "close");
    expect(heard.match(/HTTP\/1.1/g) ?? []).toHaveLength(heard === "" ? 0 : 1);
  });

  test("scripts may come from nowhere else, and none may be written into the page", async () => {
    const policy = String((await ask("/")).headers["content-security-policy"]);
    expect(policy).not.toMatch(/script-src|unsafe-eval|default-src[^;]*unsafe/);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${portOf()} wss://127.0.0.1:${portOf()}`);
  });

  test("a page built while the server runs is served", async () => {
    rmSync(join(folder, "dist"), { recursive: true });
    expect(await ask("/")).toMatchObject({ status: 404, body: expect.stringContaining("npm run build") });
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "index.html"), PAGE);
    expect(await ask("/")).toMatchObject({ status: 200, body: PAGE });
  });
});

describe("an asset that the build compressed", () => {
  const bodies = { br: "as br", gzip: "as gzip", identity: "let answer = 42;" } as const;
  beforeEach(() => {
    writeFileSync(join(folder, "dist", `${SCRIPT}.br`), bodies.br);
    writeFileSync(join(folder, "dist", `${SCRIPT}.gz`), bodies.gzip);
  });
  const askFor = (accepted: string | undefined, more: Ask = {}) =>
    ask(SCRIPT, {
      ...more,
      headers: { ...more.headers, ...(accepted === undefined ? {} : { "Accept-Encoding": accepted }) },
    });

  test("is sent as it is to who writes a choice that takes long to read", async () => {
    const headers = { "Accept-Encoding": `br,${"a,".repeat(200)}` };
    expect((await ask(SCRIPT, { headers })).headers["content-encoding"]).toBeUndefined();
    const ranges = { Range: `bytes=${"0-0,".repeat(100)}0-0` };
    expect((await ask(SCRIPT, { headers: ranges })).status).toBe(200);
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
    rmSync(join(folder, "dist", `${SCRIPT}.br`));
    expect((await askFor("gzip, br")).body).toBe(bodies.gzip);
    rmSync(join(folder, "dist", `${SCRIPT}.gz`));
    const { headers, body } = await askFor("gzip, br");
    expect([body, headers["content-encoding"], headers.vary]).toEqual([bodies.identity, undefined, "Accept-Encoding"]);
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

describe("a connection", () => {
  const openSocket = async (localAddress = "127.0.0.1") => {
    const socket = connect({ port: portOf(), host: "127.0.0.1", localAddress });
    await once(socket, "connect");
    let heard = "";
    let isClosed = false;
    socket.on("data", (data: Buffer) => {
      heard += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      isClosed = true;
    });
    return { socket, heard: () => heard, isClosed: () => isClosed };
  };
  const REQUEST = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const PATIENCE = { interval: 10 };

  test("is kept longer than balancers keep theirs, and ten minutes for a trusted proxy", () => {
    expect(HTTP_TIMES.idle).toBeGreaterThan(120_000);
    expect(HTTP_TIMES.idleProxy).toBeGreaterThan(600_000);
    expect(server.keepAliveTimeout).toBe(HTTP_TIMES.idle);
  });

  test("that is kept does not end by the time that a request's head may take", async () => {
    close();
    await listen({ check: 10 });
    const kept = await openSocket();
    kept.socket.write(REQUEST);
    await expect.poll(kept.heard, PATIENCE).toContain("alive");
    const { headersTimeout, requestTimeout } = server;
    Object.assign(server, { headersTimeout: 1, requestTimeout: 1 });
    const silent = await openSocket();
    await expect.poll(silent.isClosed, PATIENCE).toBe(true);
    Object.assign(server, { headersTimeout, requestTimeout });
    kept.socket.write(REQUEST);
    await expect.poll(() => kept.heard().match(/alive/g)?.length, PATIENCE).toBe(2);
  });

  test("of a trusted proxy outlives that of others", async () => {
    close();
    await listen({ idle: 1 }, "127.0.0.1");
    const proxy = await openSocket();
    const other = await openSocket("127.0.0.2");
    for (const { socket } of [proxy, other]) socket.write(REQUEST);
    await expect.poll(other.isClosed, PATIENCE).toBe(true);
    expect(proxy.isClosed()).toBe(false);
    proxy.socket.write(REQUEST);
    await expect.poll(() => proxy.heard().match(/alive/g)?.length, PATIENCE).toBe(2);
  });

  /** Far more than the system keeps for a peer that does not read. */
  const LARGE_BYTES = 64 * 1024 * 1024;
  const askForMuch = async () => {
    writeFileSync(join(folder, "dist", "large.bin"), Buffer.alloc(LARGE_BYTES));
    const slow = await openSocket();
    slow.socket.pause();
    slow.socket.write("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return slow;
  };
  const openAtServer = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

  test("whose peer does not read what it asked for is ended", async () => {
    close();
    await listen({ still: 50 });
    const slow = await askForMuch();
    await once(server, "request");
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    slow.socket.destroy();
  });

  test("whose peer reads a little now and then is ended, too", async () => {
    close();
    await listen({ answer: 100 });
    const slow = await askForMuch();
    const reading = setInterval(() => slow.socket.read(1), 10);
    await once(server, "request");
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    clearInterval(reading);
    slow.socket.destroy();
  });

  test("whose peer reads all gets all, however large it is", async () => {
    const fast = await askForMuch();
    let bytes = 0;
    fast.socket.on("data", ({ length }: Buffer) => (bytes += length));
    fast.socket.resume();
    await expect.poll(() => bytes, PATIENCE).toBeGreaterThan(LARGE_BYTES);
    fast.socket.destroy();
  });

  const countRequests = () => {
    let count = 0;
    server.on("request", () => count++);
    return () => count;
  };
  const METRICS_REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

  test("whose peer asks on before it is answered has its answers in turn, and nothing is opened before that", async () => {
    let readings = 0;
    metricsText = () => Promise.resolve(`reading ${++readings}\n`);
    const hasty = await askForMuch();
    const requests = countRequests();
    hasty.socket.write(METRICS_REQUEST.repeat(3) + REQUEST);
    await expect.poll(requests, PATIENCE).toBe(5);
    expect(readings).toBe(0);
    hasty.socket.resume();
    await expect
      .poll(() => hasty.heard().slice(-4_000), PATIENCE)
      .toMatch(/reading 1\n.*reading 2\n.*reading 3\n.*alive/s);
    hasty.socket.destroy();
  });

  test("that ends leaves nothing to answers that had to wait", async () => {
    let readings = 0;
    metricsText = () => Promise.resolve(`reading ${++readings}\n`);
    const hasty = await askForMuch();
    const requests = countRequests();
    hasty.socket.write(METRICS_REQUEST.repeat(3));
    await expect.poll(requests, PATIENCE).toBe(4);
    hasty.socket.resetAndDestroy();
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    await ask("/healthz");
    expect(readings).toBe(0);
  });

  test.for(["mayRead", "mayAsk", "sent"] as const)("is all that ends where %s throws", async (name) => {
    close();
    const fail = (what: typeof name, { remotePort }: Socket) => {
      if (name === what && remotePort === failing) throw new Error("broken");
      return true;
    };
    let failing: number | undefined;
    await listen(undefined, undefined, {
      mayRead: (socket) => fail("mayRead", socket),
      mayAsk: ({ socket }) => fail("mayAsk", socket),
      sent: ({ socket }) => fail("sent", socket),
    });
    const [unlucky, other] = [await openSocket(), await openSocket()];
    failing = unlucky.socket.localPort;
    for (const { socket } of [unlucky, other]) socket.write(REQUEST);
    await expect.poll(unlucky.isClosed, PATIENCE).toBe(true);
    await expect.poll(other.heard, PATIENCE).toContain("alive");
    expect((await ask("/healthz")).status).toBe(200);
  });

  test("over which a heap of requests comes in one piece is ended before one of them is parsed", async () => {
    const requests = countRequests();
    const heap = await openSocket();
    heap.socket.write(REQUEST.repeat(500));
    await expect.poll(heap.isClosed, PATIENCE).toBe(true);
    expect(requests()).toBe(0);
  });

  test("whose address has sent too much is ended before what comes is parsed", async () => {
    close();
    const pieces: number[] = [];
    await listen(undefined, undefined, { mayRead: (_, bytes) => pieces.push(bytes) <= 1 });
    const requests = countRequests();
    const greedy = await openSocket();
    greedy.socket.write(REQUEST);
    await expect.poll(greedy.heard, PATIENCE).toContain("alive");
    greedy.socket.write(REQUEST.repeat(2));
    await expect.poll(greedy.isClosed, PATIENCE).toBe(true);
    expect(pieces).toEqual([REQUEST.length, 2 * REQUEST.length]);
    expect(requests()).toBe(1);
  });

  test.for([
    ["is long", "GET", "Content-Length: 1000000000000"],
    ["comes in chunks", "GET", "Transfer-Encoding: chunked"],
    ["has no use", "POST", "Content-Length: 1000000000000"],
  ])("over which a request comes whose body %s ends with the answer, and the body is not read", async (sent) => {
    const [, method, header] = sent;
    const peer = await openSocket();
    peer.socket.write(`${method} /healthz HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    await expect.poll(peer.isClosed, PATIENCE).toBe(true);
    expect(peer.heard()).toMatch(/^HTTP\/1.1 (200|405) .*\r\nConnection: close\r\n/s);
  });

  test("over which far too much is asked at once is ended", async () => {
    const greedy = await askForMuch();
    greedy.socket.write(REQUEST.repeat(17));
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    greedy.socket.destroy();
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
    const { status, body } = await ask(path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret|<|\/tmp/);
  });

  test("other methods are refused and told what is understood", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
      const { status, headers } = await ask("/", { method });
      expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
    }
  });

  test.each(["bytes=5-3", "bytes=99-", "bytes=-0", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes=0-1,3-4"])(
    "a range of %s leaves the server standing",
    async (range) => {
      expect([200, 206, 416]).toContain((await ask("/picture.png", { headers: { Range: range } })).status);
      expect((await ask("/picture.png", { headers: { Range: "bytes=2-4" } })).body).toBe("234");
    },
  );

  test("a request that is no HTTP is ended with 400", async () => {
    const socket = connect(portOf(), "127.0.0.1");
    socket.write("\x16\x03\x01 nonsense\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });

  test("an address without a path is refused", async () => {
    expect(await ask("http://elsewhere.example/")).toMatchObject({ status: 400 });
    expect(await ask(`/${"x".repeat(1_024)}`)).toMatchObject({ status: 414 });
    expect(await ask(`/?${"x".repeat(5_000)}`)).toMatchObject({ status: 200 });
  });

  test("who asks to switch to another protocol with an ordinary request gets an ordinary answer", async () => {
    const offers: Record<string, string>[] = [
      { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__" },
      { Connection: "Upgrade", Upgrade: "websocket" },
    ];
    server.on("upgrade", (_request, socket) => socket.destroy());
    for (const headers of offers)
      expect(await ask("/healthz", { headers })).toMatchObject({ status: 200, body: "alive\n" });
  });

  test("slow requests are limited", () => {
    expect([server.headersTimeout, server.requestTimeout]).toEqual([5_000, 10_000]);
  });
});

describe("what a service manager asks", () => {
  test("a server that is not ready is alive all the same", async () => {
    isReady = false;
    expect([(await ask("/healthz")).status, (await ask("/readyz")).status]).toEqual([200, 503]);
    isReady = true;
    expect([(await ask("/healthz")).status, (await ask("/readyz")).status]).toEqual([200, 200]);
  });

  test("who asks too often is told to wait, and who goes on over the connection loses it", async () => {
    close();
    let asked = 0;
    await listen(undefined, undefined, { mayAsk: () => ++asked <= 2 });
    for (const status of [200, 200, 429]) expect((await ask("/healthz")).status).toBe(status);
    expect((await ask("/healthz")).headers["retry-after"]).toBe("5");
    const socket = connect(portOf(), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20_000));
    await gone;
    // Those of one read are, for they are there already.
    expect(asked).toBeLessThan(10_000);
  });

  test("where WebSockets are spoken, all else is told so", async () => {
    const polling = await ask("/socket.io/?EIO=4&transport=polling");
    expect(polling).toMatchObject({
      status: 426,
      headers: { upgrade: "websocket", "x-content-type-options": "nosniff" },
    });
  });

  test("none of its answers is kept", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"])
      expect((await ask(path)).headers["cache-control"]).toBe("no-store");
  });

  test("metrics are told on this machine, or to who has the token, and nobody else learns anything", async () => {
    expect((await ask("/metrics")).status).toBe(200);
    const proxied = { "X-Forwarded-For": "192.0.2.7" };
    const refused = await ask("/metrics", { headers: proxied });
    expect(refused).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
    });
    expect(refused.body).toContain("--metrics-token");
    const wrong = await ask("/metrics", { headers: { ...proxied, Authorization: "Bearer wrong-horse-battery" } });
    expect(wrong).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
    for (const { body } of [refused, wrong]) expect(body).not.toMatch(/ticks|version|node/i);
    const letIn = await ask("/metrics", { headers: { ...proxied, Authorization: `Bearer ${TOKEN}` } });
    expect(letIn).toMatchObject({ status: 200, body: "ticks 1\n" });
  });

  test("a proxy that adds no header is noticed by whatever it passes on, and then nobody passes for a local reader", async () => {
    expect((await ask("/metrics", { headers: { Host: "localhost" } })).status).toBe(200);
    await ask("/", { headers: { Host: "play.example" } });
    expect((await ask("/metrics", { headers: { Host: "localhost" } })).status).toBe(401);
    expect((await ask("/metrics", { headers: { Authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });

  test("metrics come in their own type", async () => {
    const { headers, body } = await ask("/metrics?name=x");
    expect([headers["content-type"], body]).toEqual(["text/plain; version=0.0.4", "ticks 1\n"]);
  });

  test("metrics that fail cost one answer, and tell nothing of the inside", async () => {
    metricsText = () => Promise.reject(new Error("secret"));
    expect(await ask("/metrics")).toMatchObject({ status: 500, body: expect.not.stringContaining("secret") });
    expect((await ask("/healthz")).status).toBe(200);
  });
});
