/** Interest for peers: a watcher is told what comes into its window and what leaves it, once. */
import type { Space } from "@starwake/shared/engine/cell-grid.ts";
import { expect, test } from "vitest";
import { CellWatch } from "./cell-watch.ts";

/** Ten cells of 100 in a row; a view shows the cells within 100. */
const SPACE: Space = {
  width: 1000,
  height: 100,
  cellSize: 100,
  stayMargin: 10,
  viewHalfWidth: 100,
  viewHalfHeight: 50,
};

function createWatch() {
  const told: string[] = [];
  const watch = new CellWatch<string, string>(SPACE, {
    appeared: (watcher, thing) => void told.push(`${watcher} +${thing}`),
    vanished: (watcher, thing) => void told.push(`${watcher} -${thing}`),
  });
  const takeTold = () => told.splice(0);
  return { watch, takeTold };
}

test("a thing in the window appears, and vanishes when the window has moved on", () => {
  const { watch, takeTold } = createWatch();
  watch.place("rock", 250, 50);
  watch.look("ada", 150, 50);
  expect(takeTold()).toEqual(["ada +rock"]);
  watch.look("ada", 170, 50);
  expect(takeTold()).toEqual([]);
  watch.look("ada", 850, 50);
  expect(takeTold()).toEqual(["ada -rock"]);
});

test("a thing that moves is told to those who see only one of its cells", () => {
  const { watch, takeTold } = createWatch();
  watch.look("ada", 150, 50);
  watch.look("bob", 250, 50);
  watch.place("ship", 50, 50);
  expect(takeTold()).toEqual(["ada +ship"]);
  watch.place("ship", 250, 50);
  expect(takeTold()).toEqual(["bob +ship"]);
  watch.place("ship", 350, 50);
  expect(takeTold()).toEqual(["ada -ship"]);
});

test("a thing that hovers at a border stays with its cell", () => {
  const { watch, takeTold } = createWatch();
  watch.look("ada", 50, 50);
  watch.place("ship", 199, 50);
  watch.place("ship", 205, 50);
  expect(takeTold()).toEqual(["ada +ship"]);
});

test("of what is removed, and to who is forgotten, nothing is told any more", () => {
  const { watch, takeTold } = createWatch();
  watch.look("ada", 150, 50);
  watch.place("ship", 150, 50);
  watch.place("rock", 150, 50);
  takeTold();
  watch.remove("ship");
  watch.forget("ada");
  watch.place("rock", 950, 50);
  watch.look("bob", 150, 50);
  expect(takeTold()).toEqual([]);
});
