/** No attack at all: what the machine itself does to the figures, to hold the others against. */
import type { Attack } from "../attack.ts";
import { Stage } from "../field.ts";

const STAY_MS = 1_000;

export const QUIET: Attack = {
  name: "quiet",
  does: "no attack: one visitor after the other says hello and goes; what the machine itself does to the figures",
  run: (field) =>
    field.lanes(1, (lane) =>
      field.connection(lane, async (peer) => {
        await field.bring(peer, Stage.Greeted);
        await field.pause(STAY_MS);
      }),
    ),
};
