/**
 * The game client: from the first connection to the last. It joins, comes back when the connection is lost, and says
 * at every moment in which state the player is.
 */
import type { GameDefinition, NewsItem, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import {
  ASK_AGAIN_REFUSALS,
  type JoinReply,
  type JoinRequest,
  type NoticeBody,
  type NoticeName,
  type Refusal,
  type RequestReply,
  type RoomWish,
} from "@starwake/shared/engine/protocol.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import { Backoff } from "./backoff.ts";
import type { Link, LinkHandlers, OpenLink } from "./link.ts";
import { Match } from "./match.ts";
import { RosterBook } from "./roster-book.ts";
import { SpareLanes } from "./spare-lanes.ts";

/** `waitsFor`: why the server lets the player in later only; they are let in as soon as that has passed. */
export type ClientState =
  | { readonly state: "connecting"; readonly waitsFor?: Refusal | undefined }
  | { readonly state: "playing"; readonly match: Match }
  | {
      readonly state: "reconnecting";
      readonly sinceMs: number;
      readonly holdSeconds: number;
      readonly isServerClosing: boolean;
      readonly waitsFor?: Refusal | undefined;
    }
  /** `detail`: what the server says of a name that it refused. */
  | { readonly state: "refused"; readonly reason: Refusal; readonly detail?: string | undefined };

export type GameClientOptions = {
  readonly game: GameDefinition;
  readonly openLink: OpenLink;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly name: string;
  readonly room: RoomWish;
  /** From an earlier join, to come back to the same ship. */
  readonly token: string | undefined;
  /** The browser's secret, by which who left finds what they left; a bot needs none. */
  readonly key?: string;
  /** Called when the player has a seat, with the token to keep and the room's code. */
  readonly seated?: (token: string, room: string, isPrivate: boolean) => void;
  /** The shape of the screen, see Space.views; asked for in each frame. Without it the first. */
  readonly shape?: () => number;
  readonly news?: (items: readonly NewsItem[]) => void;
  /** Called when a frame came: also where nobody paints, which is when timers may be slow. */
  readonly heard?: () => void;
  /** A number from 0 to below 1, by which waits are spread; the platform's chance unless given. */
  readonly chance?: () => number;
};

const PING_INTERVAL_MS = 1_000;
/** Who drags a window's corner does not tell of every shape on the way. */
const TURN_INTERVAL_MS = 500;
const JOIN_RETRY_MS = 1_500;
/** A hello is answered by then, or the answer was lost with a server that stood still: the seat is asked for once more. */
const ANSWER_MS = 5_000;
/** Between two joins where the first is refused for a while. */
const REFUSED_FIRST_MS = 500;
const REFUSED_MOST_MS = 8_000;
const MAX_EARLY_FRAMES = 100;
/** Frames come thirty times a second: who hears nothing for so long has no connection, or a server that stands still. */
const SILENT_MS = 3_000;
/** Where a server stands still, its players do not all look for another connection in one moment. */
const SILENT_SPREAD_MS = 1_500;
const SUSPECT_AGAIN_MS = 5_000;
/** Who did not come to it for so long stood still, and has to listen first. */
const STOOD_STILL_MS = 1_000;

export class GameClient {
  state: ClientState = { state: "connecting" };
  /** What the server counted of this player's commands. */
  commandCounts: RequestReply<"ping"> | undefined;
  readonly rttSamplesMs: number[] = [];
  /** The whole world, coarsely, as last told: levels as text, see level-text.ts. */
  overview: string | undefined;
  /** Times that a connection with a seat was lost. */
  losses = 0;
  /** Attempts to connect that came to nothing, since the last one that did not. */
  failedAttempts = 0;
  /** Whether there is a connection, with a seat or without. */
  isConnected = false;
  private readonly options: GameClientOptions;
  private readonly link: Link;
  private readonly spares: SpareLanes;
  private readonly book = new RosterBook();
  private token: string | undefined;
  private room: RoomWish;
  private isServerClosing = false;
  private holdSeconds = 0;
  private pingDueMs = 0;
  /** The screen's shape as the server was told it last, and when it may be told another. */
  private toldShape = 0;
  private turnDueMs = 0;
  private joinDueMs: number | undefined;
  private heardMs = 0;
  private silentMs = SILENT_MS;
  private updatedMs = 0;
  private readonly waits: Backoff;
  private isAsking = false;
  /** The number of the newest time that a seat was asked for: an answer to an earlier one counts no more. */
  private question = 0;
  /** When a seat was asked for, and until when the answer to a hello is waited for. */
  private askedMs = 0;
  private answerDueMs = Number.POSITIVE_INFINITY;
  /** Whether the seat was asked for that the server says this connection has. */
  private hasAskedForOwn = false;
  /** Frames that came before the reply to the join, which takes a few turns of the event loop longer. */
  private earlyFrames: Uint8Array[] = [];

  constructor(options: GameClientOptions) {
    this.options = options;
    this.token = options.token;
    this.room = options.room;
    const { openLink, now, chance = Math.random } = options;
    this.waits = new Backoff(REFUSED_FIRST_MS, REFUSED_MOST_MS, chance);
    this.link = openLink(this.handlers());
    this.spares = new SpareLanes(openLink, now, (bytes) => this.read(bytes), chance);
  }

  /** Everyone in the room, as last told; a new map whenever it changes. */
  get roster(): ReadonlyMap<PlayerId, RosterEntry> {
    return this.book.entries;
  }

  /** Moves on to now; called for each rendered frame, or for each tick by a bot. */
  update(sample: () => RecordOf<Schema>): void {
    const nowMs = this.options.now();
    if (nowMs >= this.answerDueMs) this.giveUpAnswer();
    if (this.joinDueMs !== undefined && nowMs >= this.joinDueMs) this.join();
    if (this.state.state !== "playing") return;
    const { match } = this.state;
    this.watchSilence(nowMs);
    match.update(nowMs, sample);
    this.spares.tend(match.isStalling, match.joined.token);
    match.carryWithSpares(this.spares.areServing, this.spares.areCarrying);
    if (nowMs >= this.pingDueMs) this.ping(nowMs);
    if (nowMs >= this.turnDueMs && this.shape !== this.toldShape) this.turn(nowMs);
  }

  private watchSilence(nowMs: number): void {
    if (nowMs - this.updatedMs > STOOD_STILL_MS) this.heardMs = nowMs;
    this.updatedMs = nowMs;
    if (nowMs - this.heardMs < this.silentMs) return;
    this.heardMs = nowMs - this.silentMs + SUSPECT_AGAIN_MS;
    this.link.suspect?.();
  }

  /** Gives the seat up and closes the connection. */
  leave(): void {
    this.joinDueMs = undefined;
    this.spares.close();
    const close = () => this.link.close();
    if (this.state.state === "playing") this.link.request("leave", {}).then(close, close);
    else close();
  }

  private handlers(): LinkHandlers {
    return {
      hello: () => ({ join: this.beginJoin() }),
      opened: () => {
        this.failedAttempts = 0;
        this.isConnected = true;
        if (this.isAsking) this.answerDueMs = this.options.now() + ANSWER_MS;
        else this.join();
      },
      lost: (lastWord) => this.lose(lastWord),
      refused: (reason) => this.end(reason),
      frame: (bytes) => this.receive(bytes),
      notice: (name, body) => this.hear(name, body),
    };
  }

  /** A frame that cannot be read leaves nothing to rely on: the same seat is asked for again, and starts anew. */
  private receive(bytes: Uint8Array): void {
    if (this.isAsking) {
      if (this.earlyFrames.length < MAX_EARLY_FRAMES) this.earlyFrames.push(bytes);
    } else {
      if (this.state.state === "playing") this.state.match.wire.cameDown(bytes.length);
      this.spares.receive(bytes);
    }
  }

  private read(bytes: Uint8Array): void {
    if (this.state.state !== "playing") return;
    this.heardMs = this.options.now();
    const { match } = this.state;
    const isRead = match.receive(bytes, this.heardMs);
    if (match.wayUpMs !== undefined) this.spares.hearWayUp(match.wayUpMs);
    if (!isRead && this.joinDueMs === undefined) this.joinDueMs = this.options.now() + JOIN_RETRY_MS;
    this.options.heard?.();
  }

  private join(): void {
    if (this.isAsking) return;
    const wish = this.beginJoin();
    const { question } = this;
    this.link.request("join", wish).then(
      (reply) => {
        if (question === this.question) this.takeJoinReply(reply);
      },
      () => {
        if (question !== this.question) return;
        // No answer, or the link went down meanwhile: ask again; when it comes back it asks by itself.
        this.isAsking = false;
        this.joinDueMs = this.options.now() + JOIN_RETRY_MS;
      },
    );
  }

  /** From now on the answer is waited for. @returns what to ask */
  private beginJoin(): JoinRequest {
    this.joinDueMs = undefined;
    this.question++;
    this.isAsking = true;
    this.earlyFrames = [];
    this.overview = undefined;
    const { name, key, now } = this.options;
    this.askedMs = now();
    this.toldShape = this.shape;
    return { name, room: this.room, token: this.token, key, shape: this.toldShape };
  }

  private takeJoinReply(reply: JoinReply): void {
    this.isAsking = false;
    this.answerDueMs = Number.POSITIVE_INFINITY;
    if (reply.ok) this.sit(reply, this.options.now() - this.askedMs);
    else this.beRefused(reply.reason, reply.detail);
  }

  private giveUpAnswer(): void {
    this.isAsking = false;
    this.answerDueMs = Number.POSITIVE_INFINITY;
    this.join();
    this.link.suspect?.();
  }

  private beRefused(reason: Refusal, detail: string | undefined): void {
    if (ASK_AGAIN_REFUSALS.has(reason)) {
      this.joinDueMs = this.options.now() + this.waits.take();
      this.waitFor(reason);
      return;
    }
    if (reason === "already-joined" && !this.hasAskedForOwn) {
      this.askForOwn();
      return;
    }
    this.link.close();
    this.end(reason, detail);
  }

  /** For good: nothing is asked any more. */
  private end(reason: Refusal, detail?: string): void {
    this.spares.close();
    this.isConnected = this.isAsking = false;
    this.question++;
    this.joinDueMs = undefined;
    this.answerDueMs = Number.POSITIVE_INFINITY;
    this.state = { state: "refused", reason, detail };
  }

  /** The connection has a seat of which nothing was heard. Who asks by quick play and without a token is given that. */
  private askForOwn(): void {
    this.hasAskedForOwn = true;
    this.token = undefined;
    this.room = { kind: "quick" };
    this.join();
  }

  private waitFor(reason: Refusal | undefined): void {
    const { state } = this;
    if (state.state === "connecting" || state.state === "reconnecting") this.state = { ...state, waitsFor: reason };
  }

  private sit(joined: Extract<RequestReply<"join">, { ok: true }>, rttMs: number): void {
    const match = new Match(this.options.game, joined, rttMs, this.options.now(), (bytes) => {
      this.link.sendPacket(bytes);
      match.wire.wentUp(bytes.length);
      this.spares.send(bytes);
    });
    this.token = joined.token;
    this.room = { kind: "code", code: joined.room };
    // A public room is not looked for by its code after it is gone: any will do.
    if (!joined.isPrivate) this.room = { kind: "quick" };
    this.holdSeconds = joined.holdSeconds;
    this.isServerClosing = false;
    this.hasAskedForOwn = false;
    this.waits.reset();
    this.silentMs = SILENT_MS + SILENT_SPREAD_MS * (this.options.chance ?? Math.random)();
    this.pingDueMs = 0;
    this.state = { state: "playing", match };
    this.spares.begin(joined.tick, 1000 / joined.setup.tickRate, rttMs, match.wire);
    for (const frame of this.earlyFrames) this.spares.receive(frame);
    this.earlyFrames = [];
    this.options.seated?.(joined.token, joined.room, joined.isPrivate);
  }

  private lose(lastWord: Refusal | undefined): void {
    this.isConnected = false;
    this.isAsking = false;
    this.answerDueMs = Number.POSITIVE_INFINITY;
    if (this.state.state === "refused") return;
    this.spares.close();
    if (this.state.state !== "playing") this.failedAttempts++;
    else {
      this.losses++;
      this.state = {
        state: "reconnecting",
        sinceMs: this.options.now(),
        holdSeconds: this.holdSeconds,
        isServerClosing: this.isServerClosing,
      };
    }
    this.waitFor(lastWord !== undefined && ASK_AGAIN_REFUSALS.has(lastWord) ? lastWord : undefined);
  }

  private hear<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    if (name === "joinReply") this.hearJoinReply(body as JoinReply);
    else if (name === "bulletin") this.hearBulletin(body as NoticeBody<"bulletin">);
    else if (name === "closing") this.isServerClosing = true;
  }

  /** Of an answer that was given up, the seat was asked for once more since. */
  private hearJoinReply(reply: JoinReply): void {
    if (this.answerDueMs < Number.POSITIVE_INFINITY) this.takeJoinReply(reply);
  }

  /** The roster first: the news may tell of someone who just came. */
  private hearBulletin(bulletin: NoticeBody<"bulletin">): void {
    this.book.hear(bulletin);
    this.overview = bulletin.overview ?? this.overview;
    if (bulletin.news !== undefined) this.options.news?.(bulletin.news);
  }

  private get shape(): number {
    return this.options.shape?.() ?? 0;
  }

  /** Says that the screen has another shape, and once more if that is lost. */
  private turn(nowMs: number): void {
    this.turnDueMs = nowMs + TURN_INTERVAL_MS;
    const before = this.toldShape;
    this.toldShape = this.shape;
    this.link.request("turn", { shape: this.toldShape }).catch(() => {
      this.toldShape = before;
    });
  }

  private ping(nowMs: number): void {
    this.pingDueMs = nowMs + PING_INTERVAL_MS;
    this.link.request("ping", {}).then(
      (counts) => this.takePing(counts, this.options.now() - nowMs),
      () => {},
    );
  }

  private takePing(counts: RequestReply<"ping">, rttMs: number): void {
    this.commandCounts = counts;
    this.rttSamplesMs.push(rttMs);
    this.spares.hearPing(rttMs, counts.heldUp);
    if (this.state.state === "playing") this.state.match.rttMs = rttMs;
  }
}
