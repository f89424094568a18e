/**
 * The gap watch: for how much of the time nothing came over any lane. Losses come for each lane by itself, so with several
 * there is nearly always one that goes on; a burst takes all of them at once, and then further lanes are no use.
 */
import { HELD_UP_MS } from "@starwake/shared/engine/held-up.ts";

const WINDOW_MS = 20_000;
/** So many gaps, and so much time in them, is not what several lanes leave of losses: at 5 %, those leave 0.7 % of the time. */
const MANY_GAPS = 3;
const LONG_MS = 800;
/** Whoever did not look for so long stood still, and the gap is their own. */
const STOOD_STILL_MS = 80;

export class GapWatch {
  private cameMs: number | undefined;
  private lookedMs = 0;
  private hasStoodStill = false;
  private gaps: { readonly atMs: number; readonly ms: number }[] = [];

  /** Told whenever whoever watches comes to it, about once a frame. */
  look(nowMs: number): void {
    this.hasStoodStill ||= nowMs - this.lookedMs > STOOD_STILL_MS;
    this.lookedMs = nowMs;
  }

  /** Something new came. */
  came(nowMs: number): void {
    const gapMs = this.cameMs === undefined || this.hasStoodStill ? 0 : nowMs - this.cameMs;
    this.cameMs = nowMs;
    this.hasStoodStill = false;
    if (gapMs > HELD_UP_MS) this.gaps.push({ atMs: nowMs, ms: gapMs });
    this.gaps = this.gaps.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
  }

  get isOften(): boolean {
    return this.gaps.length >= MANY_GAPS && this.gaps.reduce((sum, { ms }) => sum + ms, 0) > LONG_MS;
  }

  forget(): void {
    this.gaps = [];
    this.cameMs = undefined;
  }
}
