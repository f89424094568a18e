/**
 * The wire's end: the server's end of one WebSocket, from its upgrade until its socket is gone. Everything that the peer
 * sends is charged here before anybody reads it, everything that waits for the peer is bounded, and whatever throws on
 * behalf of this peer ends this wire and no other.
 *
 * A wire serves one connection. After the last word nothing is read any more, and the socket is destroyed soon.
 */
import type { EventEmitter } from "node:events";
import type { Socket as Stream } from "node:net";
import { COMMAND_TAG, MAX_PACKET_BYTES } from "@starwake/shared/engine/command-packet.ts";
import { MAX_REQUEST_BYTES, type Refusal } from "@starwake/shared/engine/protocol.ts";
import type { WireGuard } from "@starwake/shared/engine/wire-parser.ts";
import { type Backlog, bytesWaitingIn, WAITING_WRITE_BYTES } from "./backlog.ts";
import type { Clock } from "./clock.ts";
import type { ConnectionCounts } from "./connection-limits.ts";
import { FloodGuard } from "./flood-guard.ts";
import type { Log } from "./log.ts";
import { QuestionAllowance, questionsIn } from "./question-allowance.ts";
import { stopReading } from "./read-in-place.ts";
import type { RestingStreams } from "./resting-streams.ts";
import { type MessageTaker, takeAhead } from "./take-ahead.ts";
import type { CountRefusal } from "./transport.ts";
import type { FrameKind } from "./websocket-bytes.ts";

/** What a wire needs of engine.io's socket. */
export type EngineSocket = EventEmitter & {
  readonly transport: { readonly writable: boolean };
  close(): void;
};

/** What a wire needs of the connection that it serves. */
export type ServedConnection = {
  /** @returns false: it is malformed */
  takePacket(bytes: Uint8Array): boolean;
  /** @returns false: it is something else, for ws, engine.io and socket.io */
  takePing(text: Buffer): boolean;
  /** Tells the reason and closes, and tells whoever handles the connection. */
  dismiss(reason: Refusal): void;
};

/** What all wires of a server have in common. */
export type WireSurroundings = {
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: ConnectionCounts<WireEnd>;
  readonly backlog: Backlog;
  readonly resting: RestingStreams;
  readonly countRefusal: CountRefusal;
  /** Called after each read. */
  readonly packetTaken: () => void;
};

/** Who sends a longer message is sent away at once; nothing honest is near it. */
export const MAX_MESSAGE_BYTES = 16 * 1024;
/** A piece of a frame counts as so much beside the frame: to read one byte is as much work, and its copy takes a part of it. */
const PIECE_BYTES = 1024;
/** The longest header of RFC 6455, and the mask. */
const MOST_HEADER_BYTES = 14;
/** A frame that is announced to be longer is not even received. */
const MOST_FRAME_BYTES = MAX_MESSAGE_BYTES + MOST_HEADER_BYTES;
/** Longer ones are dropped unread: no client sends one. A text is engine.io's digit longer than its message. */
const LONGEST_PACKET_FRAME_BYTES = MAX_PACKET_BYTES + MOST_HEADER_BYTES;
const LONGEST_TEXT_FRAME_BYTES = 1 + MAX_REQUEST_BYTES + MOST_HEADER_BYTES;
/**
 * What no client sends costs its sender's patience as so many frames too many: one or a few are forgiven, and who sends
 * 75 from a seat, or five from none, is sent away.
 */
const GARBLED_COSTS_FRAMES = 20;
/**
 * What may wait for a peer that does not read: the picture that a seat begins with, notices and answers; and less where much
 * waits for others, see backlog.ts. What a write takes beside its bytes is counted in.
 */
const MOST_WAITING_BYTES = 128 * 1024;
/** The same for a peer without a seat, which is sent next to nothing. */
const MOST_WAITING_UNSEATED_BYTES = 32 * 1024;
/** While more waits than this, a frame would only wait behind it: some 20 small ones. */
const CONGESTED_BYTES = 8 * 1024;
/** A peer that neither sits nor carries copies for a seat is sent away after this. */
const UNSEATED_MS = 10_000;
/** The last word has so long to go out; then the socket is destroyed, whatever the peer does. */
const LAST_WORD_MS = 700;
/** A client that floods makes it harder for its address to come back: by as many new connections as this. */
const FLOODING_COSTS_CONNECTS = 20;

export class WireEnd implements WireGuard, MessageTaker {
  readonly address: string;
  readonly group: string;
  readonly stream: Stream;
  /** Why the client is to be refused when it says hello; it was let in to be told. */
  refusal: Refusal | undefined;
  connection: ServedConnection | undefined;
  private readonly surroundings: WireSurroundings;
  private readonly flood: FloodGuard;
  private socket: EngineSocket | undefined;
  private hasGreeted = false;
  private isSeated = false;
  private isEnding = false;
  private hasSaidGoodbye = false;
  private readonly allowance: QuestionAllowance;
  /** What engine.io keeps back until the kernel has taken what went before. */
  private keptBackBytes = 0;
  /** What the backlog has been told that waits for this peer. */
  private countedBytes = 0;
  private cancelUnseated = () => {};

