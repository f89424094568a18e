/** A fight in a small space: what the netcode's figures are stated for. */
import { fighter } from "../flyers.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "brawl",
  summary: "20 players fight in a small space",
  players: 20,
  seconds: 60,
  mapSize: 2000,
  network: PROFILES.A,
  flyer: fighter,
} satisfies Scenario;
