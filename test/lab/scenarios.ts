/**
 * The laboratory's scenarios, by name. `brawl` is what the netcode's figures are stated for; each of the others shows one
 * trouble, and what its players must still be able to rely on.
 */
import { fighter, wanderer } from "./flyers.ts";
import type { LabClient } from "./lab-client.ts";
import type { Laboratory } from "./laboratory.ts";
import { marksman, passer } from "./range.ts";
import type { Flyer, Happening, Network, Scenario } from "./scenario.ts";

/** The networks that figures are stated for. */
export const PROFILES = {
  A: { rttMs: 60, jitterMs: 20, loss: 0.01 },
  B: { rttMs: 150, jitterMs: 50, loss: 0 },
  C: { rttMs: 150, jitterMs: 50, loss: 0.05 },
} as const satisfies Record<string, Network>;

const SMALL_UNITS = 2000;
const WIDE_UNITS = 8000;

const at = (atSeconds: number, act: Happening["act"]): Happening => ({ atSeconds, act });

const brawl: Scenario = {
  name: "brawl",
  summary: "20 players fight in a small space",
  players: 20,
  seconds: 60,
  mapSize: SMALL_UNITS,
  network: PROFILES.A,
  flyer: fighter,
};

const calm: Scenario = {
  name: "calm",
  summary: "a few players fly far from each other, disturbed by nobody",
  players: 4,
  seconds: 30,
  mapSize: WIDE_UNITS,
  network: PROFILES.B,
  flyer: wanderer,
  limits: ["mispredictedTicks<=0", "ownErrorUnits.max<=0.001", "inputFrames<=1", "skippedTicks<=0"],
};

const duel: Scenario = {
  name: "duel",
  summary: "a marksman shoots at what is drawn of one who flies past",
  players: 2,
  seconds: 60,
  mapSize: SMALL_UNITS,
  network: { rttMs: 175, jitterMs: 5, loss: 0 },
  flyer: (seed, index): Flyer => (index === 0 ? marksman(seed) : passer(seed)),
};

const rttStep: Scenario = {
  name: "rtt-step",
  summary: "the round trip goes from 60 to 150 ms, and back",
  players: 8,
  seconds: 60,
  mapSize: SMALL_UNITS,
  network: { rttMs: 60, jitterMs: 20, loss: 0 },
  happenings: [at(20, (lab, clients) => step(lab, clients, 150)), at(40, (lab, clients) => step(lab, clients, 60))],
  limits: ["lateAfterStepMs<=2000", "slew.max<=0.1", "skippedTicks<=0"],
};

function step(lab: Laboratory, clients: readonly LabClient[], rttMs: number): void {
  for (const client of clients) client.up.delayMs = client.down.delayMs = rttMs / 2;
  lab.watchStep();
}

const outage: Scenario = {
  name: "outage",
  summary: "the network is gone for three seconds, and later for twelve",
  players: 6,
  seconds: 45,
  mapSize: SMALL_UNITS,
  network: PROFILES.A,
  happenings: [
    at(10, (lab, [client]) => trouble(lab, client, 3, () => client.suffer(3_000))),
    at(22, (lab, [client]) => trouble(lab, client, 12, () => client.suffer(12_000))),
  ],
  limits: ["recoveryMs<=6500"],
};

const slowReader: Scenario = {
  name: "slow-reader",
  summary: "a client reads at half its need for 15 s, then not at all for 5 s, and then its tab is hidden for 60 s",
  players: 8,
  seconds: 100,
  mapSize: SMALL_UNITS,
  network: PROFILES.A,
  happenings: [
    at(10, (lab, [client]) =>
      trouble(lab, client, 20, () => {
        client.down.bytesPerSecond = lab.downBytesPerSecond(client) / 2;
      }),
    ),
    at(25, (lab, [client]) => {
      client.down.bytesPerSecond = Number.POSITIVE_INFINITY;
      client.down.unreadUntilMs = lab.clock.now() + 5_000;
    }),
    at(33, hide),
    at(93, show),
  ],
  limits: ["recoveryMs<=1000", "waitingBytes<=1048576"],
};

const hiddenTab: Scenario = {
  name: "hidden-tab",
  summary: "a tab is hidden for 60 s",
  players: 6,
  seconds: 85,
  mapSize: SMALL_UNITS,
  network: PROFILES.A,
  happenings: [at(10, hide), at(70, show)],
  limits: ["recoveryMs<=1000", "waitingBytes<=1048576"],
};

/** The first client's tab is hidden for a minute. */
function hide(lab: Laboratory, [client]: readonly LabClient[]): void {
  trouble(lab, client, 60, () => {
    client.isHidden = true;
  });
}

function show(_lab: Laboratory, [client]: readonly LabClient[]): void {
  client.isHidden = false;
}

/** Something befalls one client for so long; what counts is how soon it sees a fresh world after that. */
function trouble(lab: Laboratory, client: LabClient, seconds: number, begin: () => void): void {
  begin();
  lab.watchRecovery(client, seconds * 1000);
}

const lateJoin: Scenario = {
  name: "late-join",
  summary: "one more player comes into a fight of 19",
  players: 20,
  seconds: 30,
  mapSize: SMALL_UNITS,
  network: PROFILES.B,
  joinsAtSeconds: (index) => (index === 19 ? 20 : undefined),
  limits: ["joinMs<=1000", "joinBytes<=65536"],
};

const rejoinStorm: Scenario = {
  name: "rejoin-storm",
  summary: "everybody loses the connection at once, twice",
  players: 20,
  seconds: 40,
  mapSize: SMALL_UNITS,
  network: PROFILES.A,
  happenings: [10, 25].map((atSeconds) =>
    at(atSeconds, (lab, clients) => {
      for (const client of clients) trouble(lab, client, 0, () => client.cut());
    }),
  ),
  limits: ["recoveryMs<=1500"],
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [brawl, calm, duel, rttStep, outage, slowReader, hiddenTab, lateJoin, rejoinStorm].map((scenario) => [
    scenario.name,
    scenario,
  ]),
);
