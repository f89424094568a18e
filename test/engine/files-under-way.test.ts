/** How many files are sent at a time: to an address few, and the others wait; to all together many, in fair shares. */
import { EventEmitter } from "node:events";
import { FilesUnderWay, MOST_FILES } from "@starwake/server/engine/files-under-way.ts";
import { expect, test } from "vitest";

class Carrier extends EventEmitter {
  destroy(): void {
    this.emit("close");
  }
}

function create() {
  const files = new FilesUnderWay();
  const begun: string[] = [];
  /** @returns what carries each of them; those that are refused are not among the begun ones */
  const ask = (group: string, count: number) =>
    Array.from({ length: count }, (_, number) => {
      const carrier = new Carrier();
      const isPlaced = files.add(carrier, group, () => begun.push(`${group} ${number}`));
      return { isPlaced, close: () => carrier.destroy(), onClose: (told: () => void) => carrier.once("close", told) };
    });
  return { begun, ask };
}

const ONE = "203.0.113.5";
const OTHER = "203.0.113.6";

test("to one address so many files are under way, and those that it asks for beside are sent in their order, each when one ends", () => {
  const { ask, begun } = create();
  const asked = ask(ONE, MOST_FILES.ofGroup + 3);
  expect(begun).toHaveLength(MOST_FILES.ofGroup);
  asked[7].close();
  asked[0].close();
  expect(begun.slice(MOST_FILES.ofGroup)).toEqual([`${ONE} ${MOST_FILES.ofGroup}`, `${ONE} ${MOST_FILES.ofGroup + 1}`]);
  for (const { close } of asked) close();
  expect(begun).toHaveLength(MOST_FILES.ofGroup + 3);
});

test("who leaves while it waits is sent nothing, and holds up nobody", () => {
  const { ask, begun } = create();
  const asked = ask(ONE, MOST_FILES.ofGroup + 2);
  asked[MOST_FILES.ofGroup].close();
  asked[0].close();
  expect(begun.at(-1)).toBe(`${ONE} ${MOST_FILES.ofGroup + 1}`);
});

test("an address that has all that it may makes no other wait", () => {
  const { ask, begun } = create();
  ask(ONE, 600);
  ask(OTHER, 1);
  expect(begun.at(-1)).toBe(`${OTHER} 0`);
});

test("when all places are taken, who has most gives the oldest up, and who has as many as all others is refused", () => {
  const { ask, begun } = create();
  const addresses = Array.from({ length: MOST_FILES.inAll / MOST_FILES.ofGroup }, (_, index) => `198.51.100.${index}`);
  const ended: number[] = [];
  for (const address of addresses)
    for (const [number, { onClose }] of ask(address, MOST_FILES.ofGroup).entries()) onClose(() => ended.push(number));
  expect(ask(OTHER, 1)[0].isPlaced).toBe(true);
  expect([begun.at(-1), ended]).toEqual([`${OTHER} 0`, [0]]);
  const newcomers = Array.from({ length: 2 * MOST_FILES.inAll }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const placed = newcomers.filter((address) => ask(address, 1)[0].isPlaced);
  expect(placed.length).toBeLessThan(MOST_FILES.inAll);
});

test("of the networks of one site each is sent what waits for it, though they share a limit", () => {
  const { ask, begun } = create();
  const networks = Array.from({ length: 64 }, (_, index) => `2001:db8:0:${index.toString(16)}::/64`);
  const asked = networks.flatMap((network) => ask(network, 20));
  expect(begun.length).toBeLessThan(asked.length);
  for (const { close } of asked) close();
  expect(new Set(begun).size).toBe(64 * 20);
});
