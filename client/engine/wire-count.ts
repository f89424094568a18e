/**
 * The wire count: how many bytes a match takes on the line, with what the network adds, over all lanes. A page cannot see its
 * packets; every message is one of its own, since they are small and Nagle's algorithm is off. Held against a relay's count of
 * IP packets this is within a fifth (test/real-network).
 */

/** Of IP, TCP with its time stamps, and WebSocket, whose messages are masked on the way up. */
const HEADER_BYTES = { down: 54, up: 60 };
/** An acknowledgement that finds no message to ride on. */
const ACKNOWLEDGEMENT_BYTES = 52;

export class WireCount {
  private downMessages = 0;
  private upMessages = 0;
  private downPayload = 0;
  private upPayload = 0;

  cameDown(bytes: number): void {
    this.downMessages++;
    this.downPayload += bytes;
  }

  wentUp(bytes: number): void {
    this.upMessages++;
    this.upPayload += bytes;
  }

  /** Since the beginning. */
  get downBytes(): number {
    const acknowledgements = Math.max(0, this.upMessages - this.downMessages);
    return this.downPayload + this.downMessages * HEADER_BYTES.down + acknowledgements * ACKNOWLEDGEMENT_BYTES;
  }

  get upBytes(): number {
    const acknowledgements = Math.max(0, this.downMessages - this.upMessages);
    return this.upPayload + this.upMessages * HEADER_BYTES.up + acknowledgements * ACKNOWLEDGEMENT_BYTES;
  }
}
