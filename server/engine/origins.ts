/**
 * Origins: which pages may open a socket. Browsers do not guard WebSockets by origin, so the server does: a page may when
 * it was served by the host that it asks, or when its origin is allowed.
 */
import type { IncomingMessage } from "node:http";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { TokenBucket } from "./token-bucket.ts";
import { forwardedValues, type IsFromProxy } from "./trusted-proxies.ts";

export type OriginCheck = (request: IncomingMessage) => boolean;

type OriginCheckOptions = {
  /** Origins besides the server's own; "*" allows all. */
  readonly allowed: readonly string[];
  readonly isFromProxy: IsFromProxy;
  readonly clock: Clock;
  readonly log: Log;
};

/** Lines about refused origins: each pair of origin and host once, and few a minute whoever makes them up. */
const LINES_PER_SECOND = 1 / 60;
const LINE_BURST = 10;
const KEPT_PAIRS = 100;
/** Of what a peer wrote, this much is logged. */
const LOGGED_LENGTH = 200;

const REFUSED =
  "a page of another origin asked for a socket and was refused; if it may play here, name its origin with --allow-origin; " +
  "if it is this server's own page behind a proxy, have the proxy pass the Host header on";

/** Whether the page that a request comes from may open a socket; a refusal is logged with what was compared. */
export function createOriginCheck({ allowed, isFromProxy, clock, log }: OriginCheckOptions): OriginCheck {
  const tell = createTeller(clock, log);
  return (request) => {
    const { origin } = request.headers;
    const hosts = hostsOf(request, isFromProxy);
    const isAllowed = [undefined, ...hosts].some((host) => isOriginAllowed(origin, host, allowed));
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
 * @param host what the request was sent to, as its Host header has it
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes("*") || allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (allowed.includes(page.origin)) return true;
  if (host === undefined || (page.protocol !== "http:" && page.protocol !== "https:")) return false;
  const own = addressOf(page.protocol, page.host);
  return own !== undefined && own === addressOf(page.protocol, host);
}

/**
 * A host and port by which two can be compared: in small letters, without the port that the scheme has anyway, and without
 * the dot that a full name may end with. Undefined: what is written there is no host.
 */
function addressOf(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  if (/[\s/\\?#@]/.test(host) || !URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  return `${hostname.replace(/\.$/, "")}:${port}`;
}

function createTeller(clock: Clock, log: Log): (origin: string, host: string) => void {
  const told = new Set<string>();
  const lines = new TokenBucket(LINES_PER_SECOND, LINE_BURST, clock.now());
  return (origin, host) => {
    const [shownOrigin, shownHost] = [origin, host].map((text) => text.slice(0, LOGGED_LENGTH));
    const pair = `${shownOrigin} ${shownHost}`;
    if (told.has(pair) || !lines.take(clock.now())) return;
    if (told.size >= KEPT_PAIRS) told.clear();
    told.add(pair);
    log.warn({ origin: shownOrigin, host: shownHost }, REFUSED);
  };
}
