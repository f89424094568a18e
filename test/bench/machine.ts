/** The machine that a benchmark was run on, and whether it can be. */
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Machine } from "./report.ts";

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
  };
}

/** Why nothing can be measured here; undefined: it can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux")
    return "The benchmark runs on Linux only: it pins processes to cores and reads what the kernel keeps under /proc.";
  if (availableParallelism() < 2)
    return "The benchmark needs two cores: one for the server that is measured, one for its players.";
  if (spawnSync("taskset", ["--version"]).status !== 0)
    return "The benchmark needs the command taskset, which pins processes to cores; it is part of util-linux.";
  return undefined;
}
