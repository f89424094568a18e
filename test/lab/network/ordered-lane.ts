/**
 * An ordered connection over a lossy path, as two lanes: nothing is dropped and nothing overtakes, but a loss holds up
 * all that follows until it has been sent again. Its figures are held against those of a kernel's TCP in
 * test/lab/network.test.ts.
 *
 * Next: lane-sender.ts.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import type { Lane } from "../../support/loopback.ts";
import { HEADER_BYTES, webSocketHeaderBytes } from "./headers.ts";
import { LaneReceiver } from "./lane-receiver.ts";
import { LaneSender } from "./lane-sender.ts";
import type { Path, Route } from "./path.ts";

/** What a lane has seen, for measures and invariants. */
export type LaneFigures = {
  /** Bytes handed in and not handed over yet, each message with the headers of a segment of its own. */
  readonly waitingBytes: number;
  readonly mostWaitingBytes: number;
  /** Sent, also again. */
  readonly segments: number;
  readonly resends: number;
};

export type NetworkLane = Lane & { readonly figures: LaneFigures };
export type Connection = { readonly up: OrderedLane; readonly down: OrderedLane };

/** Each lane's acknowledgements travel with what the other one sends. */
export function createConnection(clock: Clock, { up: upPath, down: downPath }: Route): Connection {
  const up: OrderedLane = new OrderedLane(clock, "up", upPath, downPath, () => down);
  const down: OrderedLane = new OrderedLane(clock, "down", downPath, upPath, () => up);
  return { up, down };
}

export class OrderedLane implements NetworkLane {
  private readonly direction: "up" | "down";
  private readonly sender: LaneSender;
  private readonly receiver: LaneReceiver;
  private mostWaitingBytes = 0;
  private isClosed = false;

  constructor(clock: Clock, direction: "up" | "down", path: Path, backPath: Path, other: () => OrderedLane) {
    this.direction = direction;
    this.sender = new LaneSender(clock, (pieces, bytes) => {
      const back = other();
      const ack = back.receiver.takeAck();
      path.send(bytes + HEADER_BYTES.segment, () => {
        if (ack !== undefined) back.sender.hear(ack);
        if (!this.isClosed) this.receiver.take(pieces);
      });
    });
    this.receiver = new LaneReceiver(clock, path, backPath, (ack) => this.sender.hear(ack));
  }

  get figures(): LaneFigures {
    const { mostWaitingBytes, receiver, sender } = this;
    const { segments, resends } = sender;
    return { waitingBytes: receiver.waitingBytes, mostWaitingBytes, segments, resends };
  }

  send(bytes: number, deliver: () => void): void {
    if (this.isClosed) return;
    const size = bytes + webSocketHeaderBytes(bytes, this.direction);
    this.receiver.expect({ bytes: size, endByte: this.sender.handIn(size), deliver });
    this.mostWaitingBytes = Math.max(this.mostWaitingBytes, this.receiver.waitingBytes);
    this.sender.push();
  }

  /** A round trip that was measured before anything was sent: that of the handshake. */
  noteRoundTrip(ms: number): void {
    this.sender.roundTrips.add(ms);
  }

  /** Nobody reads any more: what is on its way is dropped, and nothing is sent again. */
  close(): void {
    this.isClosed = true;
    this.sender.close();
    this.receiver.close();
  }
}
