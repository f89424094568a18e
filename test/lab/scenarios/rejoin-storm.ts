/** Everybody is cut off and comes back at the same moment. */
import { at, trouble } from "../happenings.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "rejoin-storm",
  summary: "everybody loses the connection at once, twice",
  players: 20,
  seconds: 40,
  mapSize: 2000,
  network: PROFILES.A,
  happenings: [10, 25].map((atSeconds) =>
    at(atSeconds, (lab, clients) => {
      for (const client of clients) trouble(lab, client, 0, () => client.cut());
    }),
  ),
  limits: ["recoveryMs<=1500"],
} satisfies Scenario;
