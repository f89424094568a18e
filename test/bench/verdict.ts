/** What is said of a mark: held, missed, or open because nothing was measured that could tell. */

export type Verdict = {
  /** Its number in the list of what the benchmark must show. */
  readonly line: number;
  readonly mark: string;
  /** Undefined: open. */
  readonly isHeld: boolean | undefined;
  /** What was found, or what would measure it. */
  readonly finding: string;
};

/** What is held, and how a report is asked for it. */
export type Mark<Judged> = Pick<Verdict, "line" | "mark"> & { find(report: Judged): Finding };

export type Finding = Pick<Verdict, "isHeld" | "finding">;

export const open = (finding: string): Finding => ({ isHeld: undefined, finding });

/** @param options what would measure it */
export const notMeasured = (options: string): Finding => open(`not measured: ${options}`);

export const missed = (finding: string): Finding => ({ isHeld: false, finding });

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
