/** Answers where Node has none to fill in: to requests to upgrade, and to what is no request. */
import { STATUS_CODES } from "node:http";
import type { Socket as Stream } from "node:net";
import { securityHeaders } from "./security-headers.ts";

/**
 * Writes a whole answer of plain text, if it can still be written, and closes the socket, which is never waited for.
 * @param host what the request named; undefined: nothing
 */
export function answerRaw(
  stream: Stream,
  status: number,
  text: string,
  host: string | undefined,
  more: Readonly<Record<string, string | number>> = {},
): void {
  const headers = {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    ...more,
    ...securityHeaders(host),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (stream.writable) stream.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${text}`);
  stream.destroySoon();
}
