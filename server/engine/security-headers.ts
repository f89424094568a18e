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
  "base-uri 'self'",
  "form-action 'self'",
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
export function securityHeaders(
  host: string | undefined,
  framedBy: readonly string[] = [],
): Readonly<Record<string, string>> {
  return { "Content-Security-Policy": contentSecurityPolicy(host, framedBy), ...OTHER_HEADERS };
}

/** @param framedBy origins whose pages may show this answer in a frame; "*": all */
export function setSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  framedBy: readonly string[] = [],
): void {
  const headers = securityHeaders(request.headers.host, framedBy);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Whether it is a host, with or without a port, in small letters, that can stand in a policy or a page as it is. */
export function isHostName(host: string): boolean {
  return POLICY_HOST.test(host);
}

/**
 * Sockets are allowed to the page's own host. 'self' says so to most browsers, but not every one takes it for ws:, so the
 * host is named as well, where the request names one that can stand in a policy: whatever else is written there would be
 * more policy.
 */
function contentSecurityPolicy(host = "", framedBy: readonly string[]): string {
  const name = host.toLowerCase();
  const sockets = isHostName(name) ? ` ws://${name} wss://${name}` : "";
  const ancestors = ["'self'", ...framedBy].join(" ");
  return `${POLICY_WITHOUT_CONNECT}; frame-ancestors ${ancestors}; connect-src 'self'${sockets}`;
}
