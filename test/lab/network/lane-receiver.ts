/**
 * The receiving end of an ordered lane: puts pieces in order, acknowledges them, and hands messages over when every byte
 * before them has come and the program takes them.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import { Alarm } from "./alarm.ts";
import { HEADER_BYTES } from "./headers.ts";
import type { Path } from "./path.ts";
import type { Ack, Piece } from "./segments.ts";

/** An acknowledgement waits for so long, or for a second segment, to travel with something that is sent anyway. */
const ACK_WAITS_MS = 40;
const ACK_WAITS_SEGMENTS = 2;

export type Message = { readonly bytes: number; readonly endByte: number; readonly deliver: () => void };

export class LaneReceiver {
  /** Bytes handed in at the far end and not handed over yet, each message with the headers of a segment of its own. */
  waitingBytes = 0;
  private readonly clock: Clock;
  private readonly path: Path;
  private readonly backPath: Path;
  private readonly acknowledge: (ack: Ack) => void;
  private readonly messages: Message[] = [];
  private readonly early = new Map<number, Piece>();
  private readonly ackAlarm: Alarm;
  private readonly readAlarm: Alarm;
  private arrivals = 0;
  private inOrderBytes = 0;
  private unacknowledged = 0;
  private needlessEnds: number[] = [];

  constructor(clock: Clock, path: Path, backPath: Path, acknowledge: (ack: Ack) => void) {
    this.clock = clock;
    this.path = path;
    this.backPath = backPath;
    this.acknowledge = acknowledge;
    this.ackAlarm = new Alarm(clock, () => this.sendAck());
    this.readAlarm = new Alarm(clock, () => this.handOver());
  }

  /** A message was handed in: it is handed over when the bytes up to its last have come. */
  expect(message: Message): void {
    this.messages.push(message);
    this.waitingBytes += message.bytes + HEADER_BYTES.segment;
  }

  take(pieces: readonly Piece[]): void {
    const arrivedBefore = this.arrivals;
    for (const piece of pieces) this.takePiece(piece);
    const isNeedless = this.arrivals === arrivedBefore;
    if (isNeedless) this.needlessEnds.push(pieces.at(-1)!.endByte);
    this.unacknowledged++;
    if (isNeedless || this.early.size > 0 || this.unacknowledged >= ACK_WAITS_SEGMENTS) this.sendAck();
    else this.ackAlarm.setAt(this.clock.now() + ACK_WAITS_MS);
    this.handOver();
  }

  /** What a segment of the other direction tells on its way; undefined: nothing new. */
  takeAck(): Ack | undefined {
    if (this.unacknowledged === 0) return undefined;
    const ack = { arrivals: this.arrivals, needlessEnds: this.needlessEnds };
    this.unacknowledged = 0;
    this.needlessEnds = [];
    this.ackAlarm.setAt(Number.POSITIVE_INFINITY);
    return ack;
  }

  close(): void {
    this.messages.length = 0;
    this.waitingBytes = 0;
    this.ackAlarm.setAt(Number.POSITIVE_INFINITY);
  }

  private takePiece(piece: Piece): void {
    if (piece.arrival !== undefined) return;
    piece.arrival = ++this.arrivals;
    this.early.set(piece.startByte, piece);
    for (let next = this.early.get(this.inOrderBytes); next; next = this.early.get(this.inOrderBytes)) {
      this.early.delete(this.inOrderBytes);
      this.inOrderBytes = next.endByte;
    }
  }

  private sendAck(): void {
    const ack = this.takeAck();
    if (ack !== undefined) this.backPath.send(HEADER_BYTES.ack, () => this.acknowledge(ack));
  }

  private handOver(): void {
    const { messages, path, clock } = this;
    for (let message = messages[0]; message && message.endByte <= this.inOrderBytes; message = messages[0]) {
      if (path.readsAtMs > clock.now()) {
        this.readAlarm.setAt(path.readsAtMs);
        return;
      }
      messages.shift();
      this.waitingBytes -= message.bytes + HEADER_BYTES.segment;
      path.noteRead(message.bytes);
      message.deliver();
    }
  }
}
