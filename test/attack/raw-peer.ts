/**
 * One end of a TCP connection that keeps to no rule: it writes bytes as they are, reads or does not, does not go when the
 * server says good-bye, and lives until the connection itself is destroyed. Nothing here throws or rejects.
 */
import { connect, type Socket } from "node:net";
import { FrameReader } from "../bench/websocket-frames.ts";
import { frame, Opcode, text } from "./wire-bytes.ts";

export type PeerOptions = {
  readonly port: number;
  readonly localAddress: string;
  /** Whether it reads what it is sent; true unless said otherwise. */
  readonly reads?: boolean;
  /** Whether it answers heartbeats: those that it reads, or blindly every two seconds; true unless said otherwise. */
  readonly keepsAlive?: boolean;
};

const END_OF_HEAD = "\r\n\r\n";
const BLIND_PONG_MS = 2_000;
const HEARTBEAT = 0x32;
const HEARTBEAT_ANSWER = text("3");
/** Of an answer to a request that is no upgrade, so much is kept. */
const MOST_HEAD_BYTES = 16 * 1024;

export class RawPeer {
  /** Bytes that were handed to the kernel or wait for it. */
  writtenBytes = 0;
  /** The server said good-bye or ended its side; ours may go on. */
  isSentAway = false;
  private readonly socket: Socket;
  private readonly options: PeerOptions;
  private readonly reader = new FrameReader();
  private readonly blindly: NodeJS.Timeout | undefined;
  /** Each looks at what has come, and takes itself away when it has seen enough. */
  private readonly watchers = new Set<(opcode: number, payload: Buffer) => void>();
  private readonly wakers = new Set<() => void>();
  private head: string | undefined = "";
  private isGone = false;

