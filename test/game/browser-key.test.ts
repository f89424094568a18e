import { afterEach, expect, test, vi } from "vitest";
import { Memory } from "../../client/game/memory.ts";

afterEach(() => vi.unstubAllGlobals());

/** A browser's storage, as far as it is used. */
function storageWith(kept: Map<string, string>) {
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  };
}

test("a browser has one key, of 128 bits", () => {
  vi.stubGlobal("localStorage", storageWith(new Map()));
  const key = new Memory(undefined).browserKey();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(new Memory(undefined).browserKey()).toBe(key);
});

test("no two browsers have the same", () => {
  const keys = Array.from({ length: 100 }, () => {
    vi.stubGlobal("localStorage", storageWith(new Map()));
    return new Memory(undefined).browserKey();
  });
  expect(new Set(keys).size).toBe(100);
});

test("where nothing may be kept there is a key all the same", () => {
  vi.stubGlobal("localStorage", undefined);
  expect(new Memory(undefined).browserKey()).toMatch(/^[0-9a-f]{32}$/);
});

test.for(["", "short", "x".repeat(32)])("what was kept and is no key (%j) gives way to one", (rubbish) => {
  const kept = new Map([["starwake.key", rubbish]]);
  vi.stubGlobal("localStorage", storageWith(kept));
  const key = new Memory(undefined).browserKey();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(kept.get("starwake.key")).toBe(key);
});

test("each server has a memory of its own in one browser, and the page's own server keeps the one it had", () => {
  const kept = new Map([["starwake.name", "Ace"]]);
  vi.stubGlobal("localStorage", storageWith(kept));
  vi.stubGlobal("sessionStorage", storageWith(kept));
  const own = new Memory(undefined);
  const others = ["https://one.example/", "https://two.example/", "https://two.example/b/"].map(
    (server) => new Memory(server),
  );
  expect(own.name).toBe("Ace");
  for (const [number, other] of others.entries()) {
    expect([other.name, other.seat]).toEqual(["", undefined]);
    other.keepName(`Bee ${number}`);
    other.keepSeat({ token: `token ${number}`, room: "ABCDEF", isPrivate: false });
  }
  expect(others.map(({ name, seat }) => [name, seat?.token])).toEqual([
    ["Bee 0", "token 0"],
    ["Bee 1", "token 1"],
    ["Bee 2", "token 2"],
  ]);
  expect(new Set([own, ...others].map((memory) => memory.browserKey())).size).toBe(4);
  expect([own.name, own.seat]).toEqual(["Ace", undefined]);
});
