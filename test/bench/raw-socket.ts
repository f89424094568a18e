/**
 * A WebSocket with nothing above it and as little as possible below: a thousand of them share a core. All read into one
 * piece of memory, and nothing is copied that is whole.
 */
import { createConnection, type Socket } from "node:net";
import type { Traffic } from "./traffic.ts";
import { clientFrame, FrameReader, Opcode } from "./websocket-frames.ts";

const OPEN_TIMEOUT_MS = 15_000;
/** A server may limit what one address asks for: as real players do, these come from many. */
const PLAYERS_PER_ADDRESS = 100;
const END_OF_HEAD = "\r\n\r\n";
/** Sixteen bytes of any kind: there is no proxy here that the answer to them would have to convince. */
const KEY = Buffer.from("Starwake's bench").toString("base64");

export type RawSocket = {
  send(message: string | Uint8Array): void;
  close(): void;
};

/** Told of each message, which is good until this returns; text comes as bytes, too. */
export type Listener = (message: Buffer, isBinary: boolean, socket: RawSocket) => void;

const memory = Buffer.allocUnsafe(64 * 1024);

/** Resolves once it is open; what comes, and that it is lost, is counted. */
export function openSocket(url: string, place: number, traffic: Traffic, listen: Listener): Promise<RawSocket> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const reader = new FrameReader();
    let head: string | undefined = "";
    const timer = setTimeout(() => fail("it did not open in time"), OPEN_TIMEOUT_MS);
    const tcp: Socket = createConnection({
      host: hostname,
      port: Number(port),
      localAddress: `127.0.0.${2 + Math.floor(place / PLAYERS_PER_ADDRESS)}`,
      noDelay: true,
      onread: {
        buffer: memory,
        callback: (length) => {
          hear(memory.subarray(0, length));
          return true;
        },
      },
    });
    const socket: RawSocket = {
      send: (message) => {
        const isText = typeof message === "string";
        tcp.write(clientFrame(isText ? Opcode.Text : Opcode.Binary, isText ? Buffer.from(message) : message));
      },
      close: () => tcp.destroy(),
    };
    const fail = (why: string) => {
      clearTimeout(timer);
      tcp.destroy();
      reject(new Error(`a connection failed: ${why}`));
    };
    const take = (opcode: number, payload: Buffer) => {
      if (opcode === Opcode.Ping) return void tcp.write(clientFrame(Opcode.Pong, payload));
      if (opcode === Opcode.Close) return void tcp.destroy();
      traffic.bytes += payload.length;
      listen(payload, opcode === Opcode.Binary, socket);
    };
    const hear = (chunk: Buffer) => {
      if (head === undefined) return reader.read(chunk, take);
      head += chunk.toString("latin1");
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      if (!head.startsWith("HTTP/1.1 101 ")) return fail(head.slice(0, head.indexOf("\r\n")));
      const rest = Buffer.from(head.slice(end + END_OF_HEAD.length), "latin1");
      head = undefined;
      clearTimeout(timer);
      resolve(socket);
      if (rest.length > 0) reader.read(rest, take);
    };
    tcp.on("error", ({ message }) => fail(message));
    tcp.on("close", () => {
      traffic.lost++;
      fail("the server closed it");
    });
    tcp.write(upgrade(`${hostname}:${port}`, `${pathname}${search}`));
  });
}

function upgrade(host: string, path: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${KEY}`,
  ];
  return lines.join("\r\n") + END_OF_HEAD;
}
