/** What this program and the processes of its players say to each other. */

/** Who plays, or joins again and again: the last word of the process's command line, as JSON. */
export type PlayerOrder = {
  readonly url: string;
  readonly localAddress: string;
  readonly name: string;
  readonly seed: number;
  /** Joins to be measured, one after the other; undefined: it plays until it is told to stop. */
  readonly joins?: number;
};

export type PlayerCall = { readonly kind: "go" } | { readonly kind: "stop" };

export type PlayerWord =
  | { readonly kind: "loaded" }
  /** Its first picture has come, so long after it began to connect; undefined: it was given up. */
  | { readonly kind: "joined"; readonly joinMs: number | undefined }
  | { readonly kind: "done" }
  | { readonly kind: "report"; readonly report: PlayerReport };

/**
 * What one player felt, from its first picture to the end. Times are of CLOCK_MONOTONIC. Who lost the connection has a new match,
 * which counts anew: pictures, round trips and connections are of all, the other counts of the newest.
 */
export type PlayerReport = {
  readonly player: number;
  /** Each rendered frame: when, the tick that others were drawn at, and the newest tick that was known. */
  readonly pictures: readonly (readonly [atMs: number, renderTick: number, newestTick: number])[];
  /** From the first picture on. */
  readonly playedMs: number;
  /** How long it has had its seat, and for how much of that there was nothing newer to draw others by. */
  readonly elapsedMs: number;
  readonly starvedMs: number;
  readonly frames: number;
  readonly frameBytes: number;
  readonly comparedTicks: number;
  readonly mispredictedTicks: number;
  readonly correctionUnits: readonly number[];
  readonly rttMs: readonly number[];
  /** Of the pictures, those while spare connections were open; and the most connections that were open at once. */
  readonly picturesWithSpares: number;
  readonly mostConnections: number;
  /** Times that the connection was lost. */
  readonly losses: number;
};
