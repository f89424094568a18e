/** The client's connection over a real socket: what passes it waits out, and what does not ends it. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import type { Connection } from "@starwake/server/engine/transport.ts";
import { FRAME_TAG } from "@starwake/shared/engine/frame.ts";
import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import { createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { Server } from "socket.io";
import { describe, expect, onTestFinished, test } from "vitest";
import { handlers, PROTOCOL, startTransport } from "../support/live-transport.ts";

/** Ends what hangs. */
const PATIENCE = { interval: 10 };

/** A link, and what happened to it: "opened", "lost" with the last word, "refused" with the reason. */
function openLink(port: number) {
  const heard: string[] = [];
  const link = openSocketLink(`http://127.0.0.1:${port}`, PROTOCOL, {
    opened: () => heard.push("opened"),
    lost: (lastWord) => heard.push(`lost: ${lastWord}`),
    refused: (reason) => heard.push(`refused: ${reason}`),
    frame: () => {},
    notice: () => {},
  });
  onTestFinished(() => link.close());
  return { link, heard };
}

/** A server that sends the first so many connections away with a last word, and keeps those after them. */
function startShut(reason: Refusal, times: number) {
  return startTransport((connection: Connection) => {
    if (times-- > 0) queueMicrotask(() => connection.close(reason));
    return handlers();
  });
}

test("a last word that passes is waited out, again and again, and told", async () => {
  const { port } = await startShut("server-full", 2);
  const { heard } = openLink(port);
  const twice = ["opened", "lost: server-full", "opened", "lost: server-full", "opened"];
  await expect.poll(() => heard, PATIENCE).toEqual(twice);
});

test("a last word that does not pass ends the link", async () => {
  const { port, connections } = await startShut("flooding", 1);
  const { heard } = openLink(port);
  await expect.poll(() => heard, PATIENCE).toEqual(["opened", "refused: flooding"]);
  expect(connections).toHaveLength(1);
});

test("a refusal of the hello that passes is waited out, too", async () => {
  const server = createServer();
  const wire = new Server(server, { transports: ["websocket"], parser: createWireParser() });
  onTestFinished(() => wire.close());
  let times = 2;
  wire.use((_socket, next) => (times-- > 0 ? next(new Error("too-many-joins")) : next()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { heard } = openLink((server.address() as AddressInfo).port);
  await expect.poll(() => heard, PATIENCE).toEqual(["lost: too-many-joins", "lost: too-many-joins", "opened"]);
});

test("a link that is closed while it waits does not come back", async () => {
  const { port, connections } = await startShut("server-full", 3);
  const closed = openLink(port);
  await expect.poll(() => closed.heard, PATIENCE).toEqual(["opened", "lost: server-full"]);
  closed.link.close();
  // Its wait is over long before another one has waited twice.
  const other = openLink(port);
  await expect.poll(() => other.heard.filter((word) => word === "opened"), PATIENCE).toHaveLength(3);
  expect(connections).toHaveLength(4);
});

test("a connection that is closed while it opens is noticed at once, not when one that is never answered would be", async () => {
  const startUpgrading = async (answer: (socket: Duplex, key: string) => void) => {
    const server = createServer().on("upgrade", ({ headers }, socket: Duplex) => {
      answer(socket, headers["sec-websocket-key"]!);
    });
    onTestFinished(() => void server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const kept: Duplex[] = [];
  onTestFinished(() => kept.forEach((socket) => void socket.destroy()));
  const silent = openLink(await startUpgrading((socket) => kept.push(socket)));
  const closed = openLink(
    await startUpgrading((socket, key) => {
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
      socket.end(`${upgrade}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    }),
  );
  await expect.poll(() => closed.heard.length, PATIENCE).toBeGreaterThan(1);
  expect(silent.heard).toEqual([]);
});

describe("a link that is suspected to be dead", () => {
  test("gives way to another connection, when nothing is heard of it", async () => {
    const { port, connections } = await startTransport();
    const { link, heard } = openLink(port);
    await expect.poll(() => heard, PATIENCE).toEqual(["opened"]);
    link.suspect?.();
    await expect.poll(() => heard, PATIENCE).toEqual(["opened", "lost: undefined", "opened"]);
    expect(connections).toHaveLength(2);
    // It is as good as the first, and may be suspected in its turn.
    link.suspect?.();
    await expect.poll(() => heard.length, PATIENCE).toBe(5);
  });

  test("goes on when it is heard again, and the other one is let go of", async () => {
    const { port, connections, connectionCount } = await startTransport();
    const { link, heard } = openLink(port);
    await expect.poll(() => heard, PATIENCE).toEqual(["opened"]);
    link.suspect?.();
    await expect.poll(connectionCount, PATIENCE).toBe(2);
    connections[0].sendFrame(new Uint8Array([FRAME_TAG, 0]));
    await expect.poll(connectionCount, PATIENCE).toBe(1);
    expect([heard, connections.length]).toEqual([["opened"], 1]);
  });

  test("and has taken another's place gives its own up to the one that is kept, which nothing throws away", async () => {
    const sockets: Socket[] = [];
    const server = createServer().on("connection", (socket: Socket) => sockets.push(socket));
    const { port, connections, connectionCount } = await startTransport(undefined, { server });
    const { link, heard } = openLink(port);
    await expect.poll(() => heard, PATIENCE).toEqual(["opened"]);
    link.suspect?.();
    await expect.poll(() => heard, PATIENCE).toEqual(["opened", "lost: undefined", "opened"]);
    await expect.poll(connectionCount, PATIENCE).toBe(1);
    link.suspect?.();
    await expect.poll(connectionCount, PATIENCE).toBe(2);
    sockets[1].destroy();
    await expect.poll(() => heard.slice(3), PATIENCE).toEqual(["lost: undefined", "opened"]);
    await expect.poll(connectionCount, PATIENCE).toBe(1);
    expect([sockets.length, connections.length]).toEqual([3, 3]);
  });

  test("that is closed meanwhile opens nothing any more", async () => {
    const { port, connectionCount } = await startTransport();
    const { link, heard } = openLink(port);
    await expect.poll(() => heard, PATIENCE).toEqual(["opened"]);
    link.suspect?.();
    await expect.poll(connectionCount, PATIENCE).toBe(2);
    link.close();
    await expect.poll(connectionCount, PATIENCE).toBe(0);
  });
});
