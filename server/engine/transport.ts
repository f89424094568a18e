/**
 * The transport: what the server needs of whatever carries messages. socket.io stands behind it in production, a
 * loopback in tests; a datagram lane is to come.
 *
 * A transport checks what arrives before it hands it on: bodies fit their schema, rates are within limits. What it
 * drops it counts. A handler that throws costs its own connection, and nothing else.
 */
import type {
  NoticeBody,
  NoticeName,
  Refusal,
  RequestBody,
  RequestName,
  RequestReply,
} from "@starwake/shared/engine/protocol.ts";

/** One client as the server sees it. */
export type Connection = {
  readonly id: string;
  /** The peer's address, for logs. */
  readonly address: string;
  /** What limits by address count by, see address-group.ts. */
  readonly addressGroup: string;
  /** So much waits for the client that a frame would only wait behind it. */
  readonly isCongested: boolean;
  /** Sends a frame, and keeps none of its bytes: they are written over afterwards. */
  sendFrame(bytes: Uint8Array): void;
  notify<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void;
  /** Says whether it sits, or carries copies for a seat: a connection that does neither for some seconds is closed. */
  setSeated(isSeated: boolean): void;
  /** Tells the reason (the `farewell` notice) and closes; closed() is not called after it. */
  close(reason: Refusal): void;
};

/** What the server does with what one client sends. */
export type ConnectionHandlers = {
  /**
   * A command packet, not parsed yet.
   * @returns false: it is malformed, which none of a client's is; it is the transport's to count
   */
  packet(bytes: Uint8Array): boolean;
  request<Name extends RequestName>(name: Name, body: RequestBody<Name>): RequestReply<Name>;
  /**
   * The connection ended without close() having been called. This may come in the middle of a request of its own: what is
   * sent to answer it may be what ends it.
   */
  closed(): void;
};

export type AcceptConnection = (connection: Connection) => ConnectionHandlers;

/** Anything that was dropped or refused, by reason; the metrics count it. */
export type CountRefusal = (reason: string) => void;
