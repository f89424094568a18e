/**
 * The marks that Starwake is held to, numbered as "A thousand ships on one core" lists them, each judged by a report.
 *
 * Next: load-marks.ts, for what servers did under load, and trial-marks.ts, for what trials found.
 */
import { LOAD_MARKS } from "./load-marks.ts";
import type { BenchReport } from "./report.ts";
import { TRIAL_MARKS } from "./trial-marks.ts";
import type { Mark, Verdict } from "./verdict.ts";

type Judged = Pick<BenchReport, "outcomes" | "floorPairs" | "limits" | "trials">;

const MARKS: readonly Mark<Judged>[] = [...LOAD_MARKS, ...TRIAL_MARKS];

export function judge(report: Judged): Verdict[] {
  return MARKS.map(({ line, mark, find }) => ({ line, mark, ...find(report) })).sort(
    (one, other) => one.line - other.line,
  );
}
