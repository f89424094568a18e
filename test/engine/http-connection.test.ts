/** What a connection to the HTTP server may do: how long it is kept, and what ends it. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { HTTP_TIMES } from "@starwake/server/engine/http.ts";
import { describe, expect, test } from "vitest";
import { PAGE, useHttpSite } from "../support/http-site.ts";

const site = useHttpSite();

describe("a connection", () => {
  const REQUEST = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const PATIENCE = { interval: 10 };

  test("is kept longer than balancers keep theirs, and ten minutes for a trusted proxy", () => {
    expect(HTTP_TIMES.idle).toBeGreaterThan(120_000);
    expect(HTTP_TIMES.idleProxy).toBeGreaterThan(600_000);
    expect(site.server.keepAliveTimeout).toBe(HTTP_TIMES.idle);
  });

  test("that is kept does not end by the time that a request's head may take", async () => {
    await site.listenAnew({ times: { check: 10 } });
    const kept = await site.connect();
    kept.socket.write(REQUEST);
    await expect.poll(kept.heard, PATIENCE).toContain("alive");
    const { headersTimeout, requestTimeout } = site.server;
    Object.assign(site.server, { headersTimeout: 1, requestTimeout: 1 });
    const silent = await site.connect();
    await expect.poll(silent.isClosed, PATIENCE).toBe(true);
    Object.assign(site.server, { headersTimeout, requestTimeout });
    kept.socket.write(REQUEST);
    await expect.poll(() => kept.heard().match(/alive/g)?.length, PATIENCE).toBe(2);
  });

  test("of a trusted proxy outlives that of others", async () => {
    await site.listenAnew({ times: { idle: 1 }, trusted: "127.0.0.1" });
    const proxy = await site.connect();
    const other = await site.connect("127.0.0.2");
    for (const { socket } of [proxy, other]) socket.write(REQUEST);
    await expect.poll(other.isClosed, PATIENCE).toBe(true);
    expect(proxy.isClosed()).toBe(false);
    proxy.socket.write(REQUEST);
    await expect.poll(() => proxy.heard().match(/alive/g)?.length, PATIENCE).toBe(2);
  });

  test("lets what is due come as it opens, after each piece, whatever that is, and as it closes", async () => {
    const { socket, isClosed } = await site.connect();
    await expect.poll(() => site.pieces.taken, PATIENCE).toBe(1);
    for (const piece of ["GET /healthz", " HTTP/1.1\r\n", "Host: localhost\r\n\r\n"]) {
      const before = site.pieces.taken;
      socket.write(piece);
      await expect.poll(() => site.pieces.taken, PATIENCE).toBe(before + 1);
    }
    // A heap of requests, which is refused unread, and its end.
    socket.write(REQUEST.repeat(30));
    await expect.poll(isClosed, PATIENCE).toBe(true);
    await expect.poll(() => site.pieces.taken, PATIENCE).toBe(6);
    const { socket: cut } = await site.connect();
    await expect.poll(() => site.pieces.taken, PATIENCE).toBe(7);
    cut.resetAndDestroy();
    await expect.poll(() => site.pieces.taken, PATIENCE).toBe(8);
  });

  /** Far more than the system keeps for a peer that does not read. */
  const LARGE_BYTES = 64 * 1024 * 1024;
  const askForMuch = async () => {
    site.write("large.bin", Buffer.alloc(LARGE_BYTES));
    const slow = await site.connect();
    slow.socket.pause();
    slow.socket.write("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return slow;
  };
  const openAtServer = () => new Promise<number>((resolve) => site.server.getConnections((_, count) => resolve(count)));

  test("whose peer does not read what it asked for is ended", async () => {
    await site.listenAnew({ times: { still: 50 } });
    const slow = await askForMuch();
    await once(site.server, "request");
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    slow.socket.destroy();
  });

  test("whose peer reads a little now and then is ended, too", async () => {
    await site.listenAnew({ times: { answer: 100 } });
    const slow = await askForMuch();
    const reading = setInterval(() => slow.socket.read(1), 10);
    await once(site.server, "request");
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
    site.server.on("request", () => count++);
    return () => count;
  };
  const METRICS_REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

  test("whose peer asks on before it is answered has its answers in turn, and nothing is opened before that", async () => {
    let readings = 0;
    site.metricsText = () => Promise.resolve(`reading ${++readings}\n`);
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
    site.metricsText = () => Promise.resolve(`reading ${++readings}\n`);
    const hasty = await askForMuch();
    const requests = countRequests();
    hasty.socket.write(METRICS_REQUEST.repeat(3));
    await expect.poll(requests, PATIENCE).toBe(4);
    hasty.socket.resetAndDestroy();
    await expect.poll(openAtServer, PATIENCE).toBe(0);
    await site.ask("/healthz");
    expect(readings).toBe(0);
  });

  test.for(["mayRead", "mayAsk", "maySend"] as const)("is all that ends where %s throws", async (name) => {
    const fail = (what: typeof name, { remotePort }: Socket) => {
      if (name === what && remotePort === failing) throw new Error("broken");
      return true;
    };
    let failing: number | undefined;
    await site.listenAnew({
      limits: {
        mayRead: (socket) => fail("mayRead", socket),
        mayAsk: ({ socket }) => fail("mayAsk", socket),
        maySend: ({ socket }) => fail("maySend", socket),
      },
    });
    const [unlucky, other] = [await site.connect(), await site.connect()];
    failing = unlucky.socket.localPort;
    for (const { socket } of [unlucky, other]) socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await expect.poll(unlucky.isClosed, PATIENCE).toBe(true);
    await expect.poll(other.heard, PATIENCE).toContain(PAGE);
    expect((await site.ask("/healthz")).status).toBe(200);
  });

  test("over which a heap of requests comes in one piece is ended before one of them is parsed", async () => {
    const requests = countRequests();
    const heap = await site.connect();
    heap.socket.write(REQUEST.repeat(500));
    await expect.poll(heap.isClosed, PATIENCE).toBe(true);
    expect(requests()).toBe(0);
  });

  test("whose address has sent too much is ended before what comes is parsed", async () => {
    const pieces: number[] = [];
    await site.listenAnew({ limits: { mayRead: (_, bytes) => pieces.push(bytes) <= 1 } });
    const requests = countRequests();
    const greedy = await site.connect();
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
    const peer = await site.connect();
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
