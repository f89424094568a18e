/**
 * The attackers' process. It is told one order, attacks, tells once a second what it has done, and ends by itself: when the
 * time is up, and when whoever started it is gone.
 */

import { OPENS_PER_SECOND } from "./attack.ts";
import type { WorkerReport } from "./attackers.ts";
import { ATTACKS } from "./attacks.ts";
import { type AttackCounts, attackersAddresses, Field } from "./field.ts";

export type AttackOrder = {
  readonly attack: string;
  readonly port: number;
  readonly addresses: number;
  readonly seconds: number;
  readonly seed: number;
  /** Of the connections that an attack opens in a second, this part; 1 unless said otherwise. */
  readonly ease?: number;
};

const REPORT_MS = 1_000;
/** What is still going on so long after the end is stuck. */
const GRACE_MS = 240_000;

process.on("disconnect", () => process.exit(1));
process.once("message", (order: AttackOrder) => void attack(order));

async function attack({ attack: name, port, addresses, seconds, seed, ease = 1 }: AttackOrder): Promise<void> {
  const attack = ATTACKS.get(name)!;
  const opensPerSecond = ease * (attack.opensPerSecond ?? OPENS_PER_SECOND);
  const field = new Field({ port, addresses: attackersAddresses(addresses), seconds, seed, opensPerSecond });
  const reporting = setInterval(() => tell("progress", field.counts), REPORT_MS);
  setTimeout(() => process.exit(1), seconds * 1000 + GRACE_MS);
  const ended = new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await Promise.race([attack.run(field), ended]);
  await ended;
  clearInterval(reporting);
  field.end();
  tell("done", field.counts, () => process.exit(0));
}

function tell(kind: WorkerReport<AttackCounts>["kind"], counts: AttackCounts, then: () => void = () => {}): void {
  process.send?.({ kind, counts } satisfies WorkerReport<AttackCounts>, then);
}
