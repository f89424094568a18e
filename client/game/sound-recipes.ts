/**
 * Recipes: every sound of the game as a function from a sample rate to samples. There are no sound files.
 *
 * A recipe only computes; it runs once, at the first gesture of the player.
 *
 * Next: sound.ts, which plays the results.
 */

export type SoundName =
  | "pulse"
  | "railCharge"
  | "railFire"
  | "hitGiven"
  | "hitTaken"
  | "explosion"
  | "explosionFar"
  | "thrust"
  | "boost"
  | "respawn"
  | "kill"
  | "click";

export type Recipe = {
  readonly seconds: number;
  /** A loop has no attack or end of its own. */
  readonly isLoop: boolean;
  /** Gives the sample at `t` seconds, -1 to 1. Built anew for each rendering, so that it may hold state. */
  readonly build: (rate: number) => (t: number) => number;
};

const TURN = Math.PI * 2;

export const RECIPES: Readonly<Record<SoundName, Recipe>> = {
  pulse: once(0.17, () => {
    const tone = sweep(1250, 260, 0.11);
    const body = sweep(420, 120, 0.14);
    return (t) => (0.5 * squarish(tone(t)) + 0.45 * Math.sin(body(t))) * decay(t, 0.045);
  }),
  railCharge: once(1.1, () => {
    const low = sweep(90, 520, 1.1);
    const high = sweep(182, 1046, 1.1);
    return (t) => {
      const tremble = 0.75 + 0.25 * Math.sin(t * TURN * (9 + 16 * t));
      return (
        (0.4 * Math.sin(low(t)) + 0.2 * squarish(high(t))) * tremble * Math.min(1, t * 1.4) * fadeOut(t, 1.1, 0.08)
      );
    };
  }),
  railFire: once(0.75, (rate) => {
    const crack = lowPass(rate, 5200);
    const tail = lowPass(rate, 900);
    const zap = sweep(2400, 70, 0.32);
    return (t) =>
      0.8 * crack(noise()) * decay(t, 0.03) +
      0.5 * Math.sin(zap(t)) * decay(t, 0.12) +
      0.9 * tail(noise()) * decay(t, 0.2);
  }),
  hitGiven: once(0.12, () => {
    const ping = sweep(1900, 1500, 0.1);
    return (t) => (0.5 * Math.sin(ping(t)) + 0.22 * Math.sin(ping(t) * 2.01)) * decay(t, 0.03);
  }),
  hitTaken: once(0.28, (rate) => {
    const crunch = lowPass(rate, 1500);
    const thud = sweep(210, 55, 0.2);
    return (t) => 0.75 * crunch(noise()) * decay(t, 0.045) + 0.8 * Math.sin(thud(t)) * decay(t, 0.08);
  }),
  explosion: once(1.5, (rate) => {
    const rumble = lowPass(rate, 420);
    const crackle = lowPass(rate, 2600);
    const boom = sweep(120, 28, 0.7);
    return (t) =>
      1.9 * rumble(noise()) * decay(t, 0.38) +
      0.7 * crackle(noise()) * decay(t, 0.1) +
      0.75 * Math.sin(boom(t)) * decay(t, 0.26);
  }),
  explosionFar: once(1.3, (rate) => {
    const rumble = lowPass(rate, 170);
    return (t) => 3.2 * rumble(noise()) * Math.min(1, t * 30) * decay(t, 0.36);
  }),
  thrust: loop(1.6, (rate) => {
    const air = lowPass(rate, 340);
    return (t) => 1.5 * air(noise()) + 0.12 * Math.sin(t * TURN * 55) + 0.06 * Math.sin(t * TURN * 110);
  }),
  boost: loop(1.6, (rate) => {
    const air = lowPass(rate, 950);
    return (t) => 1.1 * air(noise()) + 0.16 * squarish(t * TURN * 70) + 0.08 * Math.sin(t * TURN * 140);
  }),
  respawn: once(0.8, () => {
    const rise = sweep(220, 880, 0.55);
    return (t) => {
      const chord = Math.sin(rise(t)) + 0.6 * Math.sin(rise(t) * 1.5) + 0.4 * Math.sin(rise(t) * 2);
      return 0.3 * chord * Math.min(1, t * 8) * fadeOut(t, 0.8, 0.4);
    };
  }),
  kill: once(0.5, () => (t) => {
    const first = bell(t, 660);
    const second = t > 0.09 ? bell(t - 0.09, 990) : 0;
    const third = t > 0.18 ? bell(t - 0.18, 1320) : 0;
    return 0.34 * (first + second + third);
  }),
  click: once(0.06, () => (t) => 0.4 * Math.sin(t * TURN * 1400) * decay(t, 0.012)),
};

/** Renders a recipe; a loop's end is blended into its beginning, so that it does not tick. */
export function renderRecipe(recipe: Recipe, rate: number): Float32Array<ArrayBuffer> {
  const blend = recipe.isLoop ? Math.floor(rate * 0.12) : 0;
  const length = Math.floor(recipe.seconds * rate);
  const sampleAt = recipe.build(rate);
  const raw = Float32Array.from({ length: length + blend }, (_, index) => sampleAt(index / rate));
  const samples = raw.slice(0, length);
  for (let index = 0; index < blend; index++) {
    const share = index / blend;
    samples[index] = samples[index]! * Math.sqrt(share) + raw[length + index]! * Math.sqrt(1 - share);
  }
  return samples.map((sample) => Math.tanh(sample));
}

function once(seconds: number, build: Recipe["build"]): Recipe {
  return { seconds, isLoop: false, build: (rate) => withSoftEnd(build(rate), seconds) };
}

function loop(seconds: number, build: Recipe["build"]): Recipe {
  return { seconds, isLoop: true, build };
}

function withSoftEnd(sampleAt: (t: number) => number, seconds: number): (t: number) => number {
  return (t) => sampleAt(t) * fadeOut(t, seconds, 0.012);
}

/** The phase (radians) of a tone that falls or rises exponentially from one frequency to another (Hz). */
function sweep(from: number, to: number, seconds: number): (t: number) => number {
  const rate = Math.log(to / from) / seconds;
  const reached = (Math.exp(rate * seconds) - 1) / rate;
  return (t) => TURN * (t < seconds ? (from * (Math.exp(rate * t) - 1)) / rate : from * reached + to * (t - seconds));
}

function squarish(phase: number): number {
  return Math.tanh(2.4 * Math.sin(phase));
}

function bell(t: number, hertz: number): number {
  return (Math.sin(t * TURN * hertz) + 0.4 * Math.sin(t * TURN * hertz * 2.76)) * decay(t, 0.1) * Math.min(1, t * 400);
}

function decay(t: number, seconds: number): number {
  return Math.exp(-t / seconds);
}

function fadeOut(t: number, end: number, length: number): number {
  return Math.max(0, Math.min(1, (end - t) / length));
}

function noise(): number {
  return Math.random() * 2 - 1;
}

/** A one-pole low-pass filter. */
function lowPass(rate: number, hertz: number): (sample: number) => number {
  const weight = 1 - Math.exp((-TURN * hertz) / rate);
  let held = 0;
  return (sample) => {
    held += weight * (sample - held);
    return held;
  };
}
