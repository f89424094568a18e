/** Pilots fly for whoever is here: where nobody has been heard for a while, they rest. */
import type { Recorder } from "@starwake/server/engine/recorder.ts";
import { judgeReplay } from "@starwake/server/engine/replay-verdict.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { describe, expect, test } from "vitest";
import { openRecordingFolder } from "../support/recording-folder.ts";
import { openByHand, STILL_WISH, startToyServer, TICK_RATE, TOY } from "../support/toy-server.ts";

const SETTINGS = { pilots: 3, capacity: 5, mapSize: 400 };

/** A room whose pilots' commands are followed. */
function startWatchedRoom() {
  const pilots = new Set<PlayerId>();
  let flown = 0;
  const ignore = () => {};
  const recorder: Recorder = {
    added: (player, _name, isPilot) => void (isPilot && pilots.add(player)),
    removed: (player) => void pilots.delete(player),
    step: (commands) => {
      for (const player of pilots) if (JSON.stringify(commands.get(player)) !== JSON.stringify(STILL_WISH)) flown++;
    },
    ...{ hash: ignore, close: ignore },
  };
  const server = startToyServer({ ...SETTINGS, openRecorder: () => recorder });
  /** Commands of pilots, that were not neutral, while so much time passes. */
  const flownIn = async (ms: number) => {
    const before = flown;
    await server.run(ms);
    return flown - before;
  };
  return { ...server, flownIn };
}

describe("pilots", () => {
  test("rest when nobody has been heard for five seconds, and fly again with the next packet", async () => {
    const server = startWatchedRoom();
    const hand = await openByHand(server);
    const { tick } = await hand.play();
    expect(await server.flownIn(4_900)).toBeGreaterThan(4 * TICK_RATE);
    await server.run(200);
    expect(await server.flownIn(10_000)).toBe(0);
    hand.send({ firstTick: tick + 16 * TICK_RATE });
    expect(await server.flownIn(1_000)).toBeGreaterThan(TICK_RATE / 2);
  });

  test("do not rest while one of many is heard, if only once a second, as a hidden page is", async () => {
    const server = startWatchedRoom();
    const [silent, page] = [await openByHand(server), await openByHand(server)];
    await silent.play();
    const { tick } = await page.play();
    await server.run(8_000);
    for (let second = 0; second < 10; second++) {
      page.send({ firstTick: tick + (9 + second) * TICK_RATE });
      expect(await server.flownIn(1_000)).toBeGreaterThan(TICK_RATE / 2);
    }
  });

  test("fly when somebody comes, or comes back, among those who say nothing", async () => {
    const server = startWatchedRoom();
    const hand = await openByHand(server);
    const { token } = await hand.play();
    await server.run(10_000);
    const newer = await openByHand(server);
    await newer.ask({ token });
    expect(await server.flownIn(1_000)).toBeGreaterThan(TICK_RATE / 2);
  });

  test("that rest are recorded as they were: the recording runs again to the room's own hashes", async () => {
    const folder = openRecordingFolder(TOY);
    const server = startToyServer({ ...SETTINGS, openRecorder: folder.openRecorder });
    const player = await server.join();
    await server.run(2_000);
    server.neglect(player);
    await server.run(10_000);
    await server.join();
    await server.run(2_000);
    server.lobby.close();
    await folder.recorders.settled();
    const replay = await folder.read();
    expect(judgeReplay(TOY, replay)).toMatchObject({ kind: "true", hashes: folder.heard.hashes.length });
    expect(folder.heard.hashes.length).toBeGreaterThan(12);
  });
});
