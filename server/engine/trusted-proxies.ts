/**
 * Trusted proxies: whose word is taken on where a request came from, and which host it was sent to. Everybody may write an
 * X-Forwarded header, so it counts only when it comes from an address that the host named with --trusted-proxy.
 *
 * Next: server/engine/client-address.ts and origins.ts, which ask.
 */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";

/** What a proxy adds to a request that it passes on; a browser adds none of these. */
const FORWARDED_HEADERS = [
  "x-forwarded-for",
  "forwarded",
  "x-real-ip",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-prefix",
  "via",
] as const;

export type ForwardedHeader = (typeof FORWARDED_HEADERS)[number];

/** Whether a request came over a connection from a trusted proxy. */
export type IsFromProxy = (request: IncomingMessage) => boolean;

/** Names of ranges that proxy-addr knows. */
const NAMED_RANGES: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Whether an entry names addresses: one address, a network as in 10.0.0.0/8, or loopback, linklocal or uniquelocal. */
export function isProxyRange(text: string): boolean {
  // proxy-addr takes a number alone for an address, and so the 1 of a TRUSTED_PROXY=1 for 0.0.0.1.
  if (!NAMED_RANGES.has(text) && isIP(text.replace(/\/.*$/s, "")) === 0) return false;
  try {
    proxyAddr.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws when an entry is none, see isProxyRange */
export function trustProxies(ranges: readonly string[]): (address: string) => boolean {
  const trusts = proxyAddr.compile([...ranges]);
  return (address) => trusts(address, 0);
}

/** @throws when an entry is none, see isProxyRange */
export function createIsFromProxy(ranges: readonly string[]): IsFromProxy {
  const isTrusted = trustProxies(ranges);
  return (request) => isTrusted(peerOf(request));
}

/** The first header by which a proxy says that it passed the request on; undefined: there is none. */
export function forwardedHeaderOf({ headers }: IncomingMessage): string | undefined {
  return FORWARDED_HEADERS.find((name) => headers[name] !== undefined);
}

/** More proxies than ever stand one behind the other; who asks can write as many values as fit, and each takes time. */
const MOST_HOPS = 16;

/** What a header says to which each proxy adds what it was asked, the newest last: at most what 16 proxies say. */
export function forwardedValues({ headers }: IncomingMessage, name: ForwardedHeader): string[] {
  const header = headers[name];
  if (header === undefined) return [];
  return String(header)
    .split(",")
    .slice(-MOST_HOPS)
    .map((value) => value.trim());
}

/** The address at the other end of the connection; empty once the connection is gone. */
export function peerOf({ socket }: IncomingMessage): string {
  return plainAddress(socket.remoteAddress ?? "") ?? "";
}

/**
 * An address as it is compared and logged: an IPv4 one is written so even where a socket has it as IPv6, and a port is left
 * away. Undefined: it is none.
 */
export function plainAddress(text: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text);
  const address = bare?.[1] ?? bare?.[2] ?? text;
  // Node takes some notations for addresses that ipaddr.js does not.
  return isIP(address) === 0 || !ipaddr.isValid(address) ? undefined : ipaddr.process(address).toString();
}
