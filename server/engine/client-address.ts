/**
 * The client's address: that of the connection, or, where a trusted proxy made the connection, the one that it was asked
 * from. Limits and the log go by it.
 */
import type { IncomingMessage } from "node:http";
import type { Log } from "./log.ts";
import { forwardedHeaderOf, forwardedValues, peerOf, plainAddress, trustProxies } from "./trusted-proxies.ts";

export type ClientAddress = (request: IncomingMessage) => string;

const NOT_TRUSTED =
  "a header says that this request was passed on by a proxy, and it is not believed: all who come that way count as one " +
  "address. If the proxy is yours, name its address with --trusted-proxy";
const NOT_UNDERSTOOD =
  "a proxy that --trusted-proxy names does not say for whom it asks: have it send X-Forwarded-For, or all who come by it " +
  "count as one address";

/**
 * @param trusted see isProxyRange in trusted-proxies.ts
 * @returns the address that is furthest along X-Forwarded-For with only trusted ones between it and the server; never
 * throws, whatever the headers are. One line of the log, ever, tells of a header that is not believed.
 */
export function createClientAddress(trusted: readonly string[], log: Log): ClientAddress {
  const isTrusted = trustProxies(trusted);
  const told = new Set<string>();
  const tellOnce = (message: string, fields: object) => {
    if (!told.has(message)) log.warn(fields, message);
    told.add(message);
  };
  return (request) => {
    const peer = peerOf(request);
    const header = forwardedHeaderOf(request);
    if (!isTrusted(peer)) {
      if (header !== undefined) tellOnce(NOT_TRUSTED, { header, from: peer });
      return peer;
    }
    const hops = forwardedValues(request, "x-forwarded-for").reverse();
    if (header !== undefined && hops.length === 0) tellOnce(NOT_UNDERSTOOD, { header, from: peer });
    return furthest(peer, hops, isTrusted);
  };
}

/** Follows the hops for as long as trusted ones told of them; what is no address ends the way. */
function furthest(peer: string, hops: readonly string[], isTrusted: (address: string) => boolean): string {
  let client = peer;
  for (const hop of hops) {
    const address = plainAddress(hop);
    if (address === undefined) break;
    client = address;
    if (!isTrusted(address)) break;
  }
  return client;
}
