/** A request as a server's handlers see it, made up: where it comes from, and its headers. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export function requestFrom(remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}): IncomingMessage {
  return { headers, socket: { remoteAddress } } as IncomingMessage;
}
