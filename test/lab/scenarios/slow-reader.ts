/** A client takes less than it is sent, then nothing: the server keeps little for it, and it catches up in a second. */
import { at, hide, show, trouble } from "../happenings.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "slow-reader",
  summary: "a client reads at half its need for 15 s, then not at all for 5 s, and then its tab is hidden for 60 s",
  players: 8,
  seconds: 100,
  mapSize: 2000,
  network: PROFILES.A,
  happenings: [
    at(10, (lab, [client]) =>
      trouble(lab, client, 20, () => {
        client.down.readBytesPerSecond = client.takenBytesPerSecond / 2;
      }),
    ),
    at(25, (lab, [client]) => {
      client.down.readBytesPerSecond = Number.POSITIVE_INFINITY;
      client.down.unreadUntilMs = lab.clock.now() + 5_000;
    }),
    at(33, hide),
    at(93, show),
  ],
  limits: ["recoveryMs<=1000", "waitingBytes<=1048576"],
} satisfies Scenario;
