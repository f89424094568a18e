/** The network is gone, for a moment and for long: when it is back, the player soon is, too. */
import { at, trouble } from "../happenings.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "outage",
  summary: "the network is gone for three seconds, and later for twelve",
  players: 6,
  seconds: 45,
  mapSize: 2000,
  network: PROFILES.A,
  happenings: [
    at(10, (lab, [client]) => trouble(lab, client, 3, () => client.suffer(3_000))),
    at(22, (lab, [client]) => trouble(lab, client, 12, () => client.suffer(12_000))),
  ],
  limits: ["recoveryMs<=6500"],
} satisfies Scenario;
