/**
 * WebSocket requests: which requests leave HTTP behind. All that ask for it wrongly, and those that ask for something else
 * (HTTP/2, say, as some clients do with every request), stay with HTTP and are answered there, headers and all.
 */
import type { IncomingMessage } from "node:http";

/** Where socket.io listens. */
export const SOCKET_PATH = "/socket.io/";
/** 16 bytes in base64 (RFC 6455, 4.1). */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const VERSIONS = ["13", "8"];
/** Of an address and of a list of subprotocols: a client's have 50 and none. What is longer is not taken apart. */
const MOST_LENGTH = 256;
const TOKENS = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;

/** Whether it is the beginning of a WebSocket that socket.io would take. */
export function isWebSocketRequest({ method, url = "", headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    url.length <= MOST_LENGTH &&
    url.startsWith(SOCKET_PATH) &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    KEY.test(headers["sec-websocket-key"] ?? "") &&
    VERSIONS.includes(headers["sec-websocket-version"] ?? "") &&
    namesEachProtocolOnce(headers["sec-websocket-protocol"]) &&
    speaksAsWeDo(new URL(url, "http://localhost").searchParams)
  );
}

function namesEachProtocolOnce(header: string | undefined): boolean {
  if (header === undefined) return true;
  if (header.length > MOST_LENGTH) return false;
  const names = header.split(",").map((name) => name.trim());
  return TOKENS.test(header) && new Set(names).size === names.length;
}

/** By engine.io's own parameters: its fourth protocol, and a WebSocket from the start. One that is named twice says nothing. */
function speaksAsWeDo(query: URLSearchParams): boolean {
  const isSaid = (name: string, value: string) => query.has(name, value) && query.getAll(name).length === 1;
  return isSaid("EIO", "4") && isSaid("transport", "websocket") && !query.has("sid");
}
