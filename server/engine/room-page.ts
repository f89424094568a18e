/**
 * The page, at / and at a room's link, /r/CODE, where it knows where its parts are. It tells whoever makes a preview of the
 * link (a chat, a search engine) which room it leads to, and where its picture is, which most want with its whole address.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { roomCodeIn } from "@starwake/shared/engine/room-code.ts";
import { isHostName } from "./security-headers.ts";
import { type ForwardedHeader, forwardedHeaderOf, forwardedValues, type IsFromProxy } from "./trusted-proxies.ts";

/** How many play in a room, and how many can. */
export type RoomCrowd = { readonly players: number; readonly capacity: number };

export type RoomPageSurroundings = {
  readonly pageRoot: string;
  /** Undefined: no public room has this code now. */
  readonly crowdOf: (code: string) => RoomCrowd | undefined;
  readonly isFromProxy: IsFromProxy;
};

/** Also `/%23room=CODE`, as some programs write a link with a `#`. */
const ROOM_PATH = /^\/(?:r\/([^/]*)\/?|%23[^/]*)$/i;
/** What the built page says of its picture, relative to where it lies. */
const OWN_PICTURE = /(<meta property="og:image" content=")(?=[\w-]+\.\w+")/;
const PREFIX_PATTERN = /^(?:\/[\w.~-]+)+$/;

/** Whether this is a room's link, in any case, also when its code is damaged, for the page says so. */
function isRoomPath(path: string): boolean {
  return ROOM_PATH.test(path);
}

/** Whether the page itself is at this path. */
export function isPagePath(path: string): boolean {
  return path === "/" || isRoomPath(path);
}

/** The page as HTML. Rejects as reading a file does. */
export async function readPage(
  path: string,
  request: IncomingMessage,
  { pageRoot, crowdOf, isFromProxy }: RoomPageSurroundings,
): Promise<string> {
  const page = await readFile(join(pageRoot, "index.html"), "utf8");
  const place = placeOf(request, isFromProxy);
  const code = codeIn(path);
  const said = path === "/" ? [] : [`<base href="${baseOf(path)}" />`];
  if (code === undefined) return withLines(place === undefined ? page : page.replace(OWN_PICTURE, `$1${place}/`), said);
  const bare = page
    .replace(/<title>[^<]*/, `<title>Room ${code} · Starwake`)
    .replace(/\s*<meta (?:property="og:|name="(?:description|twitter:card)")[^>]*>/g, "");
  return withLines(bare, [...said, ...previewOf(code, crowdOf(code), place)]);
}

/** Where the page lies, from a path below it. */
function baseOf(path: string): string {
  const depth = path.split("/").length - 2;
  return depth === 0 ? "./" : "../".repeat(depth);
}

/** The page with these lines first in its head. */
function withLines(page: string, lines: readonly string[]): string {
  return page.replace(/<head>/, `<head>${lines.map((line) => `\n    ${line}`).join("")}`);
}

function codeIn(path: string): string | undefined {
  const written = ROOM_PATH.exec(path)?.[1];
  return written === undefined ? undefined : roomCodeIn(written);
}

/** Where the page is for who asked, as `https://host/prefix`; undefined: that cannot be told, or not in HTML. */
function placeOf(request: IncomingMessage, isFromProxy: IsFromProxy): string | undefined {
  const isTrusted = isFromProxy(request);
  // Behind a proxy that is not trusted the page lies elsewhere, and nobody can be believed where.
  if (!isTrusted && forwardedHeaderOf(request) !== undefined) return undefined;
  const told = (name: ForwardedHeader) => (isTrusted ? forwardedValues(request, name).at(-1) : undefined);
  const host = (told("x-forwarded-host") ?? request.headers.host ?? "").trim().toLowerCase();
  if (!isHostName(host)) return undefined;
  const scheme = told("x-forwarded-proto") === "https" ? "https" : "http";
  const prefix = (told("x-forwarded-prefix") ?? "").replace(/\/$/, "");
  return `${scheme}://${host}${PREFIX_PATTERN.test(prefix) ? prefix : ""}`;
}

/** Every value is letters and digits, or was checked to have no marks of HTML. */
function previewOf(code: string, crowd: RoomCrowd | undefined, place: string | undefined): string[] {
  const flying = crowd === undefined || crowd.players === 0 ? "" : `${flyingIn(crowd)} `;
  const description = `${flying}Ships with inertia, in the browser, nothing to install.`;
  return [
    `<meta name="description" content="${description}" />`,
    `<meta property="og:type" content="website" />`,
    `<meta property="og:site_name" content="Starwake" />`,
    `<meta property="og:title" content="Join room ${code} on Starwake" />`,
    `<meta property="og:description" content="${description}" />`,
    ...(place === undefined
      ? []
      : [
          `<meta property="og:url" content="${place}/r/${code}" />`,
          `<meta property="og:image" content="${place}/preview.jpg" />`,
          `<meta property="og:image:width" content="1200" />`,
          `<meta property="og:image:height" content="630" />`,
          `<meta name="twitter:card" content="summary_large_image" />`,
        ]),
  ];
}

function flyingIn({ players, capacity }: RoomCrowd): string {
  const places = players >= capacity ? "the room is full" : `${capacity - players} places are free`;
  return `${players === 1 ? "One player flies" : `${players} players fly`} there now, ${places}.`;
}
