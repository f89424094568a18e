/** A throw that is planted, once, in any function of server/engine's classes. */
import { readdirSync } from "node:fs";

const ENGINE = new URL("../../server/engine/", import.meta.url);

/** The call of a function at which it throws, counted from 1; `name`: as in "Room.join in leave". */
export type Place = { readonly name: string; readonly call: number };

/** Walks over all classes. From then on each call of their functions goes through here, until restore(). */
export async function plantThrows() {
  const calls = new Map<string, number>();
  let planted: Place | undefined;
  let served: string | undefined;
  const pass = (name: string): void => {
    const call = (calls.get(name) ?? 0) + 1;
    calls.set(name, call);
    if (planted?.name !== name || planted.call !== call) return;
    planted = undefined;
    throw new Error(`planted in ${name}`);
  };
  const restores: (() => void)[] = [];
  for (const { prototype, name: className } of await allClasses()) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const own = property.value;
      if (typeof own !== "function" || name === "constructor") continue;
      const value = function (this: unknown, ...given: unknown[]) {
        if (served !== undefined) pass(`${className}.${name} in ${served}`);
        return own.apply(this, given);
      };
      Object.defineProperty(prototype, name, { ...property, value });
      restores.push(() => Object.defineProperty(prototype, name, property));
    }
  }
  return {
    /** Forgets all calls. @param place where the next throw is; nowhere unless told */
    begin(place?: Place): void {
      calls.clear();
      planted = place;
    },
    /** So often each function was called since then, while somebody was served. */
    calls: calls as ReadonlyMap<string, number>,
    hasThrown: () => planted === undefined,
    /** Calls what serves somebody: what it throws ends there, as at the transport. @returns undefined: it threw */
    serve<Value>(what: string, call: () => Value): Value | undefined {
      const before = served;
      served = what;
      try {
        return call();
      } catch {
        return undefined;
      } finally {
        served = before;
      }
    },
    restore: () => restores.forEach((restore) => void restore()),
  };
}

async function allClasses(): Promise<{ readonly name: string; readonly prototype: object }[]> {
  const files = [...readdirSync(ENGINE).filter((file) => file.endsWith(".ts")), "names/name-book.ts"];
  const modules = await Promise.all(files.map((file) => import(new URL(file, ENGINE).href)));
  const values = new Set(modules.flatMap((module) => Object.values<unknown>(module)));
  return [...values].flatMap((value) => (typeof value === "function" && value.prototype ? [value as never] : []));
}
