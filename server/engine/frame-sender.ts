/**
 * Frames to the sessions of a room: who gets one this tick, and who is spared because they do not answer, or do not
 * read what they were sent.
 *
 * Next: server/engine/replicator.ts (⑩), which assembles each of them.
 */

import { viewFor } from "@starwake/shared/engine/cell-grid.ts";
import { type FrameHead, MAX_GAP, type SentView } from "@starwake/shared/engine/frame.ts";
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Records } from "@starwake/shared/engine/records.ts";
import type { Clock } from "./clock.ts";
import { FrameAllowance } from "./frame-allowance.ts";
import { FrameTurns } from "./frame-turns.ts";
import type { History } from "./history.ts";
import type { Meter } from "./meter.ts";
import { type FrameBytes, Replicator } from "./replicator.ts";
import type { Session } from "./session.ts";
import type { Connection } from "./transport.ts";

type FrameOptions = {
  readonly setup: { readonly tickRate: number };
  /** Frames a second to each session. */
  readonly frameRate: number;
  readonly budgetBytesPerSecond: number;
};

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

type Surroundings = { readonly game: GameDefinition; readonly clock: Clock; readonly meter: Meter };

/** A client that answers no frame for so long is not there; a hidden tab answers about once a second. */
const MAX_SILENCE_SECONDS = 60;

export class FrameSender {
  private readonly options: FrameOptions;
  private readonly surroundings: Surroundings;
  private readonly replicator: Replicator;
  private readonly turns: FrameTurns;
  private readonly allowance: FrameAllowance;
  /** Of the frame at hand; kept and reused. */
  private readonly head: Mutable<FrameHead> = { tick: 0, commandMargin: undefined, usualGap: 0, view: undefined };
  private readonly view: Mutable<SentView> = { x: 0, y: 0, shape: 0 };
  private readonly history: History;
  private readonly budget: Mutable<FrameBytes> = { usual: 0, most: 0 };

  constructor(options: FrameOptions, surroundings: Surroundings, history: History) {
    this.options = options;
    this.surroundings = surroundings;
    this.history = history;
    this.replicator = new Replicator(history);
    const { setup, frameRate, budgetBytesPerSecond } = options;
    this.turns = new FrameTurns(setup.tickRate, frameRate, history.format.grid.space.stayMargin);
    this.allowance = new FrameAllowance(budgetBytesPerSecond, setup.tickRate, frameRate);
  }

  /** Sends the newest tick to those whose turn it is, see frame-turns.ts. */
  send(sessions: ReadonlyMap<PlayerId, Session>, records: Records): void {
    const { turns } = this;
    const { tick } = records;
    if (turns.areBordersOld(tick)) turns.drawBorders(Array.from(sessions.values(), ({ interest }) => interest.y));
    this.replicator.begin(tick);
    for (const session of sessions.values()) {
      if (session.presence.state !== "here" || !turns.isDue(session.turn, tick)) continue;
      if (session.isAnswering(tick) && !session.isCongested) this.sendOne(session, records);
      else this.withhold(session, session.presence.connection, tick);
      session.turn = turns.turnAt(session.interest.y, session.turn);
    }
  }

  private sendOne(session: Session, records: Records): void {
    const { tick } = records;
    const { game, meter } = this.surroundings;
    const { fields, at } = game.kinds[0];
    const { rows } = records.kinds[0];
    const slot = records.kinds[0].slotOf(session.player);
    const offset = slot * fields.length;
    const { head, view, budget, allowance, history } = this;
    history.lookFrom(rows, offset, view);
    view.shape = viewFor(history.format.grid.space, session.screen.at(tick));
    const isOther = session.interest.look(view.x, view.y, view.shape, rows[offset + at.x], rows[offset + at.y]);
    head.view = isOther ? view : undefined;
    const gap = session.lastFrameTick === undefined ? undefined : tick - session.lastFrameTick;
    head.tick = tick;
    head.commandMargin = session.takeMargin();
    head.usualGap = Math.min(MAX_GAP, gap ?? 0);
    const savings = allowance.afterTicks(session.savedBytes, gap);
    budget.usual = allowance.usual(savings);
    budget.most = allowance.atMost(savings);
    const bytes = this.replicator.assemble(session.interest, head, slot, budget);
    session.savedBytes = savings - bytes.length;
    session.lastFrameTick = tick;
    session.sendFrame(bytes);
    meter.frameSent(bytes.length);
  }

  /**
   * Sends nothing to a client that does not answer or read, and after a while gives its connection up: notices pile up too.
   * Nothing is lost: the next frame that is sent tells all that has changed since the last one that was.
   */
  private withhold(session: Session, connection: Connection, tick: number): void {
    const { meter, clock } = this.surroundings;
    meter.frameWithheld();
    const { tickRate } = this.options.setup;
    if (tick - (session.lastFrameTick ?? tick) < tickRate * MAX_SILENCE_SECONDS) return;
    connection.close("not-responding");
    session.detach(connection, clock.now());
  }
}
