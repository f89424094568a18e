/**
 * The loopback: a server's transport and its clients' links in one process, without sockets. What one end sends the
 * other gets when the clock has moved on, in order, and as copies that went through JSON where a wire would do so.
 *
 * A handler that throws fails the test: here nothing is caught.
 */
import type { Link, LinkHandlers, OpenLink } from "@starwake/client/engine/link.ts";
import type { Clock } from "@starwake/server/engine/clock.ts";
import type { AcceptConnection, Connection, ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import {
  type HelloWish,
  handshake,
  isPassing,
  type NoticeBody,
  type NoticeName,
  notices,
  type Refusal,
  type RequestBody,
  type RequestName,
  type RequestReply,
  requests,
} from "@starwake/shared/engine/protocol.ts";

/** One direction of one connection: hands on what it is given, in order, later. */
export type Lane = {
  send(bytes: number, deliver: () => void): void;
  /** Nothing that it carries is read any more. */
  close?(): void;
};

export type Lanes = { readonly up: Lane; readonly down: Lane };

/**
 * Begins to open a connection, and tells once when a hello can be said over it.
 * @param isOneOfMany see LinkHandlers
 * @returns what gives it up
 */
export type DialLanes = (isOneOfMany: boolean, opened: (lanes: Lanes) => void) => () => void;

export type LoopbackOptions = {
  readonly clock: Clock;
  readonly accept: AcceptConnection;
  /** Of all its links; this machine's own unless given. */
  readonly address?: string;
  /** Milliseconds on the way, asked for each message; an ordered lane never lets one overtake another. */
  readonly delayMs?: () => number;
  /** Whether much waits for every one of its clients; it never does unless given. */
  readonly isCongested?: () => boolean;
  /** The lanes of a new connection, where a plain delay is not enough. */
  readonly openLanes?: () => Lanes;
  /** In place of openLanes, where it takes time until there are lanes. */
  readonly dialLanes?: DialLanes;
};

export type Loopback = {
  readonly openLink: OpenLink;
  /** Reasons for which requests were dropped. */
  readonly refusals: readonly string[];
  /** Replies handed over so far: whoever awaited one goes on when the event loop next turns. */
  readonly replies: () => number;
  /** Cuts every link as a network does: both ends notice, and the clients come back after a while. */
  cut(): void;
  /** Connections that the server says sit, or carry copies for a seat. */
  readonly seated: () => number;
};

const RETRY_MS = 400;
const REPLY_TIMEOUT_MS = 5_000;
/** As client/engine/connection.ts has it. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Of socket.io's word that connects, beside what rides with it. */
const CONNECT_BYTES = 60;

export function createLoopback(options: LoopbackOptions): Loopback {
  const links: LoopbackLink[] = [];
  const refusals: string[] = [];
  const openLink: OpenLink = (handlers) => {
    const link = new LoopbackLink(options, handlers, (reason) => refusals.push(reason));
    links.push(link);
    return link;
  };
  return {
    openLink,
    refusals,
    replies: () => links.reduce((sum, { replies }) => sum + replies, 0),
    seated: () => links.filter(({ isSeated }) => isSeated).length,
    cut: () => links.forEach((link) => void link.cut()),
  };
}

/** A lane that delays. */
function createPlainLane({ clock, delayMs = () => 0 }: LoopbackOptions): Lane {
  let arrivalMs = 0;
  return {
    send(_bytes, deliver) {
      const now = clock.now();
      arrivalMs = Math.max(arrivalMs, now + delayMs());
      clock.after(arrivalMs - now, deliver);
    },
  };
}

/** A lane's end: once it is shut, nothing comes out any more. */
class LaneEnd {
  isOpen = true;
  private readonly lane: Lane;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  send(bytes: number, deliver: () => void): void {
    this.lane.send(bytes, () => {
      if (this.isOpen) deliver();
    });
  }

  close(): void {
    this.isOpen = false;
    this.lane.close?.();
  }
}

type Wire = { readonly up: LaneEnd; readonly down: LaneEnd; readonly server: ConnectionHandlers };
type Waiting = { readonly resolve: (reply: unknown) => void; readonly reject: (error: Error) => void };

class LoopbackLink implements Link {
  replies = 0;
  isSeated = false;
  private readonly options: LoopbackOptions;
  private readonly handlers: LinkHandlers;
  private readonly countRefusal: (reason: string) => void;
  private readonly waiting = new Set<Waiting>();
  private wire: Wire | undefined;
  private isClosed = false;
  private timesOpened = 0;
  private giveUpDialling = () => {};

  constructor(options: LoopbackOptions, handlers: LinkHandlers, countRefusal: (reason: string) => void) {
    this.options = options;
    this.handlers = handlers;
    this.countRefusal = countRefusal;
    options.clock.after(0, () => this.open());
  }

  sendPacket(bytes: Uint8Array): void {
    const { wire } = this;
    const sent = bytes.slice();
    wire?.up.send(sent.length, () => {
      if (!wire.server.packet(sent)) this.countRefusal("malformed");
    });
  }

  request<Name extends RequestName>(name: Name, body: RequestBody<Name>): Promise<RequestReply<Name>> {
    return new Promise((resolve, reject) => {
      const { wire } = this;
      if (wire === undefined) return reject(new Error("the link is down"));
      const waiting: Waiting = { resolve: (reply) => resolve(requests[name].reply.parse(reply) as never), reject };
      this.waiting.add(waiting);
      this.options.clock.after(REPLY_TIMEOUT_MS, () => this.giveUp(waiting, "no reply came in time"));
      const sent = copyOf(body);
      wire.up.send(sizeOf(body), () => this.answer(wire, name, sent, waiting));
    });
  }

  close(): void {
    this.isClosed = true;
    this.giveUpDialling();
    const { wire } = this;
    if (wire === undefined) return;
    this.forgetWire(wire);
    wire.up.send(1, () => {
      wire.up.close();
      wire.server.closed();
    });
  }

  cut(): void {
    const { wire } = this;
    if (wire === undefined) return;
    if (wire.up.isOpen) wire.server.closed();
    wire.up.close();
    this.lose(wire);
  }

  private open(): void {
    if (this.isClosed) return;
    const { options } = this;
    if (options.dialLanes !== undefined) {
      this.dial(options.dialLanes);
      return;
    }
    const wire = this.connect(
      options.openLanes?.() ?? { up: createPlainLane(options), down: createPlainLane(options) },
    );
    const hello = this.handlers.hello?.() ?? {};
    if (Object.keys(hello).length > 0) wire.up.send(sizeOf(hello), () => this.answerHello(wire, copyOf(hello)));
  }

  private dial(dialLanes: DialLanes): void {
    const { clock } = this.options;
    let giveUp = () => {};
    const takeBack = clock.after(CONNECT_TIMEOUT_MS, () => {
      this.giveUpDialling();
      this.handlers.lost();
      clock.after(RETRY_MS, () => this.open());
    });
    this.giveUpDialling = () => {
      takeBack();
      giveUp();
      this.giveUpDialling = () => {};
    };
    giveUp = dialLanes(this.handlers.isOneOfMany === true, (lanes) => {
      giveUp = () => {
        lanes.up.close?.();
        lanes.down.close?.();
      };
      const hello = copyOf(this.handlers.hello?.() ?? {});
      lanes.up.send(CONNECT_BYTES + sizeOf(hello), () => {
        takeBack();
        this.giveUpDialling = () => {};
        this.answerHello(this.connect(lanes), hello);
      });
    });
  }

  /** The server takes the connection. */
  private connect(lanes: Lanes): Wire {
    const up = new LaneEnd(lanes.up);
    const down = new LaneEnd(lanes.down);
    // What the server sends while it accepts arrives after opened(), as over sockets.
    down.send(1, () => this.handlers.opened());
    this.wire = { up, down, server: this.options.accept(this.connectionOver(up, down)) };
    return this.wire;
  }

  private answerHello(wire: Wire, hello: unknown): void {
    const { server, down } = wire;
    const said = handshake.safeParse({ protocol: "", ...(hello as HelloWish) });
    if (!said.success) {
      this.countRefusal("malformed");
      if (this.wire === wire) this.end(wire, "malformed");
      return;
    }
    const { join, spare } = said.data;
    const answer = <Name extends NoticeName>(name: Name, body: NoticeBody<Name>) =>
      down.send(sizeOf(body), () => {
        this.replies++;
        this.handlers.notice(name, copyOf(body) as NoticeBody<Name>);
      });
    if (join !== undefined) answer("joinReply", server.request("join", join));
    else if (spare !== undefined) answer("spareReply", server.request("spare", spare));
  }

  private connectionOver(up: LaneEnd, down: LaneEnd): Connection {
    const { address = "127.0.0.1", isCongested = () => false } = this.options;
    const end = (reason: Refusal) => this.wire?.down === down && this.end(this.wire, reason);
    return {
      id: `loopback-${++this.timesOpened}`,
      address,
      addressGroup: address,
      get isCongested() {
        return isCongested();
      },
      setSeated: (isSeated) => {
        if (up.isOpen) this.isSeated = isSeated;
      },
      sendFrame: (bytes) => {
        const sent = bytes.slice();
        if (up.isOpen) down.send(sent.length, () => this.handlers.frame(sent));
      },
      notify: (name, body) => {
        const sent = notices[name].parse(copyOf(body)) as NoticeBody<typeof name>;
        if (up.isOpen) down.send(sizeOf(body), () => this.handlers.notice(name, sent));
      },
      close: (reason) => {
        if (up.isOpen) down.send(reason.length, () => end(reason));
        up.isOpen = false;
        this.isSeated = false;
      },
    };
  }

  private answer(wire: Wire, name: RequestName, body: unknown, waiting: Waiting): void {
    const parsed = requests[name].body.safeParse(body);
    if (!parsed.success) {
      this.countRefusal("malformed");
      return;
    }
    const reply = copyOf(wire.server.request(name, parsed.data));
    wire.down.send(sizeOf(reply), () => {
      this.replies++;
      if (this.waiting.delete(waiting)) waiting.resolve(reply);
    });
  }

  private end(wire: Wire, reason: Refusal): void {
    if (isPassing(reason)) {
      this.lose(wire, reason);
      return;
    }
    this.isClosed = true;
    this.forgetWire(wire);
    this.handlers.refused(reason);
  }

  private lose(wire: Wire, lastWord?: Refusal): void {
    this.forgetWire(wire);
    this.handlers.lost(lastWord);
    this.options.clock.after(RETRY_MS, () => this.open());
  }

  private forgetWire(wire: Wire): void {
    this.isSeated = false;
    wire.down.close();
    this.wire = undefined;
    for (const waiting of this.waiting) this.giveUp(waiting, "the link went down");
  }

  private giveUp(waiting: Waiting, why: string): void {
    if (!this.waiting.delete(waiting)) return;
    this.replies++;
    waiting.reject(new Error(why));
  }
}

function copyOf(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}

function sizeOf(body: unknown): number {
  return JSON.stringify(body).length;
}
