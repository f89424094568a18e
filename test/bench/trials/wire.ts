/** The trial `wire`: what a moving entity costs in a frame of a brawl of pilots, and the entropy beneath it. */

import type { TrialOrder } from "../trials.ts";
import { accountWire, USUAL_BRAWL, type WireAccount } from "../wire-account.ts";

export function runWire({ seed }: TrialOrder): WireAccount {
  return accountWire({ ...USUAL_BRAWL, seed });
}
