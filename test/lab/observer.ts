/**
 * Takes the measures of one run: compares what each client shows with what the server held, as soon as both are known.
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { Looks, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Command, commandSchema } from "@starwake/shared/game/command.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { HitCounter } from "./hit-counter.ts";
import type { ClientWatcher, LabClient } from "./lab-client.ts";
import type { MeasureName, Samples } from "./measures.ts";
import { ShotObserver } from "./shot-observer.ts";
import { rowAt, type Truth } from "./truth.ts";

const { at } = shipKind;
/** Within this of the truth a corrected ship counts as settled. */
const SETTLED_UNITS = SHIP.radiusUnits / 4;
/** Between two frames, with some patience. */
const FRESH_MS = 60;
/** After so long, what was drawn for a tick is not waited for any more. */
const MAX_PENDING = 600;

const SCREEN_HALF_WIDTH = 800 * QUANTA_PER_UNIT;
const SCREEN_HALF_HEIGHT = 450 * QUANTA_PER_UNIT;

type Place = { readonly x: number; readonly y: number };
/** What was drawn of the own ship, until the server has come to that tick. */
type Drawn = Place & { readonly tick: number; readonly atMs: number; readonly correctedMs: number | undefined };
type Seen = Place & { readonly speed: number; readonly atMs: number };

export class Observer implements ClientWatcher {
  /** Nothing is noted any more: the run is being brought to rest. */
  isDone = false;
  readonly samples: Samples;
  private readonly truth: Truth;
  private readonly now: () => number;
  private readonly tickRate: number;
  private readonly watched = new Map<LabClient, Watched>();
  private readonly hits: HitCounter;

  constructor(samples: Samples, truth: Truth, now: () => number, tickRate: number) {
    this.samples = samples;
    this.truth = truth;
    this.now = now;
    this.tickRate = tickRate;
    this.hits = new HitCounter(truth, (shooter, hasHit, tick) => {
      const client = [...this.watched.keys()].find(({ match }) => match?.player === shooter);
      if (client !== undefined) this.note("shotsHit", client.index, hasHit ? 1 : 0, tick);
    });
  }

  stepped(tick: Tick): void {
    this.hits.stepped(tick);
  }

  note(name: MeasureName, client: number, value: number, tick = this.truth.newestTick): void {
    if (!this.isDone) this.samples.add(name, tick, client, value);
  }

  private of(client: LabClient): Watched {
    const watched = this.watched.get(client) ?? new Watched(this.truth, this, client.index);
    this.watched.set(client, watched);
    return watched;
  }

  packetSent(client: LabClient, bytes: Uint8Array): void {
    const watched = this.of(client);
    const packet = readCommandPacket(bytes, commandSchema, this.truth.newestTick);
    if (packet === undefined) return;
    if (watched.nextCommandTick !== undefined)
      this.note("skippedTicks", client.index, packet.firstTick - watched.nextCommandTick);
    watched.nextCommandTick = packet.firstTick + packet.commands.length;
  }

  frameRead(client: LabClient): void {
    const watched = this.of(client);
    const { match } = client;
    if (match === undefined) return;
    const nowMs = this.now();
    if (watched.match !== match) watched.begin(match);
    const { prediction, snapshot } = match;
    if (watched.lastFrameMs !== undefined) this.note("frameGapMs", client.index, nowMs - watched.lastFrameMs);
    watched.lastFrameMs = nowMs;
    const compared = prediction.comparedTicks - watched.compared;
    const mispredicted = prediction.mispredictedTicks - watched.mispredicted;
    watched.compared = prediction.comparedTicks;
    watched.mispredicted = prediction.mispredictedTicks;
    if (compared > 0) this.note("mispredictedTicks", client.index, mispredicted, snapshot?.head.tick);
    if (mispredicted > 0) {
      const distance = match.counts.correctionQuanta.at(-1) ?? 0;
      this.note("correctionUnits", client.index, distance / QUANTA_PER_UNIT, snapshot?.head.tick);
      watched.correctedMs = nowMs;
    }
    const margin = snapshot?.head.commandMargin;
    if (margin !== undefined) this.note("commandMarginTicks", client.index, margin);
    this.lookForFullPicture(client, watched, match);
  }

  /** The first frame after joining that tells of every ship on the screen. */
  private lookForFullPicture(client: LabClient, watched: Watched, match: Match): void {
    if (watched.hasFullPicture || match.snapshot === undefined || client.lanes === undefined) return;
    if (!hasWholeScreen(this.truth, match.snapshot)) return;
    watched.hasFullPicture = true;
    if (watched.hasJoined) return;
    watched.hasJoined = true;
    this.note("joinMs", client.index, this.now() - client.openedMs);
    this.note("joinBytes", client.index, client.lanes.down.figures.bytes);
  }

