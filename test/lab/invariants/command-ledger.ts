/** Each command is consumed at most once, and for the tick that it was sent for: a ledger of what was sent and used. */
import { readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { LabClient } from "../lab-client.ts";
import type { Report } from "./violation.ts";

/** What was sent for a tick so long ago is used no more. */
const KEPT_TICKS = 512;

export class CommandLedger {
  private readonly game: GameDefinition;
  private readonly report: Report;
  /** What each client sent for each tick, until it is used. */
  private readonly sent = new Map<LabClient, Map<Tick, Set<string>>>();

  constructor(game: GameDefinition, report: Report) {
    this.game = game;
    this.report = report;
  }

  packetSent(client: LabClient, bytes: Uint8Array, now: Tick): void {
    const packet = readCommandPacket(bytes, this.game.command, now);
    const sent = this.sent.get(client) ?? new Map<Tick, Set<string>>();
    this.sent.set(client, sent);
    packet?.commands.forEach((command, index) => {
      const tick = packet.firstTick + index;
      // Who came back may say something else for a tick that was already spoken for.
      sent.set(tick, (sent.get(tick) ?? new Set()).add(JSON.stringify(command)));
      sent.delete(tick - KEPT_TICKS);
    });
  }

  used(client: LabClient, tick: Tick, command: object): void {
    const sent = this.sent.get(client)?.get(tick);
    const text = JSON.stringify(command);
    if (sent?.has(text) !== true)
      this.report("used-once", client.index, `used ${text} for tick ${tick}, sent was ${[...(sent ?? [])]}`);
    this.sent.get(client)?.delete(tick);
  }
}
