/**
 * The trials: what is measured beside the servers under load, each in a process of its own. What one of them does stands
 * at the head of its file in trials/.
 */
import type { Setting } from "./orders.ts";
import type { ClientFigures } from "./trials/client.ts";
import type { CrowdFigures } from "./trials/crowd.ts";
import type { CutFigures } from "./trials/cuts.ts";
import type { PageFigures } from "./trials/page.ts";
import type { StepFigures } from "./trials/step.ts";
import type { WireAccount } from "./wire-account.ts";

export type TrialFigures = {
  readonly step: StepFigures;
  readonly wire: WireAccount;
  readonly crowd: CrowdFigures;
  readonly client: ClientFigures;
  readonly page: PageFigures;
  readonly cuts: CutFigures;
};

export type TrialName = keyof TrialFigures;

export type TrialOrder = { readonly trial: TrialName } & Pick<Setting, "seconds" | "others" | "seed">;

/** What a trial needs and this machine does not have, and so nothing was measured. */
export type Lack = { readonly lacking: string };
export type Failure = { readonly failure: string };

/** What a trial found. */
export type Found<Name extends TrialName> = {
  readonly [One in Name]: { readonly trial: One; readonly figures: TrialFigures[One] };
}[Name];

/** What came of a trial: what it found, why it failed, or what this machine lacks for it. */
export type TrialOutcome = Found<TrialName> | ({ readonly trial: TrialName } & (Failure | Lack));

/** From a trial's process. */
export type TrialMessage = { readonly kind: "figures"; readonly figures: TrialFigures[TrialName] | Failure | Lack };

/** What each does, and about how many seconds it takes. */
export const TRIALS: Readonly<Record<TrialName, { readonly summary: string; readonly seconds: number }>> = {
  step: { summary: "what a tick takes with 1,158 players, in process: step and replication", seconds: 30 },
  wire: { summary: "bytes for each moving entity in a brawl of pilots, and the entropy beneath them", seconds: 10 },
  crowd: { summary: "400 ships in one view: the budget, and how late who is seen", seconds: 30 },
  client: { summary: "what reading and reconciling a frame with 200 ships takes", seconds: 20 },
  page: { summary: "what the page's script takes for a frame with 200 ships, in Chromium", seconds: 40 },
  cuts: { summary: "how soon the page's picture is back after its connection was cut, in Chromium", seconds: 40 },
};

export const TRIAL_NAMES = Object.keys(TRIALS) as TrialName[];
