/** How attacks and fuzzing tell what they do: a line now and then, a table at the end. */
import { writeFile } from "node:fs/promises";
import type { Figures } from "./figures.ts";
import { judge, type Verdict } from "./verdict.ts";

const startMs = performance.now();

export function progress(words: string): void {
  const seconds = `${Math.round((performance.now() - startMs) / 1000)} s`.padStart(6);
  console.log(`${seconds}  ${words}`);
}

/** Prints what was found. @returns the exit code: 1 when a mark was missed */
export async function tell(figures: Figures, json: string | undefined, more: readonly Verdict[] = []): Promise<number> {
  const verdicts = [...judge(figures), ...more];
  console.log(`\n${figures.title}, ${figures.seconds.toFixed(0)} s\n`);
  const width = Math.max(...verdicts.map(({ mark }) => mark.length));
  for (const { isHeld, mark, finding } of verdicts)
    console.log(`${isHeld ? "PASS" : "FAIL"}  ${mark.padEnd(width)}  ${finding}`);
  const refusals = Object.entries(figures.refusals).filter(([, count]) => count > 0);
  if (refusals.length > 0)
    console.log(`\nrefused meanwhile: ${refusals.map(([reason, count]) => `${reason} ${count}`).join(", ")}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...figures, verdicts }, null, 2)}\n`);
  const missed = verdicts.filter(({ isHeld }) => !isHeld).length;
  console.log(missed === 0 ? "\nall held" : `\n${missed} of ${verdicts.length} missed`);
  return missed === 0 ? 0 : 1;
}

/** Ends everything by its own time, whatever hangs: it may take `seconds` and a while. */
export function endAfter(seconds: number): void {
  setTimeout(() => {
    console.error(`not done after ${Math.round(seconds)} s: something hangs`);
    process.exit(1);
  }, seconds * 1000).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
}

/** What this machine lacks for it; undefined: nothing. */
export function lacking(): string | undefined {
  return process.platform === "linux"
    ? undefined
    : "this needs Linux: it comes from many loopback addresses and reads /proc; run it in a container or a virtual machine";
}
