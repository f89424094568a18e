/**
 * The metrics' door: who may read what the server counts of itself. Whoever is on the same machine may; all others need the
 * host's token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { forwardedHeaderOf, peerOf, trustProxies } from "./trusted-proxies.ts";

/** What keeps a reader out; undefined: nothing does. */
export type MetricsDoor = (request: IncomingMessage) => "no-token" | "wrong-token" | undefined;

const isLoopback = trustProxies(["loopback"]);
/** A host that names this machine, with or without a port. */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** @param token empty: there is none, and nobody from elsewhere is let in */
export function createMetricsDoor(token: string): MetricsDoor {
  const expected = digestOf(token);
  return (request) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (given !== undefined && token !== "" && timingSafeEqual(digestOf(given), expected)) return undefined;
    if (isFromThisMachine(request)) return undefined;
    return given === undefined ? "no-token" : "wrong-token";
  };
}

/**
 * A proxy on this machine connects from this machine whoever asked it. It shows by the headers that it adds, or by the host
 * that it was asked for, which is not localhost.
 */
function isFromThisMachine(request: IncomingMessage): boolean {
  const isForwarded = forwardedHeaderOf(request) !== undefined;
  return isLoopback(peerOf(request)) && !isForwarded && LOCAL_HOST.test(request.headers.host ?? "localhost");
}

/** Digests have one length, so comparing them tells nothing of the token, its length included. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
