/** Recording: a room's match goes into a file as it is played, and whatever the disk does, the room does not notice. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type AppendFile, AppendLane } from "@starwake/server/engine/append-lane.ts";
import { prepareFolder } from "@starwake/server/engine/file-recorder.ts";
import { judgeReplay } from "@starwake/server/engine/replay-verdict.ts";
import { describe, expect, test } from "vitest";
import { openRecordingFolder } from "../support/recording-folder.ts";
import { joined, readWhole } from "../support/replay-bytes.ts";
import { matchOf, startToyServer, TICK_RATE, TOY } from "../support/toy-server.ts";

/** Such a disk refuses the n-th part that it is to append, and all after it. */
function fullDisk(partsThatFit: number): () => Promise<AppendFile> {
  let parts = 0;
  return async () => ({
    async append() {
      if (++parts > partsThatFit) throw new Error("no space left");
    },
    async close() {},
  });
}

const settings = { pilots: 3, capacity: 5, mapSize: 400 };

describe("a recording", () => {
  test("runs again to the room's own hashes: people and pilots who come, go and come back, and what they saw", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder }, { delayMs: () => 30 });
    const ada = await server.join({ name: "Ada" });
    ada.wish = () => ({ heading: 3, facing: (server.clock.now() / 20) & 255, throws: 1 });
    await server.run(2_000);
    const bob = await server.join({ name: "Bob" });
    server.loopback.cut();
    await server.run(3_000);
    bob.client.leave();
    await server.run(1_000);
    await server.join({ name: "Eve" });
    await server.run(1_700);
    server.lobby.close();
    await folder.recorders.settled();

    const replay = await folder.read();
    expect(replay.isComplete).toBe(true);
    expect(replay.hashes.map(({ hash }) => hash)).toEqual(folder.heard.hashes);
    expect(judgeReplay(TOY, replay)).toMatchObject({ kind: "true", hashes: folder.heard.hashes.length });
    expect(folder.heard.hashes.length).toBeGreaterThan(6);
    const people = replay.players.filter(({ isPilot }) => !isPilot).map(({ name }) => name);
    expect(people).toEqual(["Ada", "Bob", "Eve"]);
    expect(replay.players.filter(({ isPilot }) => isPilot).length).toBeGreaterThanOrEqual(3);
    const { player } = matchOf(ada);
    const ages = replay.steps.flatMap(({ looks }, tick) => (looks.has(player) ? [tick - looks.get(player)!] : []));
    expect(ages.length).toBeGreaterThan(200);
    expect(Math.min(...ages)).toBeGreaterThan(0);
  });

  test("is found false when a single command of it is another", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    await server.run(6_000);
    server.lobby.close();
    await folder.recorders.settled();
    const replay = await folder.read();
    const step = replay.steps[160];
    const [player, command] = [...step.commands][0];
    const commands = new Map(step.commands).set(player, { ...command, heading: (command.heading + 4) % 9 });
    const forged = { ...replay, steps: replay.steps.with(160, { ...step, commands }) };
    expect(judgeReplay(TOY, forged)).toEqual({ kind: "differs", tick: 4 * TICK_RATE, soundTick: 3 * TICK_RATE });
  });

  test("is found false when its seed is another", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    await server.run(2_000);
    server.lobby.close();
    await folder.recorders.settled();
    const { head, ...replay } = await folder.read();
    const forged = { ...replay, head: { ...head, setup: { ...head.setup, seed: head.setup.seed + 1 } } };
    expect(judgeReplay(TOY, forged)).toEqual({ kind: "differs", tick: TICK_RATE, soundTick: 0 });
  });

  test("that nobody closes lacks its last second at most, and says that it breaks off", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    for (const ms of [3_300, 240, 240, 500, 980]) {
      await server.run(ms);
      await folder.recorders.settled();
      const replay = await folder.read();
      expect(replay.isComplete).toBe(false);
      expect(server.tally.ticks - replay.steps.length).toBeLessThanOrEqual(TICK_RATE / 2 + 1);
      expect(judgeReplay(TOY, replay)).toMatchObject({ kind: "true" });
    }
    server.lobby.close();
    await folder.recorders.settled();
  });

  test("ends with its room, when the last player has left", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    const player = await server.join();
    player.client.leave();
    await server.run(1_200);
    await folder.recorders.settled();
    expect((await folder.read()).isComplete).toBe(true);
  });

  test("ends with its room, when the room fails", async () => {
    const folder = openRecordingFolder(TOY);
    const step: typeof TOY.step = (world, ...given) => {
      if (world.tick === 80) throw new Error("planted");
      TOY.step(world, ...given);
    };
    const server = startToyServer({ ...settings, game: { ...TOY, step }, openRecorder: folder.openRecorder });
    await server.join();
    await server.run(2_000);
    await folder.recorders.settled();
    // The player has come back meanwhile, to a room that is recorded anew.
    const replays = await Promise.all(folder.files().map((file) => folder.read(file)));
    const [replay] = replays.filter(({ isComplete }) => isComplete);
    expect(replay.steps.length).toBe(80);
    expect(judgeReplay(TOY, replay)).toMatchObject({ kind: "true", hashes: 1 });
    server.lobby.close();
    await folder.recorders.settled();
  });

  test("whose steps the game cannot make is told by the tick", async () => {
    const step: typeof TOY.step = () => {
      throw new Error("planted");
    };
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    server.lobby.close();
    await folder.recorders.settled();
    expect(judgeReplay({ ...TOY, step }, await folder.read())).toEqual({ kind: "fails", tick: 0, reason: "planted" });
  });
});

