/** The server behind nginx, Caddy and HAProxy, as docs/hosting-behind-a-proxy.md sets them up. */
import { Agent } from "node:http";
import { createClientAddress } from "@starwake/server/engine/client-address.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { type JoinReply, protocolHash } from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT } from "@starwake/shared/engine/wire-parser.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { Socket } from "socket.io-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { Bot } from "../bots/bot.ts";
import { readMetrics } from "../bots/server-metrics.ts";
import { createCertificate, getSecurely } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";
import { packetOf } from "../support/game-packet.ts";
import { PROTOCOL as BARE_PROTOCOL, next, openClient, startTransport } from "../support/live-transport.ts";
import { createLogLines } from "../support/log-lines.ts";
import { PROXIES, type ProxyName, programOf, startProxy } from "../support/proxies.ts";
import { buildPage, startServer } from "../support/server-process.ts";

const TOKEN = "correct-horse-battery";
const PROTOCOL = protocolHash(starwake as GameDefinition);
const PATIENCE = { interval: 20 };
const QUICK = { name: "Ace", room: { kind: "quick" } } as const;
const TRUSTING = ["--trusted-proxy", "127.0.0.1", "--metrics-token", TOKEN, "--pilots", "4", "--seed", "1"];

/** A server of its own behind the proxy. */
async function startBehind(name: ProxyName, args: readonly string[] = TRUSTING) {
  const server = await startServer(args);
  const port = await startProxy(name, server.port);
  return { server, port, url: `http://127.0.0.1:${port}` };
}

type Way = { readonly from?: string; readonly headers?: Record<string, string> };

/** A game's client at an address of this machine. */
function openFrom(port: number, { from = "127.0.0.1", headers = {} }: Way = {}, protocol = PROTOCOL): Socket {
  const agent = new Agent({ localAddress: from } as object);
  return openClient({ port }, { auth: { protocol }, agent: agent as never, extraHeaders: headers });
}

async function join(socket: Socket, wish: object = QUICK): Promise<JoinReply> {
  if (!socket.connected) await next(socket, "connect");
  return socket.emitWithAck("join", wish);
}

/** Takes seats from an address, and keeps them, until a limit is met: one that time does not lift, however long it takes. */
async function joinToTheLimit(port: number, from: string): Promise<string> {
  for (;;) {
    const reply = await join(openFrom(port, { from }));
    if (!reply.ok) return reply.reason;
  }
}

async function expectMetricsToNeedTheToken(url: string): Promise<void> {
  expect(await readMetrics(url)).toBe("forbidden");
  const forged = await fetch(`${url}/metrics`, { headers: { "X-Forwarded-For": "127.0.0.1" } });
  expect([forged.status, await forged.text()]).toEqual([401, expect.not.stringMatching(/nodejs|process_/)]);
  expect(await readMetrics(url, TOKEN)).toHaveProperty("size");
}

