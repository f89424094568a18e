/** The rules that must hold in every run, and what is told of one that was broken. */
import type { Tick } from "@starwake/shared/engine/tick.ts";

export const RULES = {
  "decoded-is-true": "what a client decoded equals the server's rows for what it may see",
  "only-in-view": "nothing outside its view's margin was on a client's wire",
  "within-the-table": "no ship moved further than its table allows",
  "ids-rest": "ids are not reused while anyone may still mean the old one",
  "used-once": "each command is consumed at most once, for the tick that it was sent for",
  "queues-are-bounded": "every queue is bounded",
  "rest-is-equal": "after quiet every client's picture equals the server's",
} as const;

export type RuleName = keyof typeof RULES;

/** `client` −1: of no one client. */
export type Violation = {
  readonly rule: RuleName;
  readonly tick: Tick;
  readonly client: number;
  readonly detail: string;
};

/** Told of a rule that was broken; the tick is the newest step's. */
export type Report = (rule: RuleName, client: number, detail: string) => void;
