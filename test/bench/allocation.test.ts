/** What is done for every chunk and every reader, many thousand times a second, allocates nothing once it is warm. */
import { Session } from "node:inspector/promises";
import { expect, test } from "vitest";
import { Crowd } from "./crowd.ts";

/** Bytes allocated in `work` by functions of the files that match, collected since or not, by function. */
async function allocatedBy(files: RegExp, work: () => void): Promise<Map<string, number>> {
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
    const { url, functionName } = node.callFrame;
    if (node.selfSize > 0 && files.test(url)) bytes.set(functionName, (bytes.get(functionName) ?? 0) + node.selfSize);
    nodes.push(...node.children);
  }
  return bytes;
}

test("encoding chunks allocates nothing", { timeout: 60_000 }, async () => {
  const crowd = new Crowd({ players: 200, seed: 5, mapSize: 4000 });
  crowd.run(300);
  const before = crowd.frames;
  const bytes = await allocatedBy(/shared\/engine\/(chunk|bit-stream|field-codec|records)|shared\/game\/movement/, () => crowd.run(120));
  const frames = crowd.frames - before;
  console.log(frames, [...bytes]);
  expect([...bytes.values()].reduce((sum, one) => sum + one, 0) / frames).toBeLessThan(1);
});
