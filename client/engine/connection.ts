/**
 * The connection: a link over socket.io, the only file on this side that imports it. It comes back by itself when it
 * is lost, and says so; what the server says as its last word decides whether there is anything to come back to.
 */

import {
  ASK_AGAIN_REFUSALS,
  isPassing,
  type NoticeBody,
  type NoticeName,
  notices,
  REFUSALS,
  type Refusal,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT, createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { io, type Socket } from "socket.io-client";
import { Backoff } from "./backoff.ts";
import { keepHeartbeatBy } from "./heartbeat-clock.ts";
import type { Link, LinkHandlers } from "./link.ts";

const REPLY_TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Between two attempts where the server lets nobody in for a while. */
const REFUSED_FIRST_MS = 500;
const REFUSED_MOST_MS = 8_000;

/**
 * Opens a link to a server.
 * @param url undefined: the server that the page came from
 * @param protocol the protocol hash, see shared/engine/protocol.ts
 * @param localAddress the address to come from, where there is more than one to choose: outside of pages, in bots
 */
export function openSocketLink(
  url: string | undefined,
  protocol: string,
  handlers: LinkHandlers,
  localAddress?: string,
): Link {
  const settings = {
    transports: ["websocket"],
    parser: createWireParser(),
    auth: { protocol },
    reconnectionDelay: RETRY_FIRST_MS,
    reconnectionDelayMax: RETRY_MOST_MS,
    timeout: CONNECT_TIMEOUT_MS,
    forceNew: true,
    ...(localAddress !== undefined && { localAddress }),
  };
  const socket: Socket = url === undefined ? io(settings) : io(url, settings);
  const giveUpReturning = listen(socket, handlers);
  return {
    sendPacket: (bytes) => {
      if (socket.connected) socket.emit(BINARY_EVENT, bytes);
    },
    async request(name, body) {
      const reply: unknown = await socket.timeout(REPLY_TIMEOUT_MS).emitWithAck(name, body);
      return requests[name].reply.parse(reply) as never;
    },
    close: () => {
      giveUpReturning();
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

/** @returns a function that takes back an attempt to connect that is still to come */
function listen(socket: Socket, handlers: LinkHandlers): () => void {
  let lastWord: Refusal | undefined;
  let returning: ReturnType<typeof setTimeout> | undefined;
  const waits = new Backoff(REFUSED_FIRST_MS, REFUSED_MOST_MS, Math.random);
  const lose = (reason: Refusal | undefined) => {
    handlers.lost(reason);
    // socket.io comes back by itself only where the network failed, not where the server ended it or let nobody in.
    if (socket.active) return;
    if (reason === undefined || !ASK_AGAIN_REFUSALS.has(reason)) socket.connect();
    else returning = setTimeout(() => socket.connect(), waits.take());
  };
  // Each connection has an engine of its own.
  socket.io.on("open", () => keepHeartbeatBy(() => performance.now(), socket.io.engine));
  socket.on("connect", () => {
    lastWord = undefined;
    handlers.opened();
  });
  socket.on(BINARY_EVENT, (bytes: Uint8Array) => {
    // Frames come to who was let in: connecting alone does not show that.
    waits.reset();
    handlers.frame(bytes);
  });
  for (const name of Object.keys(notices) as NoticeName[]) {
    socket.on(name, (body: unknown) => {
      const parsed = notices[name].safeParse(body);
      if (!parsed.success) return;
      if (name === "farewell") lastWord = (parsed.data as NoticeBody<"farewell">).reason;
      else handlers.notice(name, parsed.data);
    });
  }
  socket.on("disconnect", () => {
    if (lastWord !== undefined && !isPassing(lastWord)) refuse(socket, handlers, lastWord);
    else lose(lastWord);
  });
  socket.on("connect_error", ({ message }) => {
    if (!(REFUSALS as readonly string[]).includes(message)) return;
    const reason = message as Refusal;
    if (isPassing(reason)) lose(reason);
    else refuse(socket, handlers, reason);
  });
  return () => clearTimeout(returning);
}

function refuse(socket: Socket, handlers: LinkHandlers, reason: Refusal): void {
  socket.disconnect();
  handlers.refused(reason);
}
