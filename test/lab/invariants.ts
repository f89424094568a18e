/**
 * What must hold at every tick of every scenario, whatever the network does. Each rule names the first few times that it
 * was broken; test/lab/invariants.test.ts has seen each of them fail.
 */
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { distanceTo } from "@starwake/shared/game/map.ts";
import { STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import type { World } from "@starwake/shared/game/world.ts";
import type { LabClient } from "./lab-client.ts";
import { rowAt, type Truth, type TruthListener } from "./truth.ts";

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

const MOST_OF_A_RULE = 5;
/** A second of frames at the budget, and room for what else is told meanwhile. */
const MOST_WAITING_BYTES = 48 << 10;
/** A client keeps some seconds of its own commands, and the events of about one. */
const MOST_BACKLOG = 512;
/** A ship that touches another is pushed out of it: by its own radius at most, for each that it touches. */
const TOUCH_REACH_RADII = 2.5;

const { at } = shipKind;

export class Invariants implements TruthListener {
  readonly violations: Violation[] = [];
  private readonly game: GameDefinition;
  private readonly truth: Truth;
  private readonly clients: readonly LabClient[];
  /** What each client sent for each tick, until it is used. */
  private readonly sent = new Map<LabClient, Map<Tick, Set<string>>>();

  constructor(game: GameDefinition, truth: Truth, clients: readonly LabClient[]) {
    this.game = game;
    this.truth = truth;
    this.clients = clients;
  }

  private report(rule: RuleName, client: number, detail: string, tick = this.truth.newestTick): void {
    if (this.violations.filter((violation) => violation.rule === rule).length < MOST_OF_A_RULE)
      this.violations.push({ rule, tick, client, detail });
  }

  packetSent(client: LabClient, bytes: Uint8Array): void {
    const packet = readCommandPacket(bytes, this.game.command, this.truth.newestTick);
    if (packet === undefined) return;
    const sent = this.sent.get(client) ?? new Map<Tick, Set<string>>();
    this.sent.set(client, sent);
    packet.commands.forEach((command, index) => {
      const tick = packet.firstTick + index;
      // Who came back may say something else for a tick that was already spoken for.
      sent.set(tick, (sent.get(tick) ?? new Set()).add(JSON.stringify(command)));
      sent.delete(tick - MOST_BACKLOG);
    });
  }

  stepping(tick: Tick, commands: ReadonlyMap<PlayerId, RecordOf<Schema>>): void {
    for (const [player, command] of commands) {
      if (command === this.game.neutralCommand || this.truth.repeats.has(command)) continue;
      const client = this.clients.find(({ match }) => match?.player === player);
      if (client === undefined) continue;
      const sent = this.sent.get(client)?.get(tick);
      if (sent?.has(JSON.stringify(command)) !== true)
        this.report("used-once", client.index, `used ${JSON.stringify(command)}, sent was ${[...(sent ?? [])]}`, tick);
      this.sent.get(client)?.delete(tick);
    }
  }

  stepped(tick: Tick): void {
    this.checkMoves(tick);
    for (const client of this.clients) this.checkQueues(client);
  }

  private checkMoves(tick: Tick): void {
    const [before, after] = [this.truth.at(tick - 1), this.truth.at(tick)];
    const { rules } = this.truth.world as World;
    if (before === undefined || after === undefined) return;
    const [from, to] = [before.kinds[Kind.Ship], after.kinds[Kind.Ship]];
    for (let slot = 0; slot < to.count; slot++) {
      const earlier = from.slotOf(to.ids[slot]);
      if (earlier < 0) continue;
      const [was, is] = [rowAt(from, earlier), rowAt(to, slot)];
      if (was[at.respawn] > 0 || is[at.respawn] > 0) continue;
      const moved = Math.hypot(is[at.x] - was[at.x], is[at.y] - was[at.y]);
      const free = rules.ship.boostTopSpeed * STRIDE_PER_SPEED + Math.SQRT2;
      const most = free + (this.isTouching(tick, to.ids[slot], is) ? rules.ship.radius * 2 : 0);
      if (moved > most)
        this.report("within-the-table", -1, `ship ${to.ids[slot]} moved ${moved} quanta of ${most}`, tick);
    }
  }

  /** Whether a ship is near enough to another, or to the map's parts, to have been pushed. */
  private isTouching(tick: Tick, id: number, row: Int32Array): boolean {
    const { map, rules } = this.truth.world as World;
    const reach = rules.ship.radius * TOUCH_REACH_RADII;
    const ships = this.truth.at(tick)!.kinds[Kind.Ship];
    for (let slot = 0; slot < ships.count; slot++) {
      const other = rowAt(ships, slot);
      if (ships.ids[slot] !== id && Math.hypot(other[at.x] - row[at.x], other[at.y] - row[at.y]) <= reach) return true;
    }
    return map.obstacles.some((obstacle) => distanceTo(obstacle, row[at.x], row[at.y]) <= reach);
  }

  private checkQueues(client: LabClient): void {
    const waiting = client.lanes?.down.figures.waitingBytes ?? 0;
    if (waiting > MOST_WAITING_BYTES)
      this.report("queues-are-bounded", client.index, `${waiting} bytes wait for the client`);
    const backlog = client.match?.backlog ?? 0;
    if (backlog > MOST_BACKLOG) this.report("queues-are-bounded", client.index, `the client keeps ${backlog} things`);
  }

  added(player: PlayerId): void {
    for (const client of this.clients) {
      const isKnown = client.match?.snapshot?.kinds[Kind.Ship].has(player) === true;
      if (client.match !== undefined && (client.client.roster.has(player) || isKnown))
        this.report(
          "ids-rest",
          client.index,
          `player number ${player} was given anew, and the client knows the old one`,
        );
    }
  }

  frameRead(client: LabClient): void {
    const snapshot = client.match?.snapshot;
    if (snapshot === undefined) return;
    for (const [region, { tick, kinds }] of snapshot.regions)
      this.checkRegion(client, region, tick, kinds, snapshot.head.tick);
    this.checkView(client, snapshot);
    if ("row" in snapshot.head.own) this.checkOwn(client, snapshot.head.tick, snapshot.head.own.row);
  }

  /** Exactly the rows that stood in the region at the tick that it was brought to. */
  private checkRegion(
    client: LabClient,
    region: number,
    tick: Tick,
    kinds: readonly (readonly { readonly id: number; readonly row: Int32Array }[])[],
    now: Tick,
  ): void {
    const records = this.truth.at(tick);
    if (records === undefined) return;
    kinds.forEach((known, kind) => {
      const { slots, starts, ids, ...table } = records.kinds[kind];
      const { fields, endOf } = this.game.kinds[kind];
      const isLive = (row: Int32Array) => endOf === undefined || endOf(row, 0) > now;
      const rows = new Map(known.filter(({ row }) => isLive(row)).map(({ id, row }) => [id, row]));
      for (let place = starts[region]; place < starts[region + 1]; place++) {
        const truth = table.rows.subarray(slots[place] * fields.length, (slots[place] + 1) * fields.length);
        if (!isLive(truth)) continue;
        const row = rows.get(ids[slots[place]]);
        const isSame = row !== undefined && fields.every((field, at) => row[at] === (field.isPrivate ? 0 : truth[at]));
        const what = `${this.game.kinds[kind].name} ${ids[slots[place]]} of tick ${tick}`;
        if (!isSame) this.report("decoded-is-true", client.index, `${what}: ${row ?? "not known"}, not ${truth}`);
        rows.delete(ids[slots[place]]);
      }
      for (const [id, row] of rows)
        this.report(
          "decoded-is-true",
          client.index,
          `${this.game.kinds[kind].name} ${id} of tick ${tick} is not there: ${row}`,
        );
    });
  }

  private checkOwn(client: LabClient, tick: Tick, row: Int32Array): void {
    const truth = this.truth.rowOf(Kind.Ship, client.match!.player, tick);
    if (truth?.some((value, field) => row[field] !== value))
      this.report("decoded-is-true", client.index, `own row of tick ${tick}: ${row}, not ${truth}`);
  }

  /** What is known stands within the view, grown by a cell and by what a ship may hang over from it. */
  private checkView(client: LabClient, { head, regions }: Snapshot): void {
    const { grid } = this.truth;
    if (grid === undefined || !("row" in head.own)) return;
    const { cellSize, stayMargin, viewHalfWidth, viewHalfHeight } = grid.space;
    const { row } = head.own;
    for (const { kinds, tick } of regions.values()) {
      if (tick !== head.tick) continue;
      for (const { id, row: ship } of kinds[Kind.Ship]) {
        const dx = Math.abs(ship[at.x] - row[at.x]) - viewHalfWidth;
        const dy = Math.abs(ship[at.y] - row[at.y]) - viewHalfHeight;
        if (Math.max(dx, dy) > cellSize + stayMargin)
          this.report("only-in-view", client.index, `ship ${id} is ${dx}, ${dy} quanta outside the view`);
      }
    }
  }

  /** To be called when everything has come to rest. */
  checkRest(): void {
    for (const client of this.clients) {
      const { match } = client;
      if (match === undefined) {
        this.report("rest-is-equal", client.index, `the client does not play: ${client.client.state.state}`);
        continue;
      }
      this.compareAtRest(client);
    }
  }

  private compareAtRest(client: LabClient): void {
    const match = client.match!;
    const picture = match.picture();
    const truth = this.truth.at(this.truth.newestTick)!.kinds[Kind.Ship];
    const drawn = new Map(picture.moving(Kind.Ship).map(({ id, row }) => [id, row]));
    if (picture.own !== undefined) drawn.set(match.player, picture.own.drawn);
    const inView = this.idsInView(match.player);
    for (const id of new Set([...drawn.keys(), ...inView])) {
      const slot = truth.slotOf(id);
      const row = slot < 0 ? undefined : rowAt(truth, slot);
      const shown = drawn.get(id);
      const isEqual =
        row !== undefined &&
        shown !== undefined &&
        [at.x, at.y, at.thrust].every((field) => row[field] === shown[field]);
      if (!isEqual) this.report("rest-is-equal", client.index, `ship ${id} is drawn as ${shown}, and is ${row}`);
    }
  }

  /** Living ships that are surely within a player's view, wherever their home cell is. */
  private idsInView(player: PlayerId): number[] {
    const truth = this.truth.at(this.truth.newestTick)!.kinds[Kind.Ship];
    const { viewHalfWidth, viewHalfHeight, stayMargin } = this.truth.grid!.space;
    const own = truth.slotOf(player);
    if (own < 0) return [];
    const row = rowAt(truth, own);
    return [...Array(truth.count).keys()]
      .filter((slot) => {
        const ship = rowAt(truth, slot);
        const isNear =
          Math.abs(ship[at.x] - row[at.x]) <= viewHalfWidth - stayMargin &&
          Math.abs(ship[at.y] - row[at.y]) <= viewHalfHeight - stayMargin;
        return isNear && ship[at.respawn] === 0;
      })
      .map((slot) => truth.ids[slot]);
  }
}
