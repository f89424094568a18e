/** Follows one client's own ship: when its input is seen, how far its picture is off, and how it is put right. */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import type { Note } from "./measures.ts";
import { distance, leap, type Place, placeAt, type Seen, seenIn } from "./ship-places.ts";
import type { Truth } from "./truth.ts";

const { at } = shipKind;
/** What the marks ask of a correction: this long, or as long as it takes at so many units a frame. */
const SETTLE_MS = 200;
const EASED_UNITS_PER_MS = (2 * 60) / 1000;
/** Within this of the truth a corrected ship counts as settled. */
const SETTLED_UNITS = SHIP.radiusUnits / 4;
/** After so many frames, what was drawn for a tick is not waited for any more. */
const MAX_PENDING = 600;

/** What was drawn, until the server has come to that tick. */
type Drawn = Place & { readonly tick: number; readonly atMs: number; readonly correctedMs: number | undefined };

export class OwnShipObserver {
  private readonly truth: Truth;
  private readonly note: Note;
  private readonly tickRate: number;
  private readonly pending: Drawn[] = [];
  private seen: Seen | undefined;
  /** Its speed one frame earlier: what is drawn of a tick is blended, and brakes before the ship does. */
  private earlierSpeed = 0;
  /** When the last correction came that is not settled yet. */
  private correctedMs: number | undefined;
  /** How far the picture was off when it came; undefined: not known yet. */
  private correctedUnits: number | undefined;
  private unseenFrames = 0;

  constructor(truth: Truth, note: Note, tickRate: number) {
    this.truth = truth;
    this.note = note;
    this.tickRate = tickRate;
  }

  corrected(nowMs: number): void {
    this.correctedMs = nowMs;
    this.correctedUnits = undefined;
  }

  show(match: Match, { own, predictedTick }: Picture, wish: Command, nowMs: number): void {
    this.resolve(match);
    const isFlying = own !== undefined && own.told[at.respawn] === 0 && own.drawn[at.respawn] === 0;
    if (!isFlying || !starwake.obeys(match.prediction.newestRow)) {
      this.seen = this.correctedMs = undefined;
      this.earlierSpeed = 0;
      this.unseenFrames = 0;
      return;
    }
    const { drawn } = own;
    const seen = seenIn(drawn, this.tickRate, nowMs);
    this.pending.push({ x: seen.x, y: seen.y, tick: predictedTick, atMs: nowMs, correctedMs: this.correctedMs });
    const isShown = drawn[at.aim] === wish.aim && drawn[at.thrust] === wish.thrust;
    this.unseenFrames = isShown ? 0 : this.unseenFrames + 1;
    this.note("inputFrames", this.unseenFrames);
    if (this.seen !== undefined) {
      const speed = Math.max(this.seen.speed, this.earlierSpeed);
      this.note("ownJumpUnits", leap({ ...this.seen, speed }, seen));
      this.earlierSpeed = this.seen.speed;
    }
    this.seen = seen;
  }

  /** What was drawn for ticks that the server has come to. */
  private resolve({ player }: Match): void {
    const { truth, pending } = this;
    let resolved = 0;
    for (const drawn of pending) {
      if (Math.ceil(drawn.tick) > truth.newestTick) break;
      resolved++;
      const place = placeAt(truth, player, drawn.tick);
      if (place === undefined) continue;
      const error = distance(place, drawn);
      this.note("ownErrorUnits", error, Math.floor(drawn.tick));
      this.settle(drawn, error);
    }
    pending.splice(0, Math.max(resolved, pending.length - MAX_PENDING));
  }

  private settle({ correctedMs, atMs }: Drawn, error: number): void {
    // A later correction begins anew.
    if (correctedMs === undefined || correctedMs !== this.correctedMs) return;
    this.correctedUnits ??= error;
    if (error > SETTLED_UNITS) return;
    this.note("settleMs", atMs - correctedMs);
    const needed = Math.max(SETTLE_MS, (this.correctedUnits - SETTLED_UNITS) / EASED_UNITS_PER_MS);
    this.note("settleOverdueMs", Math.max(0, atMs - correctedMs - needed));
    this.correctedMs = undefined;
  }
}