describe("the files", () => {
  test("are one a room, named by the time and the room, and none is ever written over", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ openRecorder: folder.openRecorder });
    for (const code of ["ALPHA", "BRAVO", "ALPHA"]) {
      const { client } = await server.join({ room: { kind: "code", code } });
      client.leave();
      await server.run(1_200);
    }
    await folder.recorders.settled();
    expect(folder.files()).toEqual([
      "2026-11-21T10-15-00Z-ALPHA-2.starwake",
      "2026-11-21T10-15-00Z-ALPHA.starwake",
      "2026-11-21T10-15-00Z-BRAVO.starwake",
    ]);
    for (const file of folder.files()) expect((await folder.read(file)).isComplete).toBe(true);
  });

  test("have a folder made for them, however deep", async () => {
    const { folder } = openRecordingFolder(TOY);
    expect(await prepareFolder(join(folder, "a", "b"))).toBeUndefined();
    expect(await prepareFolder(folder)).toBeUndefined();
  });

  test("are refused in one line where there can be no folder", async () => {
    const { folder } = openRecordingFolder(TOY);
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await prepareFolder(file)).toBe(`cannot record to ${file}: it is not a directory`);
    expect(await prepareFolder(join(file, "below"))).toBe(
      `cannot record to ${join(file, "below")}: it is not a directory`,
    );
    if (process.platform === "linux") expect(await prepareFolder("/proc/nowhere/at/all")).toContain("ENOENT");
    expect(await prepareFolder("a\0b")).toMatch(/^cannot record to [^\n]+$/);
  });
});

