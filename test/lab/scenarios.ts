/**
 * The laboratory's scenarios, by name. `brawl` is what the netcode's figures are stated for; each of the others shows
 * one trouble, and what its players must still be able to rely on.
 *
 * Next: scenarios/slow-reader.ts, an example of one.
 */
import type { Scenario } from "./scenario.ts";
import brawl from "./scenarios/brawl.ts";
import calm from "./scenarios/calm.ts";
import duel from "./scenarios/duel.ts";
import hiddenTab from "./scenarios/hidden-tab.ts";
import lateJoin from "./scenarios/late-join.ts";
import outage from "./scenarios/outage.ts";
import rejoinStorm from "./scenarios/rejoin-storm.ts";
import rttStep from "./scenarios/rtt-step.ts";
import slowReader from "./scenarios/slow-reader.ts";

const ALL: readonly Scenario[] = [brawl, calm, duel, rttStep, outage, slowReader, hiddenTab, lateJoin, rejoinStorm];

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  ALL.map((scenario) => [scenario.name, scenario]),
);
