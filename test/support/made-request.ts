/** A request as a server's handlers see it, made up: where it comes from, the port that it came to, and its headers. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

const ASKED_PORT = 3000;

export function requestFrom(remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}): IncomingMessage {
  return { headers, socket: { remoteAddress, localPort: ASKED_PORT } } as IncomingMessage;
}
