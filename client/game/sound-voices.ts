/**
 * Voices: plays rendered samples through one master volume, only so many at once.
 *
 * Next: sound.ts, which decides what is heard.
 */

import { RECIPES, renderRecipe, type SoundName } from "./sound-recipes.ts";

const MOST_VOICES = 22;
const MASTER_VOLUME = 0.55;
/** The same sound is not begun twice within this time: louder, not more, and it spares the voices. */
const REPEAT_GAP_SECONDS = 0.028;
const FADE_SECONDS = 0.06;

export type LoopVoice = { setLevel(level: number): void };

export class Voices {
  readonly #context: AudioContext;
  readonly #master: GainNode;
  readonly #buffers = new Map<SoundName, AudioBuffer>();
  readonly #lastStart = new Map<SoundName, number>();
  #playing = 0;

  constructor(context: AudioContext, isMuted: boolean) {
    this.#context = context;
    this.#master = context.createGain();
    this.#master.gain.value = isMuted ? 0 : MASTER_VOLUME;
    const limiter = context.createDynamicsCompressor();
    this.#master.connect(limiter).connect(context.destination);
  }

  get isClosed(): boolean {
    return this.#context.state === "closed";
  }

  /** Goes on after an interruption, where the browser lets it. */
  resume(): void {
    if (this.#context.state !== "running") this.#context.resume().catch(() => undefined);
  }

  setMuted(isMuted: boolean): void {
    this.#master.gain.setTargetAtTime(isMuted ? 0 : MASTER_VOLUME, this.#context.currentTime, FADE_SECONDS / 3);
  }

  /** @param level 0 to 1. @param pan -1 left to 1 right. @param pitch 1 as rendered. */
  play(name: SoundName, level: number, pan: number, pitch: number): void {
    const now = this.#context.currentTime;
    const isCrowded = this.#playing >= MOST_VOICES || now - (this.#lastStart.get(name) ?? -1) < REPEAT_GAP_SECONDS;
    if (isCrowded || level < 0.01 || this.#context.state !== "running") return;
    this.#lastStart.set(name, now);
    this.#playing++;
    const source = this.#source(name, level, pan);
    source.playbackRate.value = pitch;
    source.onended = () => {
      this.#playing--;
      source.disconnect();
    };
    source.start();
  }

  /** Starts a silent loop whose level the caller moves. */
  startLoop(name: SoundName): LoopVoice {
    const gain = this.#context.createGain();
    gain.gain.value = 0;
    const source = this.#context.createBufferSource();
    source.buffer = this.#buffer(name);
    source.loop = true;
    source.connect(gain).connect(this.#master);
    source.start();
    let lastLevel = 0;
    return {
      // Each wish stays on the audio's own list: only a new one is worth a place there.
      setLevel: (level) => {
        if (level === lastLevel) return;
        lastLevel = level;
        gain.gain.setTargetAtTime(level, this.#context.currentTime, FADE_SECONDS);
      },
    };
  }

  #source(name: SoundName, level: number, pan: number): AudioBufferSourceNode {
    const source = this.#context.createBufferSource();
    source.buffer = this.#buffer(name);
    const gain = this.#context.createGain();
    gain.gain.value = level;
    const panner = this.#context.createStereoPanner();
    panner.pan.value = Math.max(-1, Math.min(1, pan));
    source.connect(gain).connect(panner).connect(this.#master);
    return source;
  }

  #buffer(name: SoundName): AudioBuffer {
    const known = this.#buffers.get(name);
    if (known !== undefined) return known;
    const samples = renderRecipe(RECIPES[name], this.#context.sampleRate);
    const buffer = this.#context.createBuffer(1, samples.length, this.#context.sampleRate);
    buffer.copyToChannel(samples, 0);
    this.#buffers.set(name, buffer);
    return buffer;
  }

  /** Renders one sound ahead of its first use; false when all are ready. */
  prepareNext(): boolean {
    const waiting = (Object.keys(RECIPES) as SoundName[]).find((name) => !this.#buffers.has(name));
    if (waiting !== undefined) this.#buffer(waiting);
    return waiting !== undefined;
  }
}
