/** Recordings of the game itself: how large they are, and that they are true. */
import { judgeReplay } from "@starwake/server/engine/replay-verdict.ts";
import { describe, expect, test } from "vitest";
import { openRecordedRoom, STARWAKE, TICK_RATE } from "../support/recorded-room.ts";

const MAX_BYTES_IN_TEN_MINUTES = 1_500_000;

describe("a recorded match", () => {
  // Ten minutes of 20 pilots, measured once: 426 KB.
  test("of 20 pilots takes well below 1.5 MB in ten minutes, and runs again to the room's own hashes", async () => {
    const seconds = 30;
    const room = openRecordedRoom(20, 0);
    await room.run(seconds);
    await room.close();
    expect(room.bytes().length).toBeLessThan((MAX_BYTES_IN_TEN_MINUTES / 2) * (seconds / 600));
    const replay = await room.read();
    expect(replay.players).toHaveLength(20);
    expect(replay.hashes.map(({ hash }) => hash)).toEqual(room.heard.hashes);
    expect(judgeReplay(STARWAKE, replay)).toEqual({
      kind: "true",
      hashes: seconds,
      lastHashTick: seconds * TICK_RATE,
    });
  });

  test("of people is true too, who fly by what they saw, and lose the connection meanwhile", async () => {
    const room = openRecordedRoom(8, 4);
    await room.run(8);
    room.loopback.cut();
    await room.run(8);
    await room.close();
    const replay = await room.read();
    expect(judgeReplay(STARWAKE, replay)).toMatchObject({ kind: "true", hashes: room.heard.hashes.length });
    expect(room.heard.hashes.length).toBeGreaterThan(14);
    expect(replay.players.filter(({ isPilot }) => !isPilot)).toHaveLength(4);
    expect(replay.steps.filter(({ looks }) => looks.size === 4).length).toBeGreaterThan(500);
  });
});
