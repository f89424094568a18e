/**
 * The connection: a link over socket.io, the only file on this side that imports it. It comes back by itself when it
 * is lost, and says so; what the server says as its last word decides whether there is anything to come back to.
 */

import {
  type NoticeBody,
  type NoticeName,
  notices,
  PASSING_REFUSALS,
  REFUSALS,
  type Refusal,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT, createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { io, type Socket } from "socket.io-client";
import type { Link, LinkHandlers } from "./link.ts";

const REPLY_TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;

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
  listen(socket, handlers);
  return {
    sendPacket: (bytes) => {
      if (socket.connected) socket.emit(BINARY_EVENT, bytes);
    },
    async request(name, body) {
      const reply: unknown = await socket.timeout(REPLY_TIMEOUT_MS).emitWithAck(name, body);
      return requests[name].reply.parse(reply) as never;
    },
    close: () => {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

function listen(socket: Socket, handlers: LinkHandlers): void {
  let lastWord: Refusal | undefined;
  socket.on("connect", () => {
    lastWord = undefined;
    handlers.opened();
  });
  socket.on(BINARY_EVENT, (bytes: Uint8Array) => handlers.frame(bytes));
  for (const name of Object.keys(notices) as NoticeName[]) {
    socket.on(name, (body: unknown) => {
      const parsed = notices[name].safeParse(body);
      if (!parsed.success) return;
      if (name === "farewell") lastWord = (parsed.data as NoticeBody<"farewell">).reason;
      else handlers.notice(name, parsed.data);
    });
  }
  socket.on("disconnect", () => {
    if (lastWord !== undefined && !PASSING_REFUSALS.has(lastWord)) return refuse(socket, handlers, lastWord);
    handlers.lost();
    // socket.io does not come back by itself from a connection that the server ended.
    if (!socket.active) socket.connect();
  });
  socket.on("connect_error", ({ message }) => {
    if ((REFUSALS as readonly string[]).includes(message)) refuse(socket, handlers, message as Refusal);
  });
}

function refuse(socket: Socket, handlers: LinkHandlers, reason: Refusal): void {
  socket.disconnect();
  handlers.refused(reason);
}
