/** Which pages may open a socket: browsers do not guard WebSockets by origin, so the server does. */

/**
 * Whether a request may open a socket. A client without an origin is no page (a bot, say), and is let in; a page
 * served by this very server is, too.
 * @param allowed origins besides the server's own; "*" allows all
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes("*") || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
