/**
 * Instruments: the parts of the HUD that change in every frame write themselves into the page, without a render of the
 * component tree. A part subscribes while it is shown.
 *
 * Next: status-bars.tsx and minimap.tsx, which subscribe.
 */

import { useEffect } from "preact/hooks";
import type { MatchInstruments } from "./interface-state.ts";

/** What the instruments of matches and of replays have in common. */
export type AnyInstruments = Pick<MatchInstruments, "arena" | "scene">;

export type Instrument<Shown> = (shown: Shown, nowMs: number) => void;

/** Where a part of the HUD subscribes. */
export type InstrumentSource<Shown> = { attach(instrument: Instrument<Shown>): () => void };

export class InstrumentPanel<Shown extends AnyInstruments> {
  readonly #instruments = new Set<Instrument<Shown>>();
  #newest: Shown | undefined;

  /** Reads once at once, so that a part never shows emptiness. */
  attach(instrument: Instrument<Shown>): () => void {
    this.#instruments.add(instrument);
    if (this.#newest !== undefined) instrument(this.#newest, performance.now());
    return () => this.#instruments.delete(instrument);
  }

  read(shown: Shown, nowMs: number): void {
    this.#newest = shown;
    for (const instrument of this.#instruments) instrument(shown, nowMs);
  }
}

/** Runs `instrument` for every shown frame, or at most every `intervalMs`. */
export function useInstrument<Shown extends AnyInstruments>(
  panel: InstrumentSource<Shown>,
  intervalMs: number,
  instrument: Instrument<Shown>,
): void {
  // The subscription lives as long as the component; the instrument reads only refs, which do not change.
  useEffect(() => panel.attach(limitRate(intervalMs, instrument)), [panel]);
}

function limitRate<Shown>(intervalMs: number, instrument: Instrument<Shown>): Instrument<Shown> {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (shown, nowMs) => {
    if (nowMs - lastMs < intervalMs) return;
    lastMs = nowMs;
    instrument(shown, nowMs);
  };
}
