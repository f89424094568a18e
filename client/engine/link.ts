/**
 * The link: what the client needs of whatever carries messages to the server. socket.io stands behind it in the page
 * and in bots, a loopback in tests. It is the client's end of server/engine/transport.ts.
 */
import type {
  HelloWish,
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
  /**
   * Nothing was heard for a while, or the device has another network: the connection may be dead without knowing it. Another
   * one is opened beside it, and takes its place unless the first is heard again.
   */
  suspect?(): void;
  /** Closes for good; neither `lost` nor `refused` is called after it. */
  close(): void;
};

export type LinkHandlers = {
  /** Several are opened together, of which one may come later: an attempt to connect is not raced by another. */
  readonly isOneOfMany?: boolean;
  /** Asked whenever a hello is about to be said: what rides with it. The answer is a notice, `joinReply` or `spareReply`. */
  hello?(): HelloWish;
  /** The link is up, for the first time or again; whoever had joined joins anew, if the hello did not. */
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
