/** The networks that figures are stated for. */
import type { Network } from "./scenario.ts";

const FAR = { rttMs: 150, jitterMs: 50, loss: 0 } as const;
/** 64 kbit/s each way: the least that one lane of the game fits into with room to spare. */
const NARROW = { bytesPerSecond: 8_000 } as const;
const BURSTS_MS = 200;

export const PROFILES = {
  A: { rttMs: 60, jitterMs: 20, loss: 0.01 },
  B: FAR,
  C: { ...FAR, loss: 0.05 },
  narrow: { ...FAR, ...NARROW },
  "narrow-near": { rttMs: 60, jitterMs: 20, loss: 0, ...NARROW },
  bursts: { ...FAR, bursts: burstsFor(0.01) },
  "bursts-heavy": { ...FAR, bursts: burstsFor(0.05) },
  upward: { ...FAR, lossUp: 0.05 },
  downward: { ...FAR, lossDown: 0.05 },
} as const satisfies Record<string, Network>;

/** Nothing gets through for 200 ms in the mean, for that part of the time. */
function burstsFor(part: number) {
  return { badMs: BURSTS_MS, goodMs: (BURSTS_MS * (1 - part)) / part, loss: 1 };
}