  constructor(surroundings: WireSurroundings, stream: Stream, address: string, group: string) {
    const { clock, countRefusal } = surroundings;
    this.surroundings = surroundings;
    this.stream = stream;
    this.address = address;
    this.group = group;
    this.flood = new FloodGuard(clock, countRefusal, () => this.sendAwayForFlooding());
    this.allowance = new QuestionAllowance(clock.now());
    stream.once("close", () => this.release());
  }

  /**
   * Counts the wire, and has another one give its place up where that is needed.
   * @returns false: there is no place for it, not even to be told so
   */
  enter(): boolean {
    this.awaitSeat();
    const { connections, unseated, turnedAway } = this.surroundings.counts;
    // Both are asked first: nobody gives a place up to one who gets none.
    const problem = connections.problemWith(this.group) ?? unseated.problemWith(this.group);
    if (problem !== undefined) {
      this.refusal = problem === "full" ? "server-full" : "too-many-connections";
      this.surroundings.countRefusal(this.refusal);
      return turnedAway.add(this, this.group).isAdded;
    }
    for (const limit of [connections, unseated]) {
      const admission = limit.add(this, this.group);
      if (admission.isAdded) admission.displaced?.sendAway("server-full");
    }
    return true;
  }

  /** Takes over the WebSocket's bytes and its end. @param webSocket ws's */
  open(socket: EngineSocket, webSocket: EventEmitter): void {
    this.socket = socket;
    socket.on("packetCreate", (packet: { data?: string | Uint8Array }) =>
      this.attempt(() => this.keepBack(packet.data?.length ?? 0)),
    );
    socket.on("drain", () => {
      this.keptBackBytes = 0;
    });
    socket.on("close", (_reason: unknown, details: unknown) =>
      this.attempt(() => {
        if (isOversized(details)) this.refused("oversized");
        // engine.io has written all that it kept back, and the closing frame: a peer that reads hears the end at once.
        if (this.isEnding) this.stream.end();
        else this.leave();
      }),
    );
    this.attempt(() => takeAhead(webSocket, this.stream, this, this.surroundings.packetTaken));
  }

  // What arrives.

  /** Charges a WebSocket frame of so many bytes; false: it is dropped unread. */
  admits(bytes: number, kind: FrameKind): boolean {
    if (this.isEnding) return false;
    if (bytes > MOST_FRAME_BYTES) {
      this.refused("oversized");
      this.sendAway("malformed");
      return false;
    }
    if (kind === "closing" && !this.hasSaidGoodbye) {
      // Whatever it has asked before, a peer that leaves is heard: its place is another's then.
      this.hasSaidGoodbye = true;
      return true;
    }
    const isPacket = kind === "packet";
    if (bytes > (isPacket ? LONGEST_PACKET_FRAME_BYTES : LONGEST_TEXT_FRAME_BYTES)) {
      // What was received is charged all the same.
      if (this.flood.accepts(bytes, isPacket)) this.garbled("malformed");
      return false;
    }
    return this.flood.accepts(bytes, isPacket) && (isPacket || this.mayAsk(questionsIn(bytes)));
  }

  /** Whether there is time for so many questions: out of its own allowance, or by what its address and all others have asked. */
  private mayAsk(questions: number): boolean {
    const { counts, clock } = this.surroundings;
    const now = clock.now();
    if (this.allowance.take(now, questions)) return true;
    if (counts.questions.problemWith(this.group, now, questions) === undefined) return true;
    this.refused("too-many-questions");
    this.flood.blame(questions);
    if (!this.isEnding) this.surroundings.resting.rest(this.stream);
    return false;
  }

  /** Charges a piece of bytes in which no frame begins. */
  crumbled(): void {
    if (!this.isEnding) this.flood.accepts(PIECE_BYTES, false);
  }

  /** Takes a message; false: it is for ws, engine.io and socket.io. */
  takes(bytes: Buffer, isBinary: boolean): boolean {
    if (this.connection === undefined) return false;
    if (!isBinary) return this.connection.takePing(bytes);
    if (bytes[0] !== COMMAND_TAG || !this.connection.takePacket(bytes)) this.garbled("malformed");
    return true;
  }

  /** All that came at once has been taken; the peer has said its last word, or not. */
  paused(isClosing: boolean): void {
    this.checkWaiting();
    if (isClosing) this.leave();
  }

  /** Counts a message that no client sends, and sends away who goes on. */
  garbled(reason: "malformed" | "unknown-event"): void {
    this.refused(reason);
    this.flood.blame(GARBLED_COSTS_FRAMES);
  }

  private refused(reason: string): void {
    this.surroundings.countRefusal(reason);
  }