  rendered(client: LabClient, match: Match, picture: Picture, wish: Command): void {
    const watched = this.of(client);
    if (watched.match !== match) watched.begin(match);
    watched.resolve();
    const { own } = picture;
    if (own === undefined) return;
    const { renderClock } = match;
    const elapsedMs = renderClock.elapsedMs - watched.elapsedMs;
    if (elapsedMs > 0) this.note("starvedTime", client.index, (renderClock.starvedMs - watched.starvedMs) / elapsedMs);
    watched.elapsedMs = renderClock.elapsedMs;
    watched.starvedMs = renderClock.starvedMs;
    const shownMs = this.truth.timeOf(picture.renderTick);
    if (shownMs !== undefined) this.note("sendToRenderMs", client.index, this.now() - shownMs);
    if (watched.troubleEndMs !== undefined && this.isFresh(client, picture)) {
      this.note("recoveryMs", client.index, this.now() - watched.troubleEndMs);
      watched.troubleEndMs = undefined;
    }
    this.note("slew", client.index, Math.abs(match.commandClock.currentSlew));
    watched.showOwn(match, picture, wish, this.now(), this.tickRate);
    watched.showOthers(match, picture, this.now(), this.tickRate);
    watched.shots.show(match, picture);
  }

  /** Whether a client has a frame that is hardly older than its way here, and draws others between two that it has. */
  private isFresh({ down }: LabClient, { newestTick, renderTick }: Picture): boolean {
    const newestMs = this.truth.timeOf(newestTick);
    return (
      newestMs !== undefined &&
      this.now() - newestMs < down.delayMs + down.jitterMs + FRESH_MS &&
      renderTick <= newestTick
    );
  }

  /** Once a step: who was in time, and who asks to look how far back. */
  stepping(tick: Tick, commands: ReadonlyMap<PlayerId, object>, looks: Looks | undefined): void {
    for (const [client, watched] of this.watched) {
      const player = client.match?.player;
      const command = player === undefined ? undefined : commands.get(player);
      if (player === undefined || command === undefined || client.isHidden) continue;
      const isRepeat = this.truth.repeats.has(command);
      watched.hasCommanded ||= !isRepeat;
      if (!watched.hasCommanded) continue;
      this.note("commandsOnTime", client.index, isRepeat ? 0 : 1, tick);
      if (isRepeat) watched.lastMissingMs = this.now();
      const look = looks?.get(player);
      if (look !== undefined) this.note("rewindMs", client.index, ((tick - look) * 1000) / this.tickRate, tick);
    }
  }

  /** From the next picture on that is as fresh as this client's network allows, the trouble is over. */
  awaitRecovery(client: LabClient, endMs: number): void {
    this.of(client).troubleEndMs = endMs;
  }

  lastMissingMs(client: LabClient): number | undefined {
    return this.of(client).lastMissingMs;
  }
}

/** What is remembered of one client. */
class Watched {
  match: Match | undefined;
  compared = 0;
  mispredicted = 0;
  elapsedMs = 0;
  starvedMs = 0;
  nextCommandTick: Tick | undefined;
  hasCommanded = false;
  hasFullPicture = false;
  hasJoined = false;
  lastFrameMs: number | undefined;
  lastMissingMs: number | undefined;
  correctedMs: number | undefined;
  troubleEndMs: number | undefined;
  readonly shots: ShotObserver;
  private readonly truth: Truth;
  private readonly observer: Observer;
  private readonly index: number;
  private pending: Drawn[] = [];
  private own: Seen | undefined;
  private others = new Map<number, Seen>();
  private unseenFrames = 0;

  constructor(truth: Truth, observer: Observer, index: number) {
    this.truth = truth;
    this.observer = observer;
    this.index = index;
    this.shots = new ShotObserver(truth, (name, value, tick) => observer.note(name, index, value, tick));
  }

  /** A seat was taken, for the first time or again: nothing goes on from what was before. */
  begin(match: Match): void {
    this.match = match;
    this.compared = this.mispredicted = this.elapsedMs = this.starvedMs = 0;
    this.nextCommandTick = this.own = this.lastFrameMs = this.correctedMs = undefined;
    this.hasCommanded = this.hasFullPicture = false;
    this.pending = [];
    this.others.clear();
  }

  /** What was drawn for ticks that the server has come to. */
  resolve(): void {
    const { truth, pending, match } = this;
    if (match === undefined) return;
    let resolved = 0;
    for (const drawn of pending) {
      if (Math.ceil(drawn.tick) > truth.newestTick) break;
      resolved++;
      const place = placeAt(truth, match.player, drawn.tick);
      if (place === undefined) continue;
      const error = distance(place, drawn);
      this.observer.note("ownErrorUnits", this.index, error, Math.floor(drawn.tick));
      this.settle(drawn, error);
    }
    pending.splice(0, Math.max(resolved, pending.length - MAX_PENDING));
  }

