/**
 * The metrics' door: who may read what the server counts of itself. Whoever is on the same machine may; all others need the
 * host's token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Log } from "./log.ts";
import { forwardedHeaderOf, peerOf, trustProxies } from "./trusted-proxies.ts";

export type MetricsDoor = {
  /** What keeps a reader out; undefined: nothing does. */
  problemWith(request: IncomingMessage): "no-token" | "wrong-token" | undefined;
  /** To be called with every request, whatever it asks for: a proxy that hides shows by what it passes on. */
  notice(request: IncomingMessage): void;
};

const HIDDEN_PROXY =
  "requests for another host come from this machine: a proxy passes them on that sends no X-Forwarded-For. Who asks cannot be " +
  "told any more, so /metrics needs --metrics-token from now on, on this machine, too";

const isLoopback = trustProxies(["loopback"]);
/** A host that names this machine, with or without a port. */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
/** Of what a peer wrote, this much is logged. */
const LOGGED_LENGTH = 200;

/** @param token empty: there is none, and nobody from elsewhere is let in */
export function createMetricsDoor(token: string, log: Log): MetricsDoor {
  const expected = digestOf(token);
  let isBehindHiddenProxy = false;
  return {
    problemWith(request) {
      const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      if (given !== undefined && token !== "" && timingSafeEqual(digestOf(given), expected)) return undefined;
      if (!isBehindHiddenProxy && isFromLoopback(request) && isForLocalHost(request)) return undefined;
      return given === undefined ? "no-token" : "wrong-token";
    },
    notice(request) {
      if (isBehindHiddenProxy || !isFromLoopback(request) || isForLocalHost(request)) return;
      isBehindHiddenProxy = true;
      log.warn({ host: request.headers.host?.slice(0, LOGGED_LENGTH) }, HIDDEN_PROXY);
    },
  };
}

/** A proxy on this machine connects from this machine, too, whoever asked it; it shows by the headers that it adds. */
function isFromLoopback(request: IncomingMessage): boolean {
  return isLoopback(peerOf(request)) && forwardedHeaderOf(request) === undefined;
}

/** Or it shows by the host that it was asked for. */
function isForLocalHost({ headers }: IncomingMessage): boolean {
  return LOCAL_HOST.test(headers.host ?? "localhost");
}

/** Digests have one length, so comparing them tells nothing of the token, its length included. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