  greets(): boolean {
    if (!this.hasGreeted) {
      this.hasGreeted = true;
      return true;
    }
    this.refused("second-hello");
    this.sendAway("malformed");
    return false;
  }

  // What waits.

  private keepBack(bytes: number): void {
    this.keptBackBytes += bytes + WAITING_WRITE_BYTES;
    this.checkWaiting();
  }

  private get waitingBytes(): number {
    return this.keptBackBytes + bytesWaitingIn(this.stream);
  }

  /** Whether so much waits for the peer that a frame is better not sent: the next one tells all that it would have told. */
  get isCongested(): boolean {
    return this.waitingBytes > CONGESTED_BYTES;
  }

  /** Leaves a peer that does not read: it would not read a farewell either, and what waits for it is let go of now. */
  checkWaiting(): void {
    if (this.isEnding) return;
    const { backlog } = this.surroundings;
    const bytes = this.waitingBytes;
    backlog.add(bytes - this.countedBytes);
    this.countedBytes = bytes;
    if (bytes <= Math.min(this.isSeated ? MOST_WAITING_BYTES : MOST_WAITING_UNSEATED_BYTES, backlog.share)) return;
    this.refused("not-responding");
    this.sendAway("not-responding");
    this.stream.destroy();
  }

  // Whether it sits.

  setSeated(isSeated: boolean): void {
    if (isSeated === this.isSeated) return;
    const { counts, clock } = this.surroundings;
    const { unseated } = counts;
    this.isSeated = isSeated;
    this.flood.setSeated(isSeated);
    this.allowance.setSeated(isSeated, clock.now());
    if (isSeated) {
      unseated.remove(this);
      this.cancelUnseated();
      return;
    }
    const admission = unseated.add(this, this.group);
    if (!admission.isAdded) this.sendAway("too-many-connections");
    else admission.displaced?.sendAway("server-full");
    this.awaitSeat();
  }

  private awaitSeat(): void {
    this.cancelUnseated();
    if (this.isEnding) return;
    this.cancelUnseated = this.surroundings.clock.after(UNSEATED_MS, () => {
      this.refused("not-seated");
      this.sendAway("not-seated");
    });
  }

  // The end.

  /** Runs what serves this peer; what it throws ends this wire alone. */
  attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error: unknown): void {
    this.surroundings.log.error(
      { err: error, address: this.address },
      "serving a client threw; its connection is closed",
    );
    this.refused("handler-failed");
    this.sendAway("room-failed");
  }

  private sendAwayForFlooding(): void {
    if (this.isEnding) return;
    const { counts, clock } = this.surroundings;
    counts.connects.spend(this.group, FLOODING_COSTS_CONNECTS, clock.now());
    this.sendAway("flooding");
  }

  /** Tells why if there is a connection to tell, and ends. */
  sendAway(reason: Refusal): void {
    if (this.isEnding) return;
    try {
      this.connection?.dismiss(reason);
    } catch (error) {
      this.surroundings.log.error(
        { err: error, address: this.address },
        "a client could not be sent away as it should",
      );
    }
    this.end();
  }

  /** Reads nothing any more, has the last word said, and destroys the socket soon, whatever the peer does. */
  end(sayLastWord?: () => void): void {
    if (this.isEnding) return;
    this.beginEnd();
    if (sayLastWord !== undefined) this.attempt(sayLastWord);
    this.closeSocket();
    if (this.stream.destroyed) return;
    const cancel = this.surroundings.clock.after(LAST_WORD_MS, () => this.stream.destroy());
    this.stream.once("close", cancel);
  }

  /** Ends where the peer has left, or wishes to: there is nothing to be told. */
  leave(): void {
    if (this.isEnding) return;
    this.beginEnd();
    this.closeSocket();
    this.letGo();
  }

  /** Destroys the socket as soon as the kernel has what was written, and at once if it does not take that. */
  letGo(): void {
    if (this.stream.writableLength > 0) this.stream.destroy();
    else this.stream.destroySoon();
  }

  private beginEnd(): void {
    this.isEnding = true;
    this.cancelUnseated();
    this.surroundings.resting.forget(this.stream);
    stopReading(this.stream);
  }

  private closeSocket(): void {
    if (this.socket === undefined) this.stream.end();
    else this.attempt(() => this.socket?.close());
  }

  /** The socket is gone. */
  private release(): void {
    const { connections, unseated, turnedAway } = this.surroundings.counts;
    for (const limit of [connections, unseated, turnedAway]) limit.remove(this);
    this.cancelUnseated();
    this.isEnding = true;
    this.surroundings.resting.forget(this.stream);
    // From here on nothing is counted any more.
    this.surroundings.backlog.add(-this.countedBytes);
    this.countedBytes = 0;
  }
}

/** ws ends a socket whose message is too large with an error of these words, which engine.io hands on as the details. */
function isOversized(details: unknown): boolean {
  return details instanceof Error && details.message.includes("Max payload size exceeded");
}