  private settle({ correctedMs, atMs }: Drawn, error: number): void {
    // A later correction begins anew.
    if (correctedMs === undefined || correctedMs !== this.correctedMs || error > SETTLED_UNITS) return;
    this.observer.note("settleMs", this.index, atMs - correctedMs);
    this.correctedMs = undefined;
  }

  showOwn(match: Match, { own, predictedTick }: Picture, wish: Command, nowMs: number, tickRate: number): void {
    const isFlying = own !== undefined && own.told[at.respawn] === 0 && own.drawn[at.respawn] === 0;
    if (!isFlying || !starwake.obeys(match.prediction.newestRow)) {
      this.own = this.correctedMs = undefined;
      this.unseenFrames = 0;
      return;
    }
    const { drawn } = own;
    const place = { x: drawn[at.x] / QUANTA_PER_UNIT, y: drawn[at.y] / QUANTA_PER_UNIT };
    this.pending.push({ ...place, tick: predictedTick, atMs: nowMs, correctedMs: this.correctedMs });
    const isShown = drawn[at.aim] === wish.aim && drawn[at.thrust] === wish.thrust;
    this.unseenFrames = isShown ? 0 : this.unseenFrames + 1;
    this.observer.note("inputFrames", this.index, this.unseenFrames);
    const seen = { ...place, speed: speedOf(drawn, tickRate), atMs: nowMs };
    if (this.own !== undefined) this.observer.note("ownJumpUnits", this.index, jump(this.own, seen));
    this.own = seen;
  }

  showOthers(match: Match, picture: Picture, nowMs: number, tickRate: number): void {
    const others = new Map<number, Seen>();
    for (const { id, row } of picture.moving(Kind.Ship)) {
      if (id === match.player) continue;
      const place = { x: row[at.x] / QUANTA_PER_UNIT, y: row[at.y] / QUANTA_PER_UNIT };
      const seen = { ...place, speed: speedOf(row, tickRate), atMs: nowMs };
      const truth = placeAt(this.truth, id, picture.renderTick);
      const before = this.others.get(id);
      if (truth !== undefined) {
        this.observer.note("othersErrorUnits", this.index, distance(truth, place));
        if (before !== undefined) this.observer.note("othersJumpUnits", this.index, jump(before, seen));
      }
      if (truth !== undefined) others.set(id, seen);
    }
    this.others = others;
  }
}

/** Where a ship was at a tick, which may lie between two, in units; undefined where it was not alive, or came to life. */
function placeAt(truth: Truth, id: PlayerId, tick: number): Place | undefined {
  const from = truth.rowOf(Kind.Ship, id, Math.floor(tick));
  const to = truth.rowOf(Kind.Ship, id, Math.ceil(tick));
  if (from === undefined || to === undefined || from[at.respawn] > 0 || to[at.respawn] > 0) return undefined;
  const part = tick - Math.floor(tick);
  const blend = (field: number) => (from[field] + (to[field] - from[field]) * part) / QUANTA_PER_UNIT;
  return { x: blend(at.x), y: blend(at.y) };
}

function distance(one: Place, other: Place): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** Whether a frame tells of every ship within a screen's reach. */
function hasWholeScreen(truth: Truth, { head, kinds }: Snapshot): boolean {
  const ships = truth.at(head.tick)?.kinds[Kind.Ship];
  if (!("row" in head.own) || ships === undefined) return false;
  const { row } = head.own;
  for (let slot = 0; slot < ships.count; slot++) {
    const ship = rowAt(ships, slot);
    const isOnScreen =
      Math.abs(ship[at.x] - row[at.x]) <= SCREEN_HALF_WIDTH && Math.abs(ship[at.y] - row[at.y]) <= SCREEN_HALF_HEIGHT;
    if (isOnScreen && ship[at.respawn] === 0 && !kinds[Kind.Ship].has(ships.ids[slot])) return false;
  }
  return true;
}

/** Units a second. */
function speedOf(row: ArrayLike<number>, tickRate: number): number {
  return (Math.hypot(row[at.vx], row[at.vy]) * STRIDE_PER_SPEED * tickRate) / QUANTA_PER_UNIT;
}

/** How much further something moved between two frames than its velocity explains. */
function jump(before: Seen, after: Seen): number {
  const way = (Math.max(before.speed, after.speed) * (after.atMs - before.atMs)) / 1000;
  return Math.max(0, distance(before, after) - way);
}
