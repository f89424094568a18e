import { gameServerOf, linkToRoom } from "@starwake/client/game/game-server.ts";
import { PageAddress } from "@starwake/client/game/page-address.ts";
import { expect, test } from "vitest";

const serverOf = (url: string) => gameServerOf(new PageAddress(url, url));

test.each([
  ["https://play.example/", "https://play.example/", true],
  ["https://play.example/game/r/ABCDEF", "https://play.example/game/", true],
  ["https://portal.example/x?server=play.example", "https://play.example/", false],
  ["http://portal.example/x?server=127.0.0.1:3000", "http://127.0.0.1:3000/", false],
  ["https://portal.example/x?server=wss://play.example/game", "https://play.example/game/", false],
  ["https://portal.example/x?server=https%3A%2F%2Fplay.example%2Fgame%2F", "https://play.example/game/", false],
  ["http://portal.example/?server=ws://[::1]:3000", "http://[::1]:3000/", false],
  ["https://play.example/?server=play.example", "https://play.example/", true],
  ["https://play.example//evil.example/..%2f/", "https://play.example/evil.example/..%2f/", true],
  ["https://portal.example/?server=play.example//evil.example/", "https://play.example/evil.example/", false],
  ["https://portal.example/?server=ace:secret@play.example?a%23b", "https://play.example/", false],
])("a page at %s plays on %s", (url, base, isOwn) => {
  const server = serverOf(url)!;
  expect([server.base.href, server.isOwn]).toEqual([base, isOwn]);
});

test.each(["", "ftp://play.example", "javascript:alert(1)", "a b", "https://", "//", "%"])(
  "%j names no server",
  (named) => {
    expect(serverOf(`https://portal.example/?server=${encodeURIComponent(named)}`)).toBeUndefined();
  },
);

test("a room's link is below its server, wherever the page lies", () => {
  const link = (url: string) => linkToRoom(serverOf(url)!, "ABCDEF");
  expect(link("https://play.example/game/?a=1#b")).toBe("https://play.example/game/r/ABCDEF");
  expect(link("https://portal.example/x?server=play.example")).toBe("https://play.example/r/ABCDEF");
});
