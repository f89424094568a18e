/**
 * What must hold at every tick of every scenario, whatever the network does. Each rule keeps the first few times that it
 * was broken; test/lab/invariants.test.ts has seen each of them fail.
 */
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { CommandLedger } from "./invariants/command-ledger.ts";
import { checkDecodedRows } from "./invariants/decoded-rows.ts";
import { checkRest } from "./invariants/picture-at-rest.ts";
import { checkMoves } from "./invariants/ship-moves.ts";
import { checkView } from "./invariants/view-limit.ts";
import type { Report, Violation } from "./invariants/violation.ts";
import type { LabClient } from "./lab-client.ts";
import type { Truth, TruthListener } from "./truth.ts";

const MOST_OF_A_RULE = 5;
/** A second of frames at the budget, and room for what else is told meanwhile. */
const MOST_WAITING_BYTES = 48 << 10;
/** A client keeps some seconds of its own commands, and the events of about one. */
const MOST_BACKLOG = 512;

export class Invariants implements TruthListener {
  readonly violations: Violation[] = [];
  private readonly game: GameDefinition;
  private readonly truth: Truth;
  private readonly clients: readonly LabClient[];
  private readonly ledger: CommandLedger;

  constructor(game: GameDefinition, truth: Truth, clients: readonly LabClient[]) {
    this.game = game;
    this.truth = truth;
    this.clients = clients;
    this.ledger = new CommandLedger(game, this.report);
  }

  private readonly report: Report = (rule, client, detail) => {
    if (this.violations.filter((violation) => violation.rule === rule).length < MOST_OF_A_RULE)
      this.violations.push({ rule, tick: this.truth.newestTick, client, detail });
  };

  packetSent(client: LabClient, bytes: Uint8Array): void {
    this.ledger.packetSent(client, bytes, this.truth.newestTick);
  }

  stepping(tick: Tick, commands: ReadonlyMap<PlayerId, RecordOf<Schema>>): void {
    for (const [player, command] of commands) {
      if (command === this.game.neutralCommand || this.truth.repeats.has(command)) continue;
      const client = this.clients.find(({ match }) => match?.player === player);
      if (client !== undefined) this.ledger.used(client, tick, command);
    }
  }

  stepped(tick: Tick): void {
    checkMoves(tick, this.truth, this.report);
    for (const client of this.clients) this.checkQueues(client);
  }

  private checkQueues({ index, lanes, match }: LabClient): void {
    const waiting = lanes.reduce((sum, { down }) => sum + down.figures.waitingBytes, 0);
    if (waiting > MOST_WAITING_BYTES) this.report("queues-are-bounded", index, `${waiting} bytes wait for the client`);
    const backlog = match?.backlog ?? 0;
    if (backlog > MOST_BACKLOG) this.report("queues-are-bounded", index, `the client keeps ${backlog} things`);
  }

  added(player: PlayerId): void {
    for (const { index, match, client } of this.clients) {
      if (match === undefined) continue;
      const isKnown = client.roster.has(player) || match.snapshot?.kinds[Kind.Ship].has(player) === true;
      if (isKnown) this.report("ids-rest", index, `number ${player} was given anew, and the client knows the old one`);
    }
  }

  frameRead(client: LabClient): void {
    checkDecodedRows(client, this.game, this.truth, this.report);
    const { grid } = this.truth;
    if (grid !== undefined) checkView(client, this.game, grid, this.report);
  }

  /** To be called when everything has come to rest. */
  checkRest(): void {
    for (const client of this.clients) checkRest(client, this.truth, this.report);
  }
}
