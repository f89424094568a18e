/** The shooting range: whoever hits what they see hits, over a long way. */
import { marksman, passer } from "../range.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "duel",
  summary: "a marksman shoots at what is drawn of one who flies past",
  players: 2,
  seconds: 60,
  // Small: they see no farther than a screen shows, and are to meet again soon.
  mapSize: 1280,
  network: { rttMs: 175, jitterMs: 5, loss: 0 },
  flyer: (seed, index) => (index === 0 ? marksman(seed) : passer(seed)),
} satisfies Scenario;
