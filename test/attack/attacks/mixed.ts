/** All attacks by turns and together: a few at a time for some seconds, until each has had its turn, and again. */
import { nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { type Attack, OPENS_PER_SECOND } from "../attack.ts";
import type { Field } from "../field.ts";

const TOGETHER = 3;
const TURN_SECONDS = 10;

/** In a run that is too short for all turns each is so much shorter. */
export function mixOf(attacks: readonly Attack[]): Attack {
  const rounds = Math.ceil(attacks.length / TOGETHER);
  return {
    name: "mixed",
    does: `all of them, ${TOGETHER} at a time`,
    async run(field) {
      const turnSeconds = Math.min(TURN_SECONDS, field.options.seconds / rounds);
      while (!field.isOver) await round(field, shuffled(attacks, field.random), turnSeconds);
    },
  };
}

async function round(field: Field, attacks: readonly Attack[], seconds: number): Promise<void> {
  for (let at = 0; at < attacks.length && !field.isOver; at += TOGETHER) {
    await Promise.all(
      attacks
        .slice(at, at + TOGETHER)
        .map(({ opensPerSecond = OPENS_PER_SECOND, run }, index) =>
          field.within(
            seconds,
            (opensPerSecond * field.options.opensPerSecond) / OPENS_PER_SECOND,
            field.options.seed + at + index,
            run,
          ),
        ),
    );
  }
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  const mixed = [...values];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = nextBelow(random, at + 1);
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}