  constructor(options: PeerOptions) {
    this.options = options;
    const { port, localAddress, reads = true, keepsAlive = true } = options;
    // Half open: the server's FIN does not end our side.
    this.socket = connect({ host: "127.0.0.1", port, localAddress, noDelay: true, allowHalfOpen: true });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.isGone = true;
      clearInterval(this.blindly);
      this.wake();
    });
    this.socket.on("drain", () => this.wake());
    this.socket.on("end", () => {
      this.isSentAway = true;
      this.wake();
    });
    if (reads) this.socket.on("data", (chunk) => this.hear(chunk));
    if (!reads && keepsAlive) this.blindly = setInterval(() => this.write(HEARTBEAT_ANSWER), BLIND_PONG_MS);
  }

  get isOpen(): boolean {
    return !this.isGone;
  }

  /** Whether the server agreed to speak WebSocket. */
  get isUpgraded(): boolean {
    return this.head === undefined;
  }

  /** @returns false: it is not there any more, or what was written before has not all gone yet */
  write(bytes: Uint8Array): boolean {
    if (this.isGone || this.socket.writableEnded) return false;
    this.writtenBytes += bytes.length;
    return this.socket.write(bytes);
  }

  /** Resolves when it is connected (true) or cannot be (false). */
  connected(): Promise<boolean> {
    if (!this.socket.connecting) return Promise.resolve(this.isOpen);
    return new Promise((resolve) => {
      this.socket.once("connect", () => resolve(true));
      this.socket.once("close", () => resolve(false));
    });
  }

  /** Resolves when the server has agreed to speak WebSocket (true), or will not, or the time is up. */
  async upgraded(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    await this.until(
      () => this.isUpgraded || this.isGone || this.isSentAway,
      () => performance.now() < deadline,
    );
    return this.isUpgraded && this.isOpen;
  }

  /** Writes the same bytes over and over, as fast as they go, for as long as the connection lives and `goesOn` says so. */
  async pour(bytes: Buffer, goesOn: () => boolean): Promise<void> {
    while (this.isOpen && goesOn()) {
      const isWaiting = !this.write(bytes);
      // A socket that failed tells so in a later turn of the event loop, which promises alone would never let come.
      await new Promise((resolve) => setImmediate(resolve));
      if (isWaiting) await this.until(() => this.isGone || !this.socket.writableNeedDrain, goesOn);
    }
  }

  /** The first text that fits; undefined: the connection ended before it came, or the time was up. */
  heard(fits: (words: string) => boolean, timeoutMs: number): Promise<string | undefined> {
    return this.firstMessage((opcode, payload) => {
      const words = opcode === Opcode.Text ? payload.toString() : undefined;
      return words !== undefined && fits(words) ? words : undefined;
    }, timeoutMs);
  }

  /** Whether the server answers a WebSocket ping, and so has read all that came before it. */
  async answersPing(mark: Buffer, timeoutMs: number): Promise<boolean> {
    const answer = this.firstMessage(
      (opcode, payload) => (opcode === Opcode.Pong && payload.equals(mark) ? true : undefined),
      timeoutMs,
    );
    this.write(frame(Opcode.Ping, mark));
    return (await answer) === true;
  }

  /** Resolves when the connection is gone, or the time is up, or nobody wants to wait any more. */
  async gone(timeoutMs: number, goesOn: () => boolean = () => true): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    await this.until(
      () => this.isGone,
      () => goesOn() && performance.now() < deadline,
    );
  }

  /** Resolves when the server has ended its side or all, or the time is up. */
  async sentAway(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    await this.until(
      () => this.isGone || this.isSentAway,
      () => performance.now() < deadline,
    );
  }

  /** A reset, as a cut line brings it about. */
  destroy(): void {
    this.isGone = true;
    clearInterval(this.blindly);
    this.socket.resetAndDestroy();
    this.wake();
  }

  private firstMessage<Found>(
    find: (opcode: number, payload: Buffer) => Found | undefined,
    timeoutMs: number,
  ): Promise<Found | undefined> {
    return new Promise((resolve) => {
      const settle = (found?: Found) => {
        clearTimeout(timer);
        this.watchers.delete(watch);
        this.wakers.delete(giveUp);
        resolve(found);
      };
      const watch = (opcode: number, payload: Buffer) => {
        const found = find(opcode, payload);
        if (found !== undefined) settle(found);
      };
      const giveUp = () => {
        if (this.isGone || this.isSentAway) settle();
      };
      const timer = setTimeout(settle, timeoutMs);
      this.watchers.add(watch);
      this.wakers.add(giveUp);
      giveUp();
    });
  }

  /** Looks at each change and twice a second. */
  private until(isSo: () => boolean, goesOn: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo() && goesOn()) return;
        clearInterval(timer);
        this.wakers.delete(look);
        resolve();
      };
      const timer = setInterval(look, 500);
      this.wakers.add(look);
      look();
    });
  }

  private wake(): void {
    for (const waker of this.wakers) waker();
  }

  private hear(chunk: Buffer): void {
    if (this.head === undefined) {
      this.read(chunk);
      return;
    }
    this.head = (this.head + chunk.toString("latin1")).slice(0, MOST_HEAD_BYTES);
    const end = this.head.indexOf(END_OF_HEAD);
    if (end < 0 || !this.head.startsWith("HTTP/1.1 101 ")) return;
    const rest = Buffer.from(this.head.slice(end + END_OF_HEAD.length), "latin1");
    this.head = undefined;
    this.wake();
    this.read(rest);
  }

  private read(chunk: Buffer): void {
    this.reader.read(chunk, (opcode, payload) => {
      const isHeartbeat = opcode === Opcode.Text && payload.length === 1 && payload[0] === HEARTBEAT;
      if (isHeartbeat && (this.options.keepsAlive ?? true)) this.write(HEARTBEAT_ANSWER);
      for (const watch of this.watchers) watch(opcode, payload);
      if (opcode === Opcode.Close) {
        this.isSentAway = true;
        this.wake();
      }
    });
  }
}
