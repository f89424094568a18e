/**
 * Where attackers stand: addresses that they come from, connections that they open (so many a second and no more), how
 * long they go on, and what is counted of them.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { type PeerOptions, RawPeer } from "./raw-peer.ts";
import { HELLO, JOIN_NUMBER, joinText, text, upgradeRequest } from "./wire-bytes.ts";

/** What attackers did; connections that could not be opened are among those opened. */
export type AttackCounts = { opened: number; refused: number; bytes: number };

export type FieldOptions = {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly seconds: number;
  readonly seed: number;
  readonly opensPerSecond: number;
};

/** How far a connection has come before it turns bad. */
export const Stage = { Connected: 0, Upgraded: 1, Greeted: 2, Seated: 3 } as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

const REPLY_TIMEOUT_MS = 3_000;
/** Who does not read goes on without having been answered, after so long. */
const BLIND_PAUSE_MS = 200;
/** After a connection that could not be opened, so that a dead server is not asked without end. */
const REFUSED_PAUSE_MS = 200;

/** The loopback addresses that attackers come from; honest players and newcomers have others. */
export function attackersAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `127.66.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`);
}

export class Field {
  readonly options: FieldOptions;
  readonly random: Random;
  private readonly totals: AttackCounts = { opened: 0, refused: 0, bytes: 0 };
  private readonly peers = new Set<RawPeer>();
  private readonly inner = new Set<Field>();
  private readonly endMs: number;
  private openDueMs = 0;
  private isEnded = false;

  constructor(options: FieldOptions) {
    this.options = options;
    this.random = createRandom(options.seed);
    this.endMs = performance.now() + options.seconds * 1000;
  }

  get isOver(): boolean {
    return this.isEnded || performance.now() >= this.endMs;
  }

  /** The part of its time that is over, from 0 to 1. */
  get passed(): number {
    return 1 - Math.max(0, this.endMs - performance.now()) / (this.options.seconds * 1000);
  }

  readonly goesOn = (): boolean => !this.isOver;

  get counts(): AttackCounts {
    const counts = { ...this.totals };
    for (const peer of this.peers) counts.bytes += peer.writtenBytes;
    for (const { counts: some } of this.inner) {
      counts.opened += some.opened;
      counts.refused += some.refused;
      counts.bytes += some.bytes;
    }
    return counts;
  }

  /** Lets so many live, one connection after the other, until it is over. */
  async lanes(count: number, live: (lane: number) => Promise<void>): Promise<void> {
    const run = async (lane: number) => {
      while (!this.isOver) await live(lane);
    };
    await Promise.all(Array.from({ length: count }, (_, lane) => run(lane)));
  }

  /** At least `count`, and one for each address. */
  atLeast(count: number): number {
    return Math.max(count, this.options.addresses.length);
  }

  /** One connection, used and then cut. Waits for its turn; does nothing when it is over by then or nobody answers. */
  async connection(
    lane: number,
    use: (peer: RawPeer) => Promise<void>,
    some: Partial<Omit<PeerOptions, "port">> = {},
  ): Promise<void> {
    await this.turnToOpen();
    if (this.isOver) return;
    const { addresses, port } = this.options;
    const peer = new RawPeer({ port, localAddress: addresses[lane % addresses.length], ...some });
    this.peers.add(peer);
    this.totals.opened++;
    try {
      if (await peer.connected()) await use(peer);
      // Cut by the end, it was not refused.
      else if (!this.isOver) {
        this.totals.refused++;
        await this.pause(REFUSED_PAUSE_MS);
      }
    } finally {
      this.peers.delete(peer);
      this.totals.bytes += peer.writtenBytes;
      peer.destroy();
    }
  }

  /** Has a connection come so far as asked. @returns false: it was not let in */
  async bring(peer: RawPeer, stage: Stage, reads = true, headers: readonly string[] = []): Promise<boolean> {
    const { port } = this.options;
    if (stage === Stage.Connected) return peer.isOpen;
    peer.write(upgradeRequest(port, headers));
    // What comes before the upgrade is done may not be heard.
    if (reads && !(await peer.upgraded(REPLY_TIMEOUT_MS))) return false;
    if (!reads) await this.pause(BLIND_PAUSE_MS);
    if (stage === Stage.Upgraded) return peer.isOpen;
    const isGreeted = reads ? peer.heard((words) => words.startsWith("4[0,"), REPLY_TIMEOUT_MS) : undefined;
    peer.write(text(HELLO));
    if (!reads) await this.pause(BLIND_PAUSE_MS);
    if (reads ? (await isGreeted) === undefined : !peer.isOpen) return false;
    return stage < Stage.Seated || this.join(peer, joinText({ kind: "quick" }), reads);
  }

  /** Asks for a seat. @returns false: it was refused, or nobody answered */
  async join(peer: RawPeer, request: string, reads = true): Promise<boolean> {
    if (!reads) return peer.write(text(request)) || peer.isOpen;
    return (await this.reply(peer, request, JOIN_NUMBER))?.includes('"ok":true') ?? false;
  }

  /** Says something and waits for the answer with its number; undefined: none came. */
  reply(peer: RawPeer, request: string, number: number): Promise<string | undefined> {
    const reply = peer.heard((words) => words.startsWith("4[3,") && words.endsWith(`,${number}]`), REPLY_TIMEOUT_MS);
    peer.write(text(request));
    return reply;
  }

  async pause(milliseconds: number): Promise<void> {
    const untilMs = Math.min(performance.now() + milliseconds, this.endMs);
    // In steps, so that who ends it early need not wait.
    while (!this.isEnded && performance.now() < untilMs) await pause(Math.min(200, untilMs - performance.now()));
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[nextBelow(this.random, values.length)];
  }

  /** A part of this field that lasts for some seconds: what is done in it ends with it. */
  async within(
    seconds: number,
    opensPerSecond: number,
    seed: number,
    use: (field: Field) => Promise<void>,
  ): Promise<void> {
    const leftSeconds = (this.endMs - performance.now()) / 1000;
    const field = new Field({ ...this.options, seconds: Math.min(seconds, leftSeconds), opensPerSecond, seed });
    this.inner.add(field);
    try {
      await use(field);
    } finally {
      field.end();
      this.inner.delete(field);
      const { opened, refused, bytes } = field.counts;
      this.totals.opened += opened;
      this.totals.refused += refused;
      this.totals.bytes += bytes;
    }
  }

  /** Cuts every connection. */
  end(): void {
    this.isEnded = true;
    for (const field of this.inner) field.end();
    for (const peer of this.peers) peer.destroy();
  }

  private async turnToOpen(): Promise<void> {
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs, this.openDueMs);
    this.openDueMs = dueMs + 1000 / this.options.opensPerSecond;
    await this.pause(dueMs - nowMs);
  }
}
