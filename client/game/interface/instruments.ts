/**
 * Instruments: the parts of the HUD that change in every frame write themselves into the page, without a render of the
 * component tree. A part subscribes while it is shown.
 *
 * Next: status-bars.tsx and minimap.tsx, which subscribe.
 */

import { useEffect } from "preact/hooks";
import type { MatchInstruments } from "./interface-state.ts";

export type Instrument = (match: MatchInstruments, nowMs: number) => void;

export class InstrumentPanel {
  readonly #instruments = new Set<Instrument>();
  #newest: MatchInstruments | undefined;

  /** Reads once at once, so that a part never shows emptiness. */
  attach(instrument: Instrument): () => void {
    this.#instruments.add(instrument);
    if (this.#newest !== undefined) instrument(this.#newest, performance.now());
    return () => this.#instruments.delete(instrument);
  }

  read(match: MatchInstruments, nowMs: number): void {
    this.#newest = match;
    for (const instrument of this.#instruments) instrument(match, nowMs);
  }
}

/** Runs `instrument` for every shown frame, or at most every `intervalMs`. */
export function useInstrument(panel: InstrumentPanel, intervalMs: number, instrument: Instrument): void {
  // The subscription lives as long as the component; the instrument reads only refs, which do not change.
  useEffect(() => panel.attach(limitRate(intervalMs, instrument)), [panel]);
}

function limitRate(intervalMs: number, instrument: Instrument): Instrument {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (match, nowMs) => {
    if (nowMs - lastMs < intervalMs) return;
    lastMs = nowMs;
    instrument(match, nowMs);
  };
}
