/**
 * The page at a room's link, /r/CODE: the same page as at /, which knows where its parts are, and tells whoever makes a
 * preview of the link (a chat, a search engine) which room it leads to.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { roomCodeIn } from "@starwake/shared/engine/room-code.ts";
import { isHostName } from "./security-headers.ts";
import { type ForwardedHeader, forwardedValues, type IsFromProxy } from "./trusted-proxies.ts";

/** How many play in a room, and how many can. */
export type RoomCrowd = { readonly players: number; readonly capacity: number };

export type RoomPageSurroundings = {
  readonly pageRoot: string;
  /** Undefined: there is no such room now. */
  readonly crowdOf: (code: string) => RoomCrowd | undefined;
  readonly isFromProxy: IsFromProxy;
};

/** Also `/%23room=CODE`, as some programs write a link with a `#`. */
const ROOM_PATH = /^\/(?:r\/([^/]*)\/?|%23[^/]*)$/i;
const PREFIX_PATTERN = /^(?:\/[\w.~-]+)+$/;

/** Whether this is a room's link: in any case, also when its code is damaged, for the page says so. */
export function isRoomPath(path: string): boolean {
  return ROOM_PATH.test(path);
}

/** The page as HTML. Rejects as reading a file does. */
export async function readRoomPage(
  path: string,
  request: IncomingMessage,
  { pageRoot, crowdOf, isFromProxy }: RoomPageSurroundings,
): Promise<string> {
  const page = await readFile(join(pageRoot, "index.html"), "utf8");
  const depth = path.split("/").length - 2;
  const base = depth === 0 ? "./" : "../".repeat(depth);
  const code = codeIn(path);
  const place = placeOf(request, isFromProxy);
  const said = code === undefined ? [] : previewOf(code, crowdOf(code), place);
  const titled = code === undefined ? page : page.replace(/<title>[^<]*/, `<title>Room ${code} · Starwake`);
  const bare =
    code === undefined
      ? titled
      : titled.replace(/\s*<meta (?:property="og:|name="(?:description|twitter:card)")[^>]*>/g, "");
  return bare.replace(/<head>/, `<head>\n    <base href="${base}" />${said.map((line) => `\n    ${line}`).join("")}`);
}

function codeIn(path: string): string | undefined {
  const written = ROOM_PATH.exec(path)?.[1];
  return written === undefined ? undefined : roomCodeIn(written);
}

/** Where the page is for who asked, as `https://host/prefix`; undefined: that cannot be told, or not in HTML. */
function placeOf(request: IncomingMessage, isFromProxy: IsFromProxy): string | undefined {
  const told = (name: ForwardedHeader) => (isFromProxy(request) ? forwardedValues(request, name).at(-1) : undefined);
  const host = (told("x-forwarded-host") ?? request.headers.host ?? "").trim().toLowerCase();
  if (!isHostName(host)) return undefined;
  const scheme = told("x-forwarded-proto") === "https" ? "https" : "http";
  const prefix = told("x-forwarded-prefix") ?? "";
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
