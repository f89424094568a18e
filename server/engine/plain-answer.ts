/** Plain answers: short texts, which nobody keeps. */
import type { ServerResponse } from "node:http";

export const FAILED = "This failed on the server's side.\n";

/** Headers that told of a file that is not sent after all. */
export const FILE_HEADERS = ["Content-Encoding", "ETag", "Last-Modified", "Accept-Ranges"] as const;

/** What failed ends the connection, whatever was thrown half-way: nothing else is asked over it. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  if (response.headersSent) return;
  for (const name of FILE_HEADERS) response.removeHeader(name);
  if (status === 500) response.setHeader("Connection", "close");
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}
