/**
 * Takes the measures of one client: what its frames tell, what its pictures show, what it sends. A new seat begins anew.
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import { readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Command, commandSchema } from "@starwake/shared/game/command.ts";
import { compileRules, QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import type { LabClient } from "./lab-client.ts";
import type { Note } from "./measures.ts";
import { OthersObserver } from "./others-observer.ts";
import { OwnShipObserver } from "./own-ship-observer.ts";
import { hasWholeScreen } from "./ship-places.ts";
import { ShotObserver } from "./shot-observer.ts";
import type { Truth } from "./truth.ts";

/** Between two frames, with some patience. */
export const FRESH_MS = 60;

/** Looks that were told are kept until their ticks have come, and no longer than this. */
const KEPT_LOOKS = 128;

/** What lasts no longer than a seat. */
type Seat = {
  readonly match: Match;
  readonly own: OwnShipObserver;
  readonly others: OthersObserver;
  readonly shots: ShotObserver;
  compared: number;
  mispredicted: number;
  elapsedMs: number;
  starvedMs: number;
  nextCommandTick: Tick | undefined;
  lastFrameMs: number | undefined;
  hasCommanded: boolean;
};

export class ClientObserver {
  /** When a command was missing last. */
  lastMissingMs: number | undefined;
  /** From the next picture after this on that is as fresh as the client's network allows, its trouble is over. */
  troubleEndMs: number | undefined;
  private readonly client: LabClient;
  private readonly truth: Truth;
  private readonly note: Note;
  private readonly now: () => number;
  private readonly tickRate: number;
  private seat: Seat | undefined;
  private hasJoined = false;
  /** The tick that the client told to see the others at, by its command's tick. */
  private readonly toldLooks = new Map<Tick, Tick>();
  private readonly maxRewindTicks: number;

  constructor(client: LabClient, truth: Truth, note: Note, now: () => number, tickRate: number) {
    this.client = client;
    this.truth = truth;
    this.note = note;
    this.now = now;
    this.tickRate = tickRate;
    this.maxRewindTicks = compileRules(tickRate).maxRewindTicks;
  }

  private seatOf(match: Match): Seat {
    if (this.seat?.match === match) return this.seat;
    const { truth, note, tickRate } = this;
    const observers = {
      own: new OwnShipObserver(truth, note, tickRate),
      others: new OthersObserver(truth, note, tickRate),
      shots: this.seat?.shots ?? new ShotObserver(truth, note),
    };
    const counts = { compared: 0, mispredicted: 0, elapsedMs: 0, starvedMs: 0 };
    this.seat = {
      match,
      ...observers,
      ...counts,
      nextCommandTick: undefined,
      lastFrameMs: undefined,
      hasCommanded: false,
    };
    return this.seat;
  }

  packetSent(bytes: Uint8Array): void {
    const { match } = this.client;
    const packet = readCommandPacket(bytes, commandSchema, this.truth.newestTick);
    if (packet === undefined || match === undefined) return;
    const seat = this.seatOf(match);
    if (seat.nextCommandTick !== undefined) this.note("skippedTicks", packet.firstTick - seat.nextCommandTick);
    seat.nextCommandTick = packet.firstTick + packet.commands.length;
    if (packet.ackTick === undefined) return;
    const lastTick = seat.nextCommandTick - 1;
    for (let tick = packet.firstTick; tick <= lastTick; tick++)
      this.toldLooks.set(tick, packet.ackTick - packet.lookAge - (lastTick - tick));
  }

  frameRead(): void {
    const { match } = this.client;
    if (match === undefined) return;
    const nowMs = this.now();
    const seat = this.seatOf(match);
    if (seat.lastFrameMs !== undefined) this.note("frameGapMs", nowMs - seat.lastFrameMs);
    seat.lastFrameMs = nowMs;
    this.noteCorrections(seat, nowMs);
    const margin = match.snapshot?.head.commandMargin;
    if (margin !== undefined) this.note("commandMarginTicks", margin);
    this.lookForFullPicture(match);
  }

