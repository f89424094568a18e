/**
 * One client, from its hello on: hands what it sends to its handlers, for as long as it lasts. None of its methods throws:
 * what fails costs this connection alone.
 */
import type { Socket as Stream } from "node:net";
import {
  type HelloWish,
  type NoticeBody,
  type NoticeName,
  type Refusal,
  type RequestName,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import type { NoticeMessages } from "./notice-messages.ts";
import { numberOfPing, replyToPing } from "./pings.ts";
import type { AcceptConnection, Connection, ConnectionHandlers } from "./transport.ts";
import { MessageWriter, Opcode } from "./websocket-bytes.ts";
import type { ServedConnection, WireEnd } from "./wire-end.ts";

/** What a connection needs of socket.io's socket. */
export type ClientSocket = {
  readonly id: string;
  readonly conn: {
    readonly transport: { readonly writable: boolean };
    write(data: Buffer, options: { compress: boolean }): unknown;
  };
  emit(name: string, body: unknown): unknown;
  disconnect(closes: boolean): unknown;
  onAny(listener: (event: string, ...rest: unknown[]) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
};

/** What all connections of a server have in common. */
export type ConnectionSurroundings = {
  readonly accept: AcceptConnection;
  readonly notices: NoticeMessages;
};

/** Whoever they are for, frames are written one after the other. */
const frames = new MessageWriter();

export class SocketConnection implements Connection, ServedConnection {
  readonly id: string;
  readonly address: string;
  readonly addressGroup: string;
  private readonly surroundings: ConnectionSurroundings;
  private readonly socket: ClientSocket;
  private readonly end: WireEnd;
  /** What carries the WebSocket. */
  private readonly stream: Stream;
  private handlers: ConnectionHandlers | undefined;
  private isOpen = true;

  /** To be made within `end.attempt()`. */
  constructor(surroundings: ConnectionSurroundings, socket: ClientSocket, end: WireEnd) {
    this.surroundings = surroundings;
    this.socket = socket;
    this.end = end;
    this.stream = end.stream;
    this.id = socket.id;
    this.address = end.address;
    this.addressGroup = end.group;
    end.connection = this;
    this.listen();
    this.handlers = surroundings.accept(this);
  }

  /** Grants, or refuses, what the client came for. To be called within `end.attempt()`. */
  answerHello({ join, spare }: HelloWish): void {
    const { handlers } = this;
    if (!this.isOpen || handlers === undefined) return;
    if (join !== undefined) this.notify("joinReply", handlers.request("join", join));
    else if (spare !== undefined) this.notify("spareReply", handlers.request("spare", spare));
  }

  get isCongested(): boolean {
    return this.end.isCongested;
  }

  sendFrame(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const { stream, end } = this;
    const { conn } = this.socket;
    try {
      // What engine.io keeps back goes first. What it has let go of, ws has written in whole messages: none is compressed.
      if (!conn.transport.writable) conn.write(Buffer.from(bytes), { compress: false });
      else if (stream.writable) frames.write(stream, Opcode.Binary, bytes);
      end.checkWaiting();
    } catch (error) {
      end.failed(error);
    }
  }

  notify<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    if (this.isOpen) this.end.attempt(() => this.tell(name, body));
  }

  private tell<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    const { stream, socket } = this;
    const { notices } = this.surroundings;
    if (socket.conn.transport.writable && stream.writable) stream.write(notices.messageOf(name, body));
    else socket.emit(name, body);
    this.end.checkWaiting();
  }

  setSeated(isSeated: boolean): void {
    if (this.isOpen) this.end.attempt(() => this.end.setSeated(isSeated));
  }

  close(reason: Refusal): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.end.end(() => {
      this.tell("farewell", { reason });
      this.socket.disconnect(true);
    });
  }

  dismiss(reason: Refusal): void {
    if (!this.isOpen) return;
    this.close(reason);
    this.end.attempt(() => this.handlers?.closed());
  }

  private listen(): void {
    this.socket.onAny((event, ...rest) => this.hand((handlers) => this.answer(handlers, event, rest)));
    this.socket.on("disconnect", () => {
      this.hand((handlers) => handlers.closed());
      this.isOpen = false;
      this.end.leave();
    });
  }

  private answer(handlers: ConnectionHandlers, event: string, rest: readonly unknown[]): void {
    if (Object.hasOwn(requests, event)) this.answerKnown(handlers, event as RequestName, rest);
    else this.end.garbled("unknown-event");
  }

  private answerKnown(handlers: ConnectionHandlers, name: RequestName, rest: readonly unknown[]): void {
    const [body, reply] = rest;
    const parsed = requests[name].body.safeParse(body);
    if (typeof reply === "function" && parsed.success) reply(handlers.request(name, parsed.data));
    else this.end.garbled("malformed");
  }

  /** As hand() does, without a closure for each packet. */
  takePacket(bytes: Uint8Array): boolean {
    const { handlers } = this;
    if (!this.isOpen || handlers === undefined) return true;
    try {
      return handlers.packet(bytes);
    } catch (error) {
      this.end.failed(error);
      return true;
    }
  }

  /** It may overtake what engine.io and socket.io still pass on: it asks how things stand, and for nothing to be done. */
  takePing(text: Buffer): boolean {
    const { handlers, socket, stream } = this;
    if (!this.isOpen || handlers === undefined) return false;
    try {
      const number = numberOfPing(text);
      // What engine.io keeps back goes first.
      if (number === undefined || !socket.conn.transport.writable || !stream.writable) return false;
      frames.write(stream, Opcode.Text, replyToPing(number, handlers.request("ping", {})));
      this.end.checkWaiting();
    } catch (error) {
      this.end.failed(error);
    }
    return true;
  }

  /** Calls the handlers, unless the connection is closed already. */
  private hand(call: (handlers: ConnectionHandlers) => void): void {
    const { handlers } = this;
    if (this.isOpen && handlers !== undefined) this.end.attempt(() => call(handlers));
  }
}
