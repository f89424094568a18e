/**
 * The metrics' door: who may read what the server counts of itself. Whoever is on the same machine may; all others need the
 * host's token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { MOST_ORIGIN_LENGTH } from "./origins.ts";
import { forwardedHeaderOf, peerOf, trustProxies } from "./trusted-proxies.ts";

export type MetricsDoor = {
  /** What keeps a reader out; undefined: nothing does. */
  problemWith(request: IncomingMessage): "no-token" | "wrong-token" | undefined;
  /**
   * To be called with every request, to upgrade or not, whatever it asks for: a proxy that hides shows by what it passes on.
   */
  notice(request: IncomingMessage): void;
};

type MetricsDoorOptions = {
  /** Empty: there is none, and nobody from elsewhere is let in. */
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Unless told, the system's. */
  readonly machineName?: string;
};

/** A hidden proxy that passes nothing on for so long has gone, or was somebody's one request by an odd name. */
const SIGHTING_KEPT_MS = 10 * 60_000;
const HIDDEN_PROXY =
  "requests for another host, or from another host's pages, come from this machine: a proxy passes them on that sends no " +
  "X-Forwarded-For. Who asks cannot be told, so /metrics needs --metrics-token on this machine, too, until ten minutes after the " +
  "last of them";

const isLoopback = trustProxies(["loopback"]);
/** A host that is this machine on every machine, with or without a port. */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?::\d{1,5})?$/i;
const HTTP_PORT = 80;
/** Of what a peer wrote, this much is logged. */
const LOGGED_LENGTH = 200;

export function createMetricsDoor({ token, clock, log, machineName = hostname() }: MetricsDoorOptions): MetricsDoor {
  const expected = digestOf(token);
  const isForThisMachine = createMachineCheck(machineName);
  let sightedMs = Number.NEGATIVE_INFINITY;
  const isBehindHiddenProxy = () => clock.now() - sightedMs < SIGHTING_KEPT_MS;
  return {
    problemWith(request) {
      const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      if (given !== undefined && token !== "" && timingSafeEqual(digestOf(given), expected)) return undefined;
      if (!isBehindHiddenProxy() && isFromLoopback(request) && isForThisMachine(request)) return undefined;
      return given === undefined ? "no-token" : "wrong-token";
    },
    notice(request) {
      if (!isFromLoopback(request) || isForThisMachine(request)) return;
      const { host, origin, referer } = request.headers;
      const [shownHost, shownPage] = [host, origin ?? referer].map((text) => text?.slice(0, LOGGED_LENGTH));
      if (!isBehindHiddenProxy()) log.warn({ host: shownHost, page: shownPage }, HIDDEN_PROXY);
      sightedMs = clock.now();
    },
  };
}

/** A proxy on this machine connects from this machine, too, whoever asked it; it shows by the headers that it adds. */
function isFromLoopback(request: IncomingMessage): boolean {
  return isLoopback(peerOf(request)) && forwardedHeaderOf(request) === undefined;
}

/**
 * Or it shows by the host that it was asked for, or that the asking page is of. The machine's own name, with a domain or
 * without, counts together with the port that was asked: a site may have the same name, and its proxy another port.
 */
function createMachineCheck(machineName: string): (request: IncomingMessage) => boolean {
  const shortName = machineName.toLowerCase().replace(/\..*$/s, "");
  const isThisMachine = (host: string, ownPort: number | undefined) => {
    if (host.length > MOST_ORIGIN_LENGTH) return false;
    if (LOCAL_HOST.test(host)) return true;
    const [, name = "", port = HTTP_PORT] = /^([^:]+)(?::(\d{1,5}))?$/.exec(host.toLowerCase()) ?? [];
    return name.replace(/\..*$/s, "") === shortName && Number(port) === ownPort;
  };
  return ({ headers: { host = "localhost", origin, referer }, socket: { localPort } }) =>
    [host, hostOf(origin), hostOf(referer)].every((name) => name === undefined || isThisMachine(name, localPort));
}

/**
 * The host of a page; undefined where there is no page, or it does not say whose it is ("null"). A page with a long address is not
 * parsed, for that may take milliseconds, and is another host's: who reads metrics from this machine has none.
 */
function hostOf(page = ""): string | undefined {
  return page.length > MOST_ORIGIN_LENGTH ? page : URL.parse(page)?.host || undefined;
}

/** Digests have one length, so comparing them tells nothing of the token, its length included. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
