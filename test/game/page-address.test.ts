import { PageAddress, roomCodeInText } from "@starwake/client/game/page-address.ts";
import { roomCodeIn } from "@starwake/shared/engine/room-code.ts";
import { describe, expect, test } from "vitest";

const at = (url: string, base = url) => new PageAddress(url, base);
const CODE = { kind: "code", code: "ABCDEF" };

describe("a room is named by", () => {
  test.each([
    "https://play.example/r/ABCDEF",
    "https://play.example/r/abcdef/",
    "https://play.example/r/ABC-DEF",
    "https://play.example/r/ABCDEF.",
    "https://play.example/r/ABCDEF%29",
    "https://play.example/r/ABCDEF?utm_source=x#y",
    "https://play.example/games/starwake/r/ABCDEF",
    "https://play.example/#room=ABCDEF",
    "https://play.example/#Room=abcdef",
    "https://play.example/#room=ab-cdef,",
    "https://play.example/#room=ABCDEF)",
    "https://play.example/#room=%E2%80%9CABCDEF%E2%80%9D",
    "https://play.example/#room%3DABCDEF",
    "https://play.example/#room=ABCDEF&utm_source=x",
    "https://play.example/#room=ABCDEF?utm_source=x",
    "https://play.example/%23room=ABCDEF",
    "https://play.example/game/%23room%3DABCDEF",
    "https://play.example/?room=ABCDEF",
    "https://play.example/?server=other.example&ROOM=abcdef",
    "https://play.example/#room=ＡＢＣＤＥＦ",
    "https://play.example/#room=ABC DEF",
  ])("%s", (url) => {
    expect(at(url).room).toEqual(CODE);
  });
});

test.each(["https://play.example/", "https://play.example/#replay=/a", "https://play.example/?classroom=ABCDEF"])(
  "%s names no room",
  (url) => {
    expect(at(url).room).toEqual({ kind: "none" });
  },
);

test.each([
  "https://play.example/r/",
  "https://play.example/r/ABC",
  "https://play.example/r/ABCDEFGHIJKLMN",
  "https://play.example/r/%E0%A4%A",
  "https://play.example/#room=",
  "https://play.example/?room=---",
  "https://play.example/#room=ÄBCDEF",
])("%s is damaged", (url) => {
  expect(at(url).room).toEqual({ kind: "damaged" });
});

test("a folder called r is a room's links' alone; further up in the path it is one as any other", () => {
  expect([at("https://play.example/r/").room, at("https://play.example/r/my/game/").room]).toEqual([
    { kind: "damaged" },
    { kind: "none" },
  ]);
  expect(at("https://play.example/r/my/game/r/ABCDEF").base.href).toBe("https://play.example/r/my/game/");
});

describe("the page lies", () => {
  test.each([
    ["https://play.example/", "https://play.example/"],
    ["https://play.example/game/", "https://play.example/game/"],
    ["https://play.example/game/index.html?x#y", "https://play.example/game/"],
    ["https://play.example/game/r/ABCDEF", "https://play.example/game/"],
    ["https://play.example/game/r/ABCDEF/", "https://play.example/game/"],
    ["https://play.example//", "https://play.example/"],
    ["https://play.example//r/ABCDEF", "https://play.example/"],
    ["https://play.example//evil.example/..%2f/", "https://play.example/evil.example/..%2f/"],
    ["https://ace:secret@play.example/game/", "https://play.example/game/"],
  ])("of %s at %s", (url, base) => {
    expect(at(url).base.href).toBe(base);
  });

  test("where its <base> says", () => {
    const address = at("https://play.example/game/r/ABCDEF", "https://play.example/game/");
    expect([address.base.href, address.room]).toEqual(["https://play.example/game/", CODE]);
  });
});

describe("the address in a room", () => {
  test("is its link, below the place where the page lies, and keeps the rest of the query", () => {
    const address = at("https://play.example/game/?quality=best&room=XXXX#room=YYYY");
    expect(address.inRoom("ABCDEF", true)).toBe("https://play.example/game/r/ABCDEF?quality=best");
  });

  test("of a page that the server does not serve is one that its own server has, its file as it was", () => {
    const address = at("https://portal.example/starwake.html?server=play.example");
    expect(address.inRoom("ABCDEF", false)).toBe(
      "https://portal.example/starwake.html?server=play.example#room=ABCDEF",
    );
  });

  test("is on the page's own host, with whatever its path begins", () => {
    const address = at("https://play.example//evil.example/");
    expect(address.inRoom("ABCDEF", true)).toBe("https://play.example/evil.example/r/ABCDEF");
    expect(address.inRoom("ABCDEF", false)).toBe("https://play.example//evil.example/#room=ABCDEF");
  });

  test("is forgotten with the room, however it was written", () => {
    for (const url of ["/r/ABCDEF?a=1", "/?room=ABCDEF&a=1", "/?a=1&room=ABCDEF#x", "/?a=1#room=ABCDEF"]) {
      expect(at(`https://play.example${url}`).inRoom(undefined, true)).toBe("https://play.example/?a=1");
    }
  });
});

test("any text gives a code or none, and never throws", () => {
  for (const text of ["", "%", "%%%", "\u0000", "\ud800", "room", "💥", "a".repeat(10_000)]) roomCodeIn(text);
  expect(roomCodeIn("room")).toBe("ROOM");
});

test.each([
  ["ABCDEF", "ABCDEF"],
  [" abc - def. ", "ABCDEF"],
  ["sw.gg/r/ABCDEF", "ABCDEF"],
  ["HTTPS://PLAY.EXAMPLE/GAMES/STARWAKE/R/ABC-DEF/?UTM_SOURCE=CHAT", "ABCDEF"],
  ["https://play.example/r/ABCDEF#x", "ABCDEF"],
  ["Come and play: https://play.example/r/ABCDEF. Now!", "ABCDEF"],
  ["https://play.example/#room=ABCDEF", "ABCDEF"],
  ["https://play.example/%23room%3DABCDEF and hurry", "ABCDEF"],
  ["https://portal.example/x.html?server=play.example&room=ABCDEF", "ABCDEF"],
  ["https://play.example/r/A", undefined],
  ["https://sw.gg/", undefined],
  ["a-b", undefined],
])("pasted for a room's code, %j is %s", (text, code) => {
  expect(roomCodeInText(text)).toBe(code);
});
