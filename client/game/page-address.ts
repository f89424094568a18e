/**
 * The page's address: what it asks for, and what it is while a room is played in. A room's link is /r/CODE below the
 * place where the page lies; #room=CODE and ?room=CODE mean the same. Links are read as people pass them on: in small
 * letters, with hyphens, with the full stop of the sentence that they stood in.
 */
import { roomCodeIn } from "@starwake/shared/engine/room-code.ts";

/** What an address asks for. */
export type RoomInAddress =
  | { readonly kind: "none" }
  | { readonly kind: "code"; readonly code: string }
  /** It was to name a room, and names none. */
  | { readonly kind: "damaged" };

/** At the end of the path. A page that lies in a folder called `r`, or right below one, would be taken for a room's link. */
const ROOM_PATH = /\/r\/([^/]*)\/?$/i;
/** As a part of a query or of what follows the #, also where a program wrote marks of the link as %23 or %3D. */
const ROOM_PART = /(?:^|[/?&#]|%23|%3F|%26)room(?:=|%3D)([^&?#]*)/i;

export class PageAddress {
  /** Where the page lies, with a slash at its end. */
  readonly base: URL;
  private readonly url: URL;

  /** @param url the page's own. @param baseUrl what its parts are relative to */
  constructor(url: string, baseUrl: string) {
    this.url = new URL(url);
    const base = new URL(baseUrl);
    this.base = placeAt(base, base.pathname.replace(ROOM_PATH, "/").replace(/[^/]*$/, ""));
  }

  get room(): RoomInAddress {
    const { pathname, search, hash } = this.url;
    // What stands behind the # was put there last: by a link that was opened in a tab which is in a room already.
    const written =
      ROOM_PART.exec(hash)?.[1] ?? ROOM_PATH.exec(pathname)?.[1] ?? ROOM_PART.exec(pathname + search)?.[1];
    if (written === undefined) return { kind: "none" };
    const code = roomCodeIn(written);
    return code === undefined ? { kind: "damaged" } : { kind: "code", code };
  }

  /** The replay that it names, as in /#replay=/recordings/one.starwake. */
  get replay(): string | undefined {
    return new URLSearchParams(this.url.hash.slice(1)).get("replay") ?? undefined;
  }

  /** The server that a page plays on which it does not come from, as in ?server=play.example; undefined: not named. */
  get server(): string | undefined {
    return this.url.searchParams.get("server") ?? undefined;
  }

  /** The page's address in a room, or in none. @param isServed whether the server answers a room's link with this page */
  inRoom(code: string | undefined, isServed: boolean): string {
    const url = new URL(isServed ? this.base : this.url);
    if (code !== undefined && isServed) url.pathname += `r/${code}`;
    url.hash = "";
    url.search = this.url.search.replace(/[?&]room(?:=|%3D)[^&]*/gi, "").replace(/^&/, "?");
    if (code !== undefined && !isServed) url.hash = `room=${code}`;
    return url.href;
  }
}

/**
 * A place on a URL's host. The path is set and not parsed: `//evil.example/`, which may be a path, is a host to a parser.
 *
 * @param path one that begins with several slashes is taken as if it were one, since links below it begin with it
 */
export function placeAt(url: URL, path: string): URL {
  const place = new URL(url);
  place.pathname = path.replace(/^\/+/, "/");
  for (const part of ["username", "password", "search", "hash"] as const) place[part] = "";
  return place;
}

/** In a text that has a link in it, up to the end of its path's part. */
const ROOM_PATH_IN_TEXT = /\/r\/([^/?#\s]*)/i;

/** The room's code in what somebody typed or pasted: a code, a whole link, or a line with a link in it. */
export function roomCodeInText(text: string): string | undefined {
  const linked = ROOM_PART.exec(text)?.[1].trim().split(/\s/)[0] ?? ROOM_PATH_IN_TEXT.exec(text)?.[1];
  if (linked !== undefined) return roomCodeIn(linked);
  // A link to no room: its letters are no code.
  return text.includes("/") ? undefined : roomCodeIn(text);
}
