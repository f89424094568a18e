/** What is done for every chunk and every reader, many thousand times a second, allocates nothing once it is warm. */
import { Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { Crowd } from "./crowd.ts";

// Where another thread compiles, how soon code is warm hangs on what else the machine does.
setFlagsFromString("--no-concurrent-recompilation");
setFlagsFromString("--no-concurrent-sparkplug");

/** Bytes that were allocated in `work`, collected since or not, by the name of the file whose code did it. */
async function allocatedIn(work: () => void): Promise<Map<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 512,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  work();
  const { profile } = await session.post("HeapProfiler.stopSampling");
  session.disconnect();
  const bytes = new Map<string, number>();
  const nodes = [profile.head];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const file = node.callFrame.url.split("/").at(-1)!;
    bytes.set(file, (bytes.get(file) ?? 0) + node.selfSize);
    nodes.push(...node.children);
  }
  return bytes;
}

const ENCODING = [
  "chunk-writer.ts",
  "chunk-survivors.ts",
  "chunk-membership.ts",
  "steered-row.ts",
  "bit-stream.ts",
  "field-codec.ts",
];
/** Code that the compiler has not come to yet boxes numbers; what the code itself allocates is there every time. */
const ATTEMPTS = 6;

test("encoding a tick's chunks and copying them into frames allocates the frames and nothing else", async () => {
  const crowd = new Crowd({ players: 200, seed: 5, mapSize: 4000 });
  crowd.run(1_500);
  let encoding = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS && encoding >= 1; attempt++) {
    const { frames, frameBytes } = crowd;
    const bytes = await allocatedIn(() => crowd.run(120));
    const count = crowd.frames - frames;
    const perFrame = (...files: string[]) => files.reduce((sum, file) => sum + (bytes.get(file) ?? 0), 0) / count;
    encoding = perFrame(...ENCODING);
    // A frame's own bytes, and the array object around them.
    expect(perFrame("replicator.ts")).toBeLessThan((crowd.frameBytes - frameBytes) / count + 256);
    // The check sees what there is to be seen.
    expect(perFrame(...bytes.keys())).toBeGreaterThan(100);
  }
  expect(encoding).toBeLessThan(1);
});
