/**
 * Losses in bursts, as Gilbert and Elliott describe them: a path is well for a while and bad for a while, each for a time
 * that is exponentially distributed. It turns with the clock, not with the packets: all that a player sends meanwhile
 * meets the same bad moment, by whichever lane it goes.
 */
import { createRandom, nextUint32, type Random } from "@starwake/shared/engine/random.ts";
import { chance } from "./chance.ts";

export type Bursts = {
  /** How long a bad and a good state last in the mean, in milliseconds. */
  readonly badMs: number;
  readonly goodMs: number;
  /** Part of the packets that is lost in the bad state, 0 to 1. */
  readonly loss: number;
};

export class BurstState {
  private readonly bursts: Bursts;
  /** Apart from the packets' chance: when it is bad does not depend on what is sent. */
  private readonly turns: Random;
  private isBad = false;
  private untilMs: number;

  constructor(bursts: Bursts, random: Random, nowMs: number) {
    this.bursts = bursts;
    this.turns = createRandom(nextUint32(random));
    this.untilMs = nowMs + this.stayMs();
  }

  /** Part of what is sent at `nowMs` that is lost; time must not go back. */
  lossAt(nowMs: number): number {
    while (nowMs >= this.untilMs) {
      this.isBad = !this.isBad;
      this.untilMs += this.stayMs();
    }
    return this.isBad ? this.bursts.loss : 0;
  }

  private stayMs(): number {
    const meanMs = this.isBad ? this.bursts.badMs : this.bursts.goodMs;
    return -meanMs * Math.log(1 - chance(this.turns));
  }
}
