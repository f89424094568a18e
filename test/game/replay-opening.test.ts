/** Opening a replay as the page does, with the inflate that browsers and Node have in common. */
import { deflateRawSync } from "node:zlib";
import { stepsBytes } from "@starwake/shared/engine/replay-writer.ts";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readReplayFile } from "../../client/game/replay-opening.ts";
import { recordMatch } from "../support/recorded-match.ts";
import { STARWAKE } from "../support/recorded-room.ts";
import { PROTOCOL, replayParts } from "../support/replay-bytes.ts";

const MEGABYTE = 1 << 20;
const DAMAGED = { problem: "The file is damaged at second 0." };

const match = recordMatch({ ticks: 90, pilots: 2, seed: 3 });
const replay = { ...match, head: { ...match.head, protocol: PROTOCOL } };
const [opening, ...steps] = replayParts(STARWAKE, replay);

afterEach(() => vi.unstubAllGlobals());

function read(...parts: readonly Uint8Array[]) {
  return readReplayFile(new Blob(parts.map((part) => part.slice())), STARWAKE, PROTOCOL);
}

/** A block whose body inflates to so many zeros. */
function zeros(count: number): Uint8Array {
  return stepsBytes(0, new Uint8Array(deflateRawSync(Buffer.alloc(count))));
}

/** @returns how many bytes have come of all inflating since */
function watchInflating(): () => number {
  let bytes = 0;
  class Watched extends DecompressionStream {
    override get readable() {
      const count = (part: Uint8Array<ArrayBuffer>, passOn: { enqueue(part: Uint8Array<ArrayBuffer>): void }) => {
        bytes += part.length;
        passOn.enqueue(part);
      };
      return super.readable.pipeThrough(new TransformStream({ transform: count }));
    }
  }
  vi.stubGlobal("DecompressionStream", Watched);
  return () => bytes;
}

describe("a replay file", () => {
  test("is read as it was written", async () => {
    expect(await read(opening, ...steps)).toEqual(replay);
  });

  test("with a block that is not deflated is damaged", async () => {
    expect(await read(opening, stepsBytes(0, Uint8Array.of(7, 7, 7)))).toEqual(DAMAGED);
  });

  test("that is small and would fill the memory is damaged, and not inflated to its end", async () => {
    const inflatedBytes = watchInflating();
    const bomb = zeros(128 * MEGABYTE);
    expect(bomb.length).toBeLessThan(MEGABYTE);
    expect(await read(opening, bomb)).toEqual(DAMAGED);
    expect(inflatedBytes()).toBeGreaterThan(4 * MEGABYTE);
    expect(inflatedBytes()).toBeLessThan(5 * MEGABYTE);
  });
});
