/** Security headers: what goes with every answer of this server, the transport's own refusals included. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** A name or an IPv4 address, with or without a port; an IPv6 literal has no place in a policy. */
const POLICY_HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/;

/**
 * What the page may do: run its own scripts, draw from canvases it made (Phaser's textures are blob: and data:), style
 * elements by script, play sound, and open sockets to where it came from.
 */
const POLICY_WITHOUT_CONNECT = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

const OTHER_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/**
 * The headers of an answer, by name.
 * @param host what the request named; undefined: nothing
 */
export function securityHeaders(host: string | undefined): Readonly<Record<string, string>> {
  return { "Content-Security-Policy": contentSecurityPolicy(host), ...OTHER_HEADERS };
}

export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders(request.headers.host))) response.setHeader(name, value);
}

/**
 * Sockets are allowed to the page's own host. 'self' says so to most browsers, but not every one takes it for ws:, so the
 * host is named as well, where the request names one that can stand in a policy: whatever else is written there would be
 * more policy.
 */
function contentSecurityPolicy(host = ""): string {
  const name = host.toLowerCase();
  const sockets = POLICY_HOST.test(name) ? ` ws://${name} wss://${name}` : "";
  return `${POLICY_WITHOUT_CONNECT}; connect-src 'self'${sockets}`;
}
