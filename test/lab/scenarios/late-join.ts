/** Somebody comes into a fight that is going on: within a second, and for few bytes. */
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "late-join",
  summary: "one more player comes into a fight of 19",
  players: 20,
  seconds: 30,
  mapSize: 2000,
  network: PROFILES.B,
  joinsAtSeconds: (index) => (index === 19 ? 20 : undefined),
  limits: ["joinMs<=1000", "joinBytes<=65536"],
} satisfies Scenario;
