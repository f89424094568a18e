/**
 * The connection: a link over socket.io, the only file on this side that imports it. It comes back by itself when it
 * is lost, and says so; what the server says as its last word decides whether there is anything to come back to.
 */

import {
  ASK_AGAIN_REFUSALS,
  isPassing,
  type NoticeBody,
  type NoticeName,
  notices,
  REFUSALS,
  type Refusal,
  type RequestBody,
  type RequestName,
  type RequestReply,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT, createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { Manager, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { Backoff } from "./backoff.ts";
import { type Attempt, dial } from "./dialling.ts";
import { keepHeartbeatBy } from "./heartbeat-clock.ts";
import type { Link, LinkHandlers } from "./link.ts";

const REPLY_TIMEOUT_MS = 5_000;
/** A cut connection is tried again at once, less than this later: not all players of a server in the same moment. */
const RETRY_AT_ONCE_MS = 50;
/** Between the attempts after that one. */
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A hello is heard of by then, or the connection is dead. */
const GREETING_MS = 5_000;
/**
 * A connection beside a silent one waits so long for that one to be heard again: after a server stood still, all of its players
 * hear it at once, and none has to come in anew.
 */
const LAST_CHANCE_MS = 500;
/** Between two attempts where the server lets nobody in for a while. */
const REFUSED_FIRST_MS = 500;
const REFUSED_MOST_MS = 8_000;

/**
 * Opens a link to a server.
 * @param url where the server lies: its origin, and a path where it lies below one
 * @param protocol the protocol hash, see shared/engine/protocol.ts
 * @param localAddress the address to come from, where there is more than one to choose: outside of pages, in bots
 */
export function openSocketLink(url: string, protocol: string, handlers: LinkHandlers, localAddress?: string): Link {
  const { origin, pathname } = new URL(url);
  const options = {
    path: `${pathname.replace(/\/$/, "")}/socket.io/`,
    transports: ["websocket"],
    parser: createWireParser(),
    timeout: CONNECT_TIMEOUT_MS,
    ...(localAddress !== undefined && { localAddress }),
  };
  const link = new SocketLink(attemptTo(origin, options), protocol, handlers);
  // A plain object, which whoever stands between may spread.
  return {
    sendPacket: (bytes) => link.sendPacket(bytes),
    request: (name, body) => link.request(name, body),
    suspect: () => link.suspect(),
    close: () => link.close(),
  };
}

type ConnectOptions = Partial<ManagerOptions & SocketOptions>;

/** An attempt to open a connection, on which no hello is said yet. */
function attemptTo(origin: string, options: ConnectOptions): Attempt<Manager> {
  return (opened, failed) => {
    const manager = new Manager(origin, { ...options, autoConnect: false, reconnection: false });
    manager.open((error) => {
      if (error !== undefined) return failed();
      keepHeartbeatBy(() => performance.now(), manager.engine);
      opened(manager);
    });
    // The manager does not tell of a connection that is closed while it opens.
    manager.engine.once("close", failed);
    return () => manager._close();
  };
}

class SocketLink implements Link {
  private readonly attempt: Attempt<Manager>;
  private readonly protocol: string;
  private readonly handlers: LinkHandlers;
  private readonly attempts = new Attempts(() => this.connect());
  private stopDialling = () => {};
  /** While the connection is suspected, another one is sought; it waits here once it is there. */
  private isSeekingOther = false;
  private other: Manager | undefined;
  private isClosed = false;
  private greeting: ReturnType<typeof setTimeout> | undefined;
  private socket: Socket | undefined;
  private lastWord: Refusal | undefined;

  constructor(attempt: Attempt<Manager>, protocol: string, handlers: LinkHandlers) {
    this.attempt = attempt;
    this.protocol = protocol;
    this.handlers = handlers;
    this.connect();
  }

  sendPacket(bytes: Uint8Array): void {
    if (this.socket?.connected) this.socket.emit(BINARY_EVENT, bytes);
  }

  async request<Name extends RequestName>(name: Name, body: RequestBody<Name>): Promise<RequestReply<Name>> {
    const { socket } = this;
    // socket.io would keep it for the next connection, whose hello asks for itself.
    if (!socket?.connected) throw new Error("the link is down");
    const reply: unknown = await socket.timeout(REPLY_TIMEOUT_MS).emitWithAck(name, body);
    return requests[name].reply.parse(reply) as never;
  }

  suspect(): void {
    if (this.socket === undefined || this.isSeekingOther) return;
    this.isSeekingOther = true;
    // Not raced: where a server stands still, all of its players do this.
    this.stopDialling = dial(this.attempt, false, {
      opened: (manager) => this.keepOther(manager),
      failed: () => {
        this.isSeekingOther = false;
      },
    });
  }

  private keepOther(manager: Manager): void {
    this.other = manager;
    const lastChance = setTimeout(() => this.changeTo(manager), LAST_CHANCE_MS);
    this.stopDialling = () => {
      clearTimeout(lastChance);
      this.other = undefined;
      manager._close();
    };
    manager.engine.once("close", () => {
      // It may have been greeted long since, and another one be kept.
      if (this.other !== manager) return;
      clearTimeout(lastChance);
      this.isSeekingOther = false;
      this.other = undefined;
    });
  }

  /** The connection is alive: no other one is needed. */
  private heard(): void {
    if (!this.isSeekingOther) return;
    this.isSeekingOther = false;
    this.stopDialling();
  }

  private changeTo(manager: Manager): void {
    this.stopDialling = () => {};
    this.other = undefined;
    this.letGo();
    this.handlers.lost();
    // Whoever is told may close the link.
    if (this.isClosed) manager._close();
    else this.greet(manager);
  }

  close(): void {
    this.isClosed = true;
    this.attempts.close();
    this.letGo();
    this.stopDialling();
  }

  private letGo(): void {
    this.isSeekingOther = false;
    clearTimeout(this.greeting);
    const { socket } = this;
    this.socket = undefined;
    socket?.removeAllListeners();
    socket?.disconnect();
  }

  private connect(): void {
    this.stopDialling = dial(this.attempt, !this.handlers.isOneOfMany, {
      opened: (manager) => this.greet(manager),
      failed: () => this.lose(undefined),
    });
  }

  private greet(manager: Manager): void {
    const { handlers, protocol } = this;
    const auth = (say: (hello: object) => void) => say({ protocol, ...handlers.hello?.() });
    const socket = manager.socket("/", { auth });
    this.socket = socket;
    this.lastWord = undefined;
    this.listen(socket);
    // What carries the hello may die before it is answered.
    this.greeting = setTimeout(() => this.end(undefined), GREETING_MS);
    socket.connect();
  }

  private listen(socket: Socket): void {
    const { handlers, attempts } = this;
    socket.on("connect", () => {
      clearTimeout(this.greeting);
      handlers.opened();
    });
    socket.on(BINARY_EVENT, (bytes: Uint8Array) => {
      // Frames come to who was let in: connecting alone does not show that.
      attempts.succeeded();
      this.heard();
      handlers.frame(bytes);
    });
    for (const name of Object.keys(notices) as NoticeName[]) {
      socket.on(name, (body: unknown) => {
        const parsed = notices[name].safeParse(body);
        if (!parsed.success) return;
        if (name === "farewell") this.lastWord = (parsed.data as NoticeBody<"farewell">).reason;
        else handlers.notice(name, parsed.data);
      });
    }
    socket.on("disconnect", () => this.end(this.lastWord));
    socket.on("connect_error", ({ message }) =>
      this.end((REFUSALS as readonly string[]).includes(message) ? (message as Refusal) : undefined),
    );
  }

  /** The connection is gone. @param reason what the server said of it, if it said anything */
  private end(reason: Refusal | undefined): void {
    const { other } = this;
    if (reason === undefined && other !== undefined) {
      this.other = undefined;
      this.changeTo(other);
      return;
    }
    this.stopDialling();
    this.letGo();
    if (reason !== undefined && !isPassing(reason)) {
      this.attempts.close();
      this.handlers.refused(reason);
    } else this.lose(reason);
  }

  private lose(reason: Refusal | undefined): void {
    // First: whoever is told may close the link.
    if (reason !== undefined && ASK_AGAIN_REFUSALS.has(reason)) this.attempts.refused();
    else this.attempts.failed();
    this.handlers.lost(reason);
  }
}

/** When to connect again: at once after a cut, later and later where nobody answers or the server lets nobody in. */
class Attempts {
  private readonly connect: () => void;
  private readonly failures = new Backoff(RETRY_FIRST_MS, RETRY_MOST_MS, Math.random);
  private readonly refusals = new Backoff(REFUSED_FIRST_MS, REFUSED_MOST_MS, Math.random);
  private isFirst = true;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly page: Pick<EventTarget, "addEventListener" | "removeEventListener"> | undefined;

  constructor(connect: () => void) {
    this.connect = connect;
    // Bots and the laboratory have no page.
    this.page = "addEventListener" in globalThis ? (globalThis as unknown as EventTarget) : undefined;
    this.page?.addEventListener("online", this.online);
  }

  failed(): void {
    this.connectIn(this.isFirst ? Math.random() * RETRY_AT_ONCE_MS : this.failures.take());
    this.isFirst = false;
  }

  refused(): void {
    this.connectIn(this.refusals.take());
  }

  succeeded(): void {
    this.isFirst = true;
    this.failures.reset();
    this.refusals.reset();
  }

  close(): void {
    clearTimeout(this.waiting);
    this.page?.removeEventListener("online", this.online);
  }

  private connectIn(waitMs: number): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.connectNow(), waitMs);
  }

  private connectNow(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.connect();
  }

  /** The device has a network again: whoever waits for the next attempt has waited enough. */
  private readonly online = (): void => {
    if (this.waiting !== undefined) this.connectNow();
  };
}
