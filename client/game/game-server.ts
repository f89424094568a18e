/**
 * The server that the page plays on: the one that it comes from, or, for a page that no Starwake server serves (on a
 * static host, in a portal), the one that its address names with ?server=.
 */
import { type PageAddress, placeAt } from "./page-address.ts";

export type GameServer = {
  /** Where it lies, with a slash at its end: sockets, /reach and rooms' links are below it. */
  readonly base: URL;
  /** Whether the page lies there, too. */
  readonly isOwn: boolean;
};

const SCHEME = /^[a-z][\w+.-]*:\/\//i;
/** What sockets are called, by what the same server is called that is asked by HTTP. */
const HTTP_SCHEMES: Readonly<Record<string, string>> = { "ws:": "http:", "wss:": "https:" };

/** Undefined: the address names a server by what is no address. */
export function gameServerOf({ base, server }: PageAddress): GameServer | undefined {
  if (server === undefined) return { base, isOwn: true };
  const named = parse(SCHEME.test(server) ? server : `${base.protocol}//${server}`);
  if (named === undefined) return undefined;
  return { base: named, isOwn: named.href === base.href };
}

function parse(text: string): URL | undefined {
  try {
    const url = new URL(text.replace(/^\w+:/, (scheme) => HTTP_SCHEMES[scheme.toLowerCase()] ?? scheme));
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    return placeAt(url, url.pathname.replace(/\/?$/, "/"));
  } catch {
    return undefined;
  }
}

/** The link that leads friends to a room: its own server has the page at any time. */
export function linkToRoom({ base }: GameServer, code: string): string {
  return new URL(`r/${code}`, base).href;
}
