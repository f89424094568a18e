/** The networks that figures are stated for. */
import type { Network } from "./scenario.ts";

export const PROFILES = {
  A: { rttMs: 60, jitterMs: 20, loss: 0.01 },
  B: { rttMs: 150, jitterMs: 50, loss: 0 },
  C: { rttMs: 150, jitterMs: 50, loss: 0.05 },
} as const satisfies Record<string, Network>;
