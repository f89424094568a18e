import { expect, test } from "vitest";
import { outcomeOf, reportOf } from "./made-report.ts";
import { tablesOf } from "./report-table.ts";
import { type SelfTime, timeSharesOf } from "./time-shares.ts";

const own = (file: string, ms: number, name = file): SelfTime => ({ url: `file:///starwake/${file}`, name, ms });

const TIMES: readonly SelfTime[] = [
  own("shared/game/step.ts", 500, "step"),
  own("server/game/pilot.ts", 100, "look"),
  own("server/engine/frame-budget.ts", 300, "choose"),
  own("shared/engine/chunk-writer.ts", 700, "write"),
  own("shared/engine/command-packet.ts", 200, "read"),
  own("server/engine/session.ts", 100, "receive"),
  own("server/engine/flood-guard.ts", 30, "accepts"),
  own("node_modules/ws/lib/receiver.js", 50, "dataMessage"),
  own("test/bench/probe.ts", 10, "ran"),
  { url: "node:net", name: "write", ms: 400 },
  { url: "", name: "(garbage collector)", ms: 250 },
  { url: "", name: "(program)", ms: 2_000 },
  { url: "", name: "(idle)", ms: 3_000 },
  { url: "", name: "writeBuffer", ms: 900 },
];

test("time is shared out by whose it is: the kernel's as it accounts for it, and the rest is Node's", () => {
  const shares = timeSharesOf(TIMES, 10, { user: 0.4, system: 0.2 });
  expect(shares.map(({ whose, share }) => [whose, Number(share.toFixed(6))])).toEqual([
    ["the kernel: sockets, mostly", 0.2],
    ["Node and V8, in C++", 0.136],
    ["records and replication", 0.1],
    ["the game's step", 0.06],
    ["Node's streams and timers, in JavaScript", 0.04],
    ["sessions, commands, transport", 0.03],
    ["collection of garbage", 0.025],
    ["ws, engine.io and socket.io", 0.005],
    ["the charge at the door: frames, bytes, what waits", 0.003],
    ["the measurement itself", 0.001],
  ]);
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.6, 9);
});

test("of each are told those functions that took most, the first first", () => {
  const many = [3, 1, 4, 1, 5, 9].map((ms) => own("shared/game/step.ts", ms, `took${ms}`));
  const step = timeSharesOf(many, 1, { user: 0.1, system: 0 }).find(({ whose }) => whose === "the game's step");
  expect(step?.most.map(({ name }) => name)).toEqual(["took9", "took5", "took4", "took3"]);
});

test("a report shows where the time went of each measurement that was sampled", () => {
  const timeShares = timeSharesOf(TIMES, 10, { user: 0.4, system: 0.2 });
  const outcomes = [outcomeOf("ws", 800), { ...outcomeOf("starwake", 1_000, {}, 100), timeShares }];
  const [, table, ...others] = tablesOf(reportOf({ outcomes }));
  expect(others).toEqual([]);
  expect(table.title).toContain("100 × 10 players");
  expect(table.rows[2]).toEqual(["records and replication", "10.0", "write 7.0, choose 3.0"]);
});