describe.each(PROXIES)("behind %s", (name) => {
  const rule = test.skipIf(programOf(name) === undefined);

  rule("a bot plays and sees what happens, and a reload finds the same seat", async () => {
    const { port, url } = await startBehind(name);
    const bot = new Bot({ url, name: "Bot", room: { kind: "quick" }, seed: 1 });
    const updating = setInterval(() => bot.update(), 10);
    onTestFinished(() => {
      clearInterval(updating);
      bot.client.leave();
    });
    await expect.poll(() => bot.match?.counts.frames ?? 0, PATIENCE).toBeGreaterThan(60);
    expect([bot.client.losses, bot.match?.counts.malformedFrames]).toEqual([0, 0]);
    // As a page does that is reloaded.
    const first = openFrom(port);
    const seat = await join(first);
    if (!seat.ok) throw new Error(seat.reason);
    first.emit(BINARY_EVENT, packetOf({}));
    first.disconnect();
    expect(await join(openFrom(port), { ...QUICK, token: seat.token })).toMatchObject({
      ok: true,
      player: seat.player,
    });
  });

  rule("the page comes, and may open a socket; another site's may not", async () => {
    await buildPage();
    const { port, url, server } = await startBehind(name);
    const page = await fetch(url);
    const text = await page.text();
    expect(text).toContain("<title>Starwake</title>");
    expect(text).toContain(`<meta property="og:image" content="${url}/preview.jpg"`);
    expect(page.headers.get("content-security-policy")).toContain(`ws://127.0.0.1:${port} `);
    expect(await join(openFrom(port, { headers: { origin: url } }))).toMatchObject({ ok: true });
    await next(openFrom(port, { headers: { origin: "http://elsewhere.example" } }), "connect_error");
    await expect.poll(server.output, PATIENCE).toMatch(/elsewhere\.example.*--allow-origin/);
    expect(server.output()).not.toContain("--trusted-proxy");
  });

  rule("where it ends TLS, the page's previews, its policy and its sockets are https and wss", async () => {
    await buildPage();
    const certificate = await createCertificate();
    const server = await startServer(TRUSTING);
    const port = await startProxy(name, server.port, certificate);
    const origin = `https://127.0.0.1:${port}`;
    const page = await getSecurely(origin, certificate);
    expect(page.text).toContain(`<meta property="og:image" content="${origin}/preview.jpg"`);
    expect(page.headers["content-security-policy"]).toMatch(new RegExp(` wss://127\\.0\\.0\\.1:${port}( |;|$)`));
    const openFromOrigin = (origin: string) =>
      openClient(
        { port, scheme: "https" },
        { auth: { protocol: PROTOCOL }, ca: certificate.ca, extraHeaders: { origin } },
      );
    expect(await join(openFromOrigin(origin))).toMatchObject({ ok: true });
    await next(openFromOrigin("https://elsewhere.example"), "connect_error");
    expect(server.output()).not.toContain("--trusted-proxy");
  });

  rule("clients are known by their own addresses, whatever they pretend", async () => {
    const { log, lines } = createLogLines();
    const transport = await startTransport(undefined, { addressOf: createClientAddress(["127.0.0.1"], log) });
    const port = await startProxy(name, transport.port);
    const pretence = { "X-Forwarded-For": "192.0.2.1, 127.0.0.9", "X-Real-IP": "192.0.2.1" };
    const ways: Way[] = [{ from: "127.0.0.2" }, { from: "127.0.0.3", headers: pretence }];
    for (const way of ways) await next(openFrom(port, way, BARE_PROTOCOL), "connect");
    expect(transport.connections.map(({ address }) => address)).toEqual(["127.0.0.2", "127.0.0.3"]);
    expect(lines).toEqual([]);
  });

  rule("without --trusted-proxy all count as one, and one line names it", async () => {
    const { log, lines } = createLogLines();
    const transport = await startTransport(undefined, { addressOf: createClientAddress([], log) });
    const port = await startProxy(name, transport.port);
    for (const from of ["127.0.0.2", "127.0.0.3"]) await next(openFrom(port, { from }, BARE_PROTOCOL), "connect");
    expect(transport.connections.map(({ address }) => address)).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining("--trusted-proxy")]);
  });

  rule("one address that meets its limit keeps no other out, and metrics need the token", async () => {
    const { port, url } = await startBehind(name, [...TRUSTING, "--max-seats-per-address", "3"]);
    expect(await joinToTheLimit(port, "127.0.0.2")).toBe("too-many-seats");
    expect(await join(openFrom(port, { from: "127.0.0.3" }))).toMatchObject({ ok: true });
    await expectMetricsToNeedTheToken(url);
  });
});

test.skipIf(programOf("nginx-below-path") === undefined)(
  "below a path, an address without the slash leads on with what it asks for",
  async () => {
    const port = await startProxy("nginx-below-path", await freePort());
    const asked = `http://127.0.0.1:${port}/games/starwake?room=ABCDEF&server=play.example`;
    const { status, headers } = await fetch(asked, { redirect: "manual" });
    expect([status, headers.get("location")]).toEqual([301, "/games/starwake/?room=ABCDEF&server=play.example"]);
  },
);
