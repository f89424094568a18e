/** A hidden tab renders nothing: when it is shown again, it has the fresh world within a second. */
import { at, hide, show } from "../happenings.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "hidden-tab",
  summary: "a tab is hidden for 60 s",
  players: 6,
  seconds: 85,
  mapSize: 2000,
  network: PROFILES.A,
  happenings: [at(10, hide), at(70, show)],
  limits: ["recoveryMs<=1000", "waitingBytes<=1048576"],
} satisfies Scenario;
