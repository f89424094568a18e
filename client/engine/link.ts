/**
 * The link: what the client needs of whatever carries messages to the server. socket.io stands behind it in the page
 * and in bots, a loopback in tests. It is the client's end of server/engine/transport.ts.
 */
import type {
  NoticeBody,
  NoticeName,
  Refusal,
  RequestBody,
  RequestName,
  RequestReply,
} from "@starwake/shared/engine/protocol.ts";

export type Link = {
  /** Sends a command packet; dropped without a word while the link is down. */
  sendPacket(bytes: Uint8Array): void;
  /** Asks the server; rejects when no reply came in time, or the link went down. */
  request<Name extends RequestName>(name: Name, body: RequestBody<Name>): Promise<RequestReply<Name>>;
  /** Closes for good; `closed` is not called after it. */
  close(): void;
};

export type LinkHandlers = {
  /** The link is up, for the first time or again; whoever had joined joins anew. */
  opened(): void;
  /**
   * The link is down; it comes back by itself (opened() is called again) or is refused.
   * @param lastWord what the server said of it, if it said anything: also to a link that it did not let in yet
   */
  lost(lastWord?: Refusal): void;
  /** The link is down for good. */
  refused(reason: Refusal): void;
  frame(bytes: Uint8Array): void;
  notice<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void;
};

export type OpenLink = (handlers: LinkHandlers) => Link;
