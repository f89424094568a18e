/** The fuzzers' process: holds conversations, several at a time, until the server has read enough frames. */
import { type AttackCounts, attackersAddresses, Field } from "../attack/field.ts";
import { conversationOf } from "./conversation.ts";
import { type Spoken, speak } from "./speaker.ts";

export type FuzzOrder = {
  readonly port: number;
  readonly seed: number;
  readonly frames: number;
  /** How many conversations are held at the same time. */
  readonly connections: number;
  /** Only this one, over and over so many times; undefined: all from the first on. */
  readonly only: { readonly conversation: number; readonly times: number } | undefined;
  readonly seconds: number;
};

export type FuzzCounts = AttackCounts &
  Spoken & {
    conversations: number;
    /** Those that were held when the server ended. */
    suspects: number[];
  };

const REPORT_MS = 500;
const OPENS_PER_SECOND = 300;
/** Of the length of a token, and nobody's. */
const NO_TOKEN = "A".repeat(22);
const RECENT_MS = 3_000;
const TOGETHER_MS = 300;

process.on("disconnect", () => process.exit(1));
process.once("message", (order: FuzzOrder) => void fuzz(order));

async function fuzz({ port, seed, frames, connections, only, seconds }: FuzzOrder): Promise<void> {
  const addresses = attackersAddresses(connections);
  const field = new Field({ port, addresses, seconds, seed, opensPerSecond: OPENS_PER_SECOND });
  const spoken = { sent: 0, read: 0, unanswered: 0, conversations: 0, suspects: [] as number[] };
  const tokens = new Map<number, string>();
  const lastHeldMs = new Map<number, number>();
  const most = only?.times ?? Number.POSITIVE_INFINITY;
  let begun = 0;
  // Whoever sent us says so when the server has ended.
  process.once("SIGTERM", () => {
    spoken.suspects = heldLast(lastHeldMs);
    tell("done", () => process.exit(0));
  });
  const reporting = setInterval(() => tell("progress"), REPORT_MS);

  await field.lanes(only === undefined ? connections : 1, async (lane) => {
    if (spoken.read >= frames || begun >= most) {
      if (spoken.conversations >= begun || spoken.read >= frames) field.end();
      return;
    }
    const number = only?.conversation ?? begun;
    begun++;
    const steps = conversationOf(seed, number, port, tokens.get(lane) ?? NO_TOKEN);
    await field.connection(lane, async (peer) => {
      lastHeldMs.set(number, Number.POSITIVE_INFINITY);
      const { sent, read, unanswered } = await speak(field, peer, steps, (token) => tokens.set(lane, token));
      lastHeldMs.set(number, performance.now());
      spoken.sent += sent;
      spoken.read += read;
      spoken.unanswered += unanswered;
      forgetOld();
    });
    spoken.conversations++;
  });
  clearInterval(reporting);
  field.end();
  tell("done", () => process.exit(0));

  function forgetOld(): void {
    for (const [number, atMs] of lastHeldMs) if (atMs < performance.now() - RECENT_MS) lastHeldMs.delete(number);
  }

  function tell(kind: "progress" | "done", then: () => void = () => {}): void {
    const counts: FuzzCounts = { ...field.counts, ...spoken };
    process.send?.({ kind, counts }, then);
  }
}

/** All ended at once when the server did, save those that had ended before. */
function heldLast(lastHeldMs: ReadonlyMap<number, number>): number[] {
  const times = [...lastHeldMs.values()].filter(Number.isFinite);
  const endMs = Math.max(...times);
  return [...lastHeldMs].flatMap(([number, atMs]) => (atMs > endMs - TOGETHER_MS ? [number] : []));
}
