/**
 * Origins: which pages may open a socket. Browsers do not guard WebSockets by origin, so the server does: a page may when
 * it was served by the host that it asks, or when its origin is allowed.
 */
import type { IncomingMessage } from "node:http";
import type { Clock } from "./clock.ts";
import { createFewLines } from "./few-lines.ts";
import type { Log } from "./log.ts";
import { forwardedValues, type IsFromProxy } from "./trusted-proxies.ts";

/** @param origin the page's, where it is not the request's own header that tells it */
export type OriginCheck = (request: IncomingMessage, origin?: string) => boolean;

type OriginCheckOptions = {
  /** Origins besides the server's own; "*" allows all. */
  readonly allowed: readonly string[];
  readonly isFromProxy: IsFromProxy;
  readonly clock: Clock;
  readonly log: Log;
};

/** Of what a peer wrote, this much is logged. */
const LOGGED_LENGTH = 200;
/**
 * An origin or a host that is longer is taken for none, and not parsed: a DNS name has 253 characters at most, to which scheme and
 * port come. To parse one of 7.6 KB with letters beyond ASCII takes 2 ms.
 */
export const MOST_ORIGIN_LENGTH = 300;

const REFUSED =
  "a page of another origin asked for a socket and was refused; if it may play here, name its origin with --allow-origin; " +
  "if it is this server's own page behind a proxy, have the proxy pass the Host header on";

/** Whether the page that a request comes from may open a socket; a refusal is logged with what was compared. */
export function createOriginCheck({ allowed, isFromProxy, clock, log }: OriginCheckOptions): OriginCheck {
  const tell = createTeller(clock, log);
  return (request, origin = request.headers.origin) => {
    const hosts = hostsOf(request, isFromProxy);
    const isAllowed = isOriginAllowed(origin, hosts, allowed);
    if (!isAllowed) tell(String(origin), hosts.join(", "));
    return isAllowed;
  };
}

/**
 * The hosts that a request may have been sent to: its Host, and where a trusted proxy put its own there, the one that the
 * proxy was asked for.
 */
function hostsOf(request: IncomingMessage, isFromProxy: IsFromProxy): string[] {
  const told = isFromProxy(request) ? forwardedValues(request, "x-forwarded-host") : [];
  return [request.headers.host?.trim() ?? "", ...told].filter((host) => host !== "");
}

/**
 * Whether a page may open a socket. A client without an origin is no page (a bot, say), and is let in. Schemes are not
 * compared: where a proxy ends TLS, the page's origin is https and the request that arrives is plain.
 * @param hosts what the request may have been sent to, as a Host header has it
 */
export function isOriginAllowed(
  origin: string | undefined,
  hosts: readonly string[],
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes("*") || allowed.includes(origin)) return true;
  const page = origin.length > MOST_ORIGIN_LENGTH ? null : URL.parse(origin);
  if (page === null) return false;
  if (allowed.includes(page.origin)) return true;
  if (page.protocol !== "http:" && page.protocol !== "https:") return false;
  const own = addressOf(page);
  return hosts.some((host) => own === addressOfHost(page.protocol, host));
}

/** Undefined: what is written there is no host. */
function addressOfHost(protocol: string, host: string): string | undefined {
  if (host.length > MOST_ORIGIN_LENGTH || /[\s/\\?#@]/.test(host)) return undefined;
  const url = URL.parse(`${protocol}//${host}`);
  return url === null ? undefined : addressOf(url);
}

/**
 * A host and port by which two can be compared: in small letters, without the port that the scheme has anyway, and without
 * the dot that a full name may end with.
 */
function addressOf({ hostname, port }: URL): string {
  return `${hostname.replace(/\.$/, "")}:${port}`;
}

function createTeller(clock: Clock, log: Log): (origin: string, host: string) => void {
  const isNews = createFewLines(clock);
  return (origin, host) => {
    const [shownOrigin, shownHost] = [origin, host].map((text) => text.slice(0, LOGGED_LENGTH));
    if (isNews(`${shownOrigin} ${shownHost}`)) log.warn({ origin: shownOrigin, host: shownHost }, REFUSED);
  };
}
