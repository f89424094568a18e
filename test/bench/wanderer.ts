/** Flies about and shoots as a busy player does, from a seed and without looking: cheap enough for a thousand of them. */
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import { type Command, THRUST_DIRECTIONS } from "@starwake/shared/game/command.ts";

/** Ticks from one change of mind to the next. */
const LEAST_TICKS = 4;
const MOST_TICKS = 24;
const MAX_TURN_PER_TICK = 24;

export class Wanderer {
  private readonly random: Random;
  private thrust = 0;
  private boost = 0;
  private triggers = 0;
  private aim: number;
  private turn = 0;
  private ticksLeft = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
    this.aim = nextBelow(this.random, TURN);
  }

  /** The command for the next tick. */
  next(): Command {
    if (this.ticksLeft-- <= 0) this.decide();
    this.aim = (this.aim + this.turn + TURN) & (TURN - 1);
    return { thrust: this.thrust, boost: this.boost, triggers: this.triggers, aim: this.aim };
  }

  private decide(): void {
    const { random } = this;
    this.ticksLeft = nextBetween(random, LEAST_TICKS, MOST_TICKS);
    this.thrust = nextBelow(random, THRUST_DIRECTIONS + 1);
    this.boost = nextBelow(random, 8) === 0 ? 1 : 0;
    this.triggers = nextBelow(random, 2);
    // Half of the time the aim rests.
    this.turn = nextBelow(random, 2) * nextBetween(random, -MAX_TURN_PER_TICK, MAX_TURN_PER_TICK);
  }
}
