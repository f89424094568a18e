/** What a lane's sender keeps of what it sent, and what travels. */

/** TCP's most, with time stamps, over a path that carries packets of 1,500 bytes. */
export const SEGMENT_BYTES = 1448;

/** A range of the stream of bytes, as it was first sent. */
export type Piece = {
  readonly startByte: number;
  readonly endByte: number;
  /** The receiver's count of pieces when this one came; undefined: it has not. An acknowledgement tells of a count. */
  arrival: number | undefined;
};

/** What was sent and is not acknowledged yet. Pieces that follow each other are sent again together. */
export type Segment = {
  readonly number: number;
  readonly pieces: Piece[];
  bytes: number;
  /** The last time that it was sent, and how many there were. */
  sentMs: number;
  sendOrder: number;
  timesSent: number;
  isLost: boolean;
  isDelivered: boolean;
};

/** What the receiver says of what came. */
export type Ack = {
  /** The pieces that had come by then; which of them came out of order is told, too. */
  readonly arrivals: number;
  /** Of segments since the last acknowledgement of which every byte had come before: where each ended. */
  readonly needlessEnds: readonly number[];
};
