/** A clock moved by hand: time passes when a test says so, and what comes due runs in order, at its own time. */
import type { Clock } from "@starwake/server/engine/clock.ts";

export type HandClock = Clock & {
  /** Lets time pass: runs what comes due on the way, also what that schedules. With 0, what is due now. */
  advance(ms: number): void;
  /** When the next thing comes due; undefined: nothing is set. */
  readonly nextDueMs: () => number | undefined;
};

type Alarm = { readonly dueMs: number; readonly ring: () => void };

export function createHandClock(startMs = 0): HandClock {
  let nowMs = startMs;
  // Earliest first, and in the order of their setting where they are due at once.
  const alarms: Alarm[] = [];
  return {
    now: () => nowMs,
    nextDueMs: () => alarms[0]?.dueMs,
    after(delayMs, callback) {
      const alarm: Alarm = { dueMs: nowMs + delayMs, ring: callback };
      alarms.splice(firstAfter(alarm.dueMs, alarms), 0, alarm);
      return () => {
        const index = alarms.indexOf(alarm);
        if (index >= 0) alarms.splice(index, 1);
      };
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (let alarm = alarms[0]; alarm !== undefined && alarm.dueMs <= endMs; alarm = alarms[0]) {
        alarms.shift();
        nowMs = Math.max(nowMs, alarm.dueMs);
        alarm.ring();
      }
      // Something that ran may have taken its time, and moved the clock further.
      nowMs = Math.max(nowMs, endMs);
    },
  };
}

/** Where the alarms begin that are due after `dueMs`; a laboratory has thousands of them. */
function firstAfter(dueMs: number, alarms: readonly Alarm[]): number {
  let [low, high] = [0, alarms.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (alarms[middle].dueMs > dueMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
