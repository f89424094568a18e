/**
 * Runs once before the tests behind proxies. Where one is not installed, its tests are skipped and that is said; on a CI
 * machine, where nobody would read it, nothing is skipped: the run fails.
 */
import { PROXIES, programOf } from "./proxies.ts";

export function setup(): void {
  const missing = PROXIES.filter((name) => programOf(name) === undefined);
  if (missing.length === 0) return;
  const advice = `not installed: ${missing.join(", ")} (Debian and Ubuntu: apt-get install ${missing.join(" ")})`;
  if (["true", "1"].includes(process.env.CI ?? "")) throw new Error(`The tests behind proxies cannot run: ${advice}`);
  console.warn(`\nSKIPPED, the tests behind ${missing.join(", ")}: ${advice}\n`);
}
