/** The way becomes longer, and shorter again: the clocks follow within two seconds, and skip nothing. */
import { at } from "../happenings.ts";
import type { LabClient } from "../lab-client.ts";
import type { Laboratory } from "../laboratory.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "rtt-step",
  summary: "the round trip goes from 60 to 150 ms, and back",
  players: 8,
  seconds: 60,
  mapSize: 2000,
  network: { rttMs: 60, jitterMs: 20, loss: 0 },
  happenings: [at(20, (lab, clients) => step(lab, clients, 150)), at(40, (lab, clients) => step(lab, clients, 60))],
  limits: ["lateAfterStepMs<=2000", "slew.max<=0.1", "skippedTicks<=0"],
} satisfies Scenario;

function step(lab: Laboratory, clients: readonly LabClient[], rttMs: number): void {
  for (const client of clients) client.up.delayMs = client.down.delayMs = rttMs / 2;
  lab.watchStep();
}
