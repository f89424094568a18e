/**
 * Net graph data: figures of the connection, gathered as they come and read off twice a second.
 */

/** Figures of the last stretch of time. */
export type NetFigures = {
  readonly rttMs: number;
  readonly jitterMs: number;
  /** How early commands come to the server; negative is late. */
  readonly commandMarginMs: number;
  readonly interpolationDelayMs: number;
  /** On the wire, with headers, over all lanes. */
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly framesPerSecond: number;
  readonly correctionsPerSecond: number;
  /** Part of the time without fresh state, 0 to 1. */
  readonly starvedRatio: number;
};

/** Counts since the start, from which rates are taken. */
export type NetCounts = {
  readonly atMs: number;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly frames: number;
  readonly corrections: number;
  readonly starvedMs: number;
};

const NO_FIGURES: NetFigures = {
  rttMs: 0,
  jitterMs: 0,
  commandMarginMs: 0,
  interpolationDelayMs: 0,
  downBytesPerSecond: 0,
  upBytesPerSecond: 0,
  framesPerSecond: 0,
  correctionsPerSecond: 0,
  starvedRatio: 0,
};

const HISTORY_LENGTH = 120;
const STRETCH_MS = 500;

export class NetGraph {
  figures: NetFigures = NO_FIGURES;
  /** Oldest first; a new list whenever figures are taken. */
  history: readonly NetFigures[] = [];
  private last: NetCounts | undefined;

  /** Takes figures when a stretch of time has passed. */
  read(
    counts: NetCounts,
    now: Pick<NetFigures, "rttMs" | "jitterMs" | "commandMarginMs" | "interpolationDelayMs">,
  ): void {
    this.last ??= counts;
    const elapsedMs = counts.atMs - this.last.atMs;
    if (elapsedMs < STRETCH_MS) return;
    const perSecond = (one: number, other: number) => ((one - other) * 1000) / elapsedMs;
    this.figures = {
      ...now,
      downBytesPerSecond: perSecond(counts.downBytes, this.last.downBytes),
      upBytesPerSecond: perSecond(counts.upBytes, this.last.upBytes),
      framesPerSecond: perSecond(counts.frames, this.last.frames),
      correctionsPerSecond: perSecond(counts.corrections, this.last.corrections),
      starvedRatio: (counts.starvedMs - this.last.starvedMs) / elapsedMs,
    };
    this.history = [...this.history.slice(1 - HISTORY_LENGTH), this.figures];
    this.last = counts;
  }
}