  private noteCorrections(seat: Seat, nowMs: number): void {
    const { prediction, snapshot, counts } = seat.match;
    const compared = prediction.comparedTicks - seat.compared;
    const mispredicted = prediction.mispredictedTicks - seat.mispredicted;
    seat.compared = prediction.comparedTicks;
    seat.mispredicted = prediction.mispredictedTicks;
    if (compared > 0) this.note("mispredictedTicks", mispredicted, snapshot?.head.tick);
    if (mispredicted === 0) return;
    const units = (counts.correctionQuanta.at(-1) ?? 0) / QUANTA_PER_UNIT;
    this.note("correctionUnits", units, snapshot?.head.tick);
    seat.own.corrected(nowMs);
  }

  /** The first frame of all that tells of every ship on the screen. */
  private lookForFullPicture({ snapshot }: Match): void {
    const { client } = this;
    if (this.hasJoined || snapshot === undefined) return;
    if (!hasWholeScreen(this.truth, snapshot)) return;
    this.hasJoined = true;
    this.note("joinMs", this.now() - client.openedMs);
    this.note("joinBytes", client.carried("down").bytes);
  }

  rendered(match: Match, picture: Picture, wish: Command): void {
    const seat = this.seatOf(match);
    if (picture.own === undefined) return;
    const nowMs = this.now();
    this.noteTimes(seat, picture, nowMs);
    seat.own.show(match, picture, wish, nowMs);
    seat.others.show(match, picture, nowMs);
    seat.shots.show(match, picture);
  }

  private noteTimes(seat: Seat, picture: Picture, nowMs: number): void {
    const { renderClock, commandClock } = seat.match;
    const elapsedMs = renderClock.elapsedMs - seat.elapsedMs;
    if (elapsedMs > 0) this.note("starvedTime", (renderClock.starvedMs - seat.starvedMs) / elapsedMs);
    seat.elapsedMs = renderClock.elapsedMs;
    seat.starvedMs = renderClock.starvedMs;
    const shownMs = this.truth.timeOf(picture.renderTick);
    if (shownMs !== undefined) this.note("sendToRenderMs", nowMs - shownMs);
    this.note("slew", Math.abs(commandClock.currentSlew));
    if (this.troubleEndMs === undefined || !this.isFresh(picture, nowMs)) return;
    this.note("recoveryMs", nowMs - this.troubleEndMs);
    this.troubleEndMs = undefined;
  }

  /** Whether there is a frame that is hardly older than its way here, and others are drawn between two that are known. */
  private isFresh({ newestTick, renderTick }: Picture, nowMs: number): boolean {
    const { down } = this.client;
    const newestMs = this.truth.timeOf(newestTick);
    if (newestMs === undefined || renderTick > newestTick) return false;
    return nowMs - newestMs < down.delayMs + down.jitterMs + FRESH_MS;
  }

  /** The room steps with this command for the client's player, who sees the others at `look`. */
  stepping(tick: Tick, command: object, look: Tick | undefined): void {
    const { client, truth, seat } = this;
    if (client.isHidden || seat === undefined) return;
    const isRepeat = truth.repeats.has(command);
    seat.hasCommanded ||= !isRepeat;
    if (!seat.hasCommanded) return;
    this.note("commandsOnTime", isRepeat ? 0 : 1, tick);
    if (isRepeat) this.lastMissingMs = this.now();
    if (look !== undefined) this.note("rewindMs", ((tick - look) * 1000) / this.tickRate, tick);
    if (look !== undefined && !isRepeat) this.noteCut(tick, look);
  }

  /** Whether a client is believed; what the game's rule cuts off is nobody's doubt. */
  private noteCut(tick: Tick, look: Tick): void {
    const { toldLooks, maxRewindTicks } = this;
    const told = toldLooks.get(tick);
    for (const old of toldLooks.keys()) if (old <= tick || toldLooks.size > KEPT_LOOKS) toldLooks.delete(old);
    if (told === undefined) return;
    const asRuled = (seen: Tick) => Math.min(tick, Math.max(seen, tick - maxRewindTicks));
    const cut = Math.abs(asRuled(look) - asRuled(told));
    this.note("looksCut", cut === 0 ? 0 : 1, tick);
    if (cut > 0) this.note("lookCutTicks", cut, tick);
  }
}
