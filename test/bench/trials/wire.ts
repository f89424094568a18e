/**
 * The trial `wire`: what a moving entity costs in a frame of a brawl of pilots, as dense as all that is measured, and
 * the entropy beneath it.
 */
import { sideForOthers } from "../density.ts";
import type { TrialOrder } from "../trials.ts";
import { accountWire, USUAL_BRAWL, type WireAccount } from "../wire-account.ts";

const PILOTS = 200;

export function runWire({ seed, others }: TrialOrder): WireAccount {
  const mapSize = sideForOthers(PILOTS, others);
  return accountWire({ ...USUAL_BRAWL, players: PILOTS, mapSize, seed });
}
