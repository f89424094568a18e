import { afterEach, expect, test, vi } from "vitest";
import { browserKey } from "../../client/game/memory.ts";

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
  const key = browserKey();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(browserKey()).toBe(key);
});

test("no two browsers have the same", () => {
  const keys = Array.from({ length: 100 }, () => {
    vi.stubGlobal("localStorage", storageWith(new Map()));
    return browserKey();
  });
  expect(new Set(keys).size).toBe(100);
});

test("where nothing may be kept there is a key all the same", () => {
  vi.stubGlobal("localStorage", undefined);
  expect(browserKey()).toMatch(/^[0-9a-f]{32}$/);
});

test.for(["", "short", "x".repeat(32)])("what was kept and is no key (%j) gives way to one", (rubbish) => {
  const kept = new Map([["starwake.key", rubbish]]);
  vi.stubGlobal("localStorage", storageWith(kept));
  const key = browserKey();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(kept.get("starwake.key")).toBe(key);
});
