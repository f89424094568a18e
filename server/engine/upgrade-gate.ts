/**
 * The gate: which requests to upgrade to a WebSocket are let through to engine.io, which is asked nothing else. What is
 * refused here is answered here, by plain HTTP, and its socket is closed.
 */
import type { IncomingMessage } from "node:http";
import type { Socket as Stream } from "node:net";
import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import type { CountRefusal } from "./transport.ts";

/** Why a request is not let through: a reason that is counted, and how HTTP says it. */
export type UpgradeProblem = { readonly reason: Refusal | "no-such-address" | "too-hasty"; readonly status: string };

const PATH = "/socket.io/";
const MALFORMED: UpgradeProblem = { reason: "malformed", status: "400 Bad Request" };
const NO_SUCH_ADDRESS: UpgradeProblem = { reason: "no-such-address", status: "404 Not Found" };
const RETRY_AFTER_SECONDS = 5;

/**
 * What is wrong with a request as such. A session that is continued by a second WebSocket is none of ours, and neither are
 * bytes that come before the answer to the request: nothing would have charged them.
 * @param head what came with the request's own bytes
 */
export function problemWithUpgrade(request: IncomingMessage, head: Buffer): UpgradeProblem | undefined {
  const url = URL.parse(request.url ?? "", "http://localhost");
  if (url === null) return MALFORMED;
  if (url.pathname !== PATH) return NO_SUCH_ADDRESS;
  const query = url.searchParams;
  const isUsual = query.get("EIO") === "4" && query.get("transport") === "websocket" && !query.has("sid");
  return isUsual && request.method === "GET" && head.length === 0 ? undefined : MALFORMED;
}

/** Answers a request that is not let through, and closes its socket, which is never waited for. */
export function refuseUpgrade(stream: Stream, { reason, status }: UpgradeProblem, countRefusal: CountRefusal): void {
  countRefusal(reason);
  const text = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    `Retry-After: ${RETRY_AFTER_SECONDS}`,
  ];
  if (stream.writable) stream.write(`${head.join("\r\n")}\r\n\r\n${text}`);
  stream.destroySoon();
}