describe("a disk that fails", () => {
  test.for([
    ["from the start", () => Promise.reject(new Error("no such place"))],
    ["at the opening of the file", fullDisk(0)],
    ["after some seconds", fullDisk(5)],
  ] as const)("%s ends the recording, is logged once, and the room plays on", async ([, create]) => {
    const folder = openRecordingFolder(TOY, { create });
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    const player = await server.join();
    for (let second = 0; second < 10; second++) {
      await server.run(1_000);
      await folder.recorders.settled();
    }
    expect(folder.logged).toEqual(["recording given up: it cannot be written"]);
    expect(server.matchmaker.occupancy()).toEqual({ humans: 1, pilots: 2, rooms: 1 });
    expect(matchOf(player).counts.frames).toBeGreaterThan(200);
    server.lobby.close();
    await folder.recorders.settled();
    expect(folder.logged).toHaveLength(1);
  });

  test("once is not tried again: what comes after a gap could not be run", async () => {
    const parts: Uint8Array[] = [];
    let calls = 0;
    const append = async (bytes: Uint8Array) => {
      if (++calls === 4) throw new Error("planted");
      parts.push(bytes);
    };
    const folder = openRecordingFolder(TOY, { create: async () => ({ append, close: async () => {} }) });
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    await server.run(5_000);
    server.lobby.close();
    await folder.recorders.settled();
    expect([calls, parts.length]).toEqual([4, 3]);
    const replay = await readWhole(joined(parts), TOY);
    expect([replay.isComplete, replay.steps.length]).toEqual([false, TICK_RATE]);
  });

  test("at the close of the file is logged", async () => {
    const close = () => Promise.reject(new Error("gone"));
    const folder = openRecordingFolder(TOY, { create: async () => ({ append: async () => {}, close }) });
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    await server.join();
    server.lobby.close();
    await folder.recorders.settled();
    expect(folder.logged).toHaveLength(1);
  });

  test("by never answering fills no memory: the recording is given up, and the room plays on", async () => {
    const append = () => new Promise<void>(() => {});
    const folder = openRecordingFolder(TOY, {
      create: async () => ({ append, close: async () => {} }),
      maxBacklogBytes: 5_000,
    });
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    const player = await server.join();
    await server.run(5_000);
    expect(folder.logged).toEqual([]);
    await server.run(60_000);
    expect(folder.logged).toHaveLength(1);
    expect(matchOf(player).counts.frames).toBeGreaterThan(1_000);
  });

  test("by never answering in time holds nothing of a recording that was given up, which ends when it does", async () => {
    const answer = Promise.withResolvers<void>();
    const heard: string[] = [];
    const lane = new AppendLane({
      open: async () => ({ append: () => answer.promise, close: async () => void heard.push("closed") }),
      maxBacklogBytes: 3_000,
      gaveUp: () => heard.push("gave up"),
      ended: () => heard.push("ended"),
    });
    appendParts(lane, 1);
    await turnOfEvents();
    const waiting = appendParts(lane, 2);
    expect(lane.isOpen).toBe(true);
    appendParts(lane, 1);
    expect([lane.isOpen, ...heard]).toEqual([false, "gave up"]);
    await collectGarbage();
    expect(waiting.filter((part) => part.deref() !== undefined)).toEqual([]);
    expect(heard).toEqual(["gave up"]);
    answer.resolve();
    await lane.settled();
    expect(heard).toEqual(["gave up", "closed", "ended"]);
  });

  test.for(["create", "append", "close"] as const)(
    "by being slow (%s) keeps one helper thread, however many rooms there are: the rest of the server has the others",
    async (what) => {
      const ROOMS = 4;
      let [atOnce, most, answered] = [0, 0, 0];
      const work = async (at: typeof what) => {
        if (at !== what) return;
        most = Math.max(most, ++atOnce);
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
        atOnce--;
        answered++;
      };
      const create = async () => {
        await work("create");
        return { append: () => work("append"), close: () => work("close") };
      };
      const folder = openRecordingFolder(TOY, { create });
      const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
      for (let room = 0; room < ROOMS; room++) await server.join({ room: { kind: "new" } });
      await server.run(5_000);
      server.lobby.close();
      await folder.recorders.settled();
      expect(answered).toBeGreaterThanOrEqual(ROOMS);
      expect(most).toBe(1);
    },
  );

  test("for one room leaves the recordings of the others alone", async () => {
    const files = new Map<string, Uint8Array[]>();
    const create = async (path: string): Promise<AppendFile> => {
      if (path.includes("ALPHA")) throw new Error("planted");
      const parts: Uint8Array[] = [];
      files.set(path, parts);
      return { append: async (bytes) => void parts.push(bytes), close: async () => {} };
    };
    const folder = openRecordingFolder(TOY, { create });
    const server = startToyServer({ ...settings, openRecorder: folder.openRecorder });
    for (const code of ["ALPHA", "BRAVO"]) await server.join({ room: { kind: "code", code } });
    await server.run(3_000);
    server.lobby.close();
    await folder.recorders.settled();
    expect(folder.logged).toHaveLength(1);
    expect([...files.values()].map((parts) => parts.length)).toEqual([expect.any(Number)]);
    expect([...files.values()][0].length).toBeGreaterThan(6);
  });
});

/** Hands over parts of 1,000 bytes. @returns them, held by nobody else */
function appendParts(lane: AppendLane, count: number): WeakRef<Uint8Array>[] {
  return Array.from({ length: count }, () => {
    const part = new Uint8Array(1_000);
    lane.append(part.length, async () => part);
    return new WeakRef(part);
  });
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // What was given to a WeakRef is kept until the work under way is over.
  await turnOfEvents();
  runInNewContext("gc")();
}

const turnOfEvents = () => new Promise<void>((resolve) => setImmediate(resolve));
