/** Holds one conversation with a server, and finds out how much of it was read. */
import { setTimeout as pause } from "node:timers/promises";
import type { Field } from "../attack/field.ts";
import type { RawPeer } from "../attack/raw-peer.ts";
import { Next, type Step } from "./conversation.ts";

export type Spoken = {
  /** Frames that were written, and those that the server is known to have read. */
  sent: number;
  read: number;
  /** A question was not answered in time, though the connection stood. */
  unanswered: number;
};

/** A server that will never answer has most often closed by then. */
const ANSWER_MS = 5_000;
/** Ends what hangs. */
const HANGING_MS = 240_000;
/** Who was told good-bye is given so long to be cut off. */
const AFTERWARDS_MS = 100;

/** @param heardToken is told the token of each seat that is taken */
export async function speak(
  field: Field,
  peer: RawPeer,
  steps: readonly Step[],
  heardToken: (token: string) => void,
): Promise<Spoken> {
  const spoken: Spoken = { sent: 0, read: 0, unanswered: 0 };
  void listenForToken(peer, heardToken);
  for (const [index, { bytes, frames, next }] of steps.entries()) {
    if (!peer.isOpen || field.isOver) break;
    const greeting =
      next === Next.AwaitGreeting
        ? peer.heard((words) => words.startsWith("44") || words.startsWith("4[0,"), HANGING_MS)
        : undefined;
    peer.write(bytes);
    spoken.sent += frames;
    if (greeting !== undefined) await inTime(field, greeting);
    if (next === Next.AwaitUpgrade) await inTime(field, peer.upgraded(HANGING_MS));
    else if (next === Next.Ask) await ask(field, peer, index, spoken);
    // A turn of the event loop: the segment goes by itself.
    else await new Promise((resolve) => setImmediate(resolve));
  }
  await peer.sentAway(AFTERWARDS_MS);
  return spoken;
}

async function ask(field: Field, peer: RawPeer, index: number, spoken: Spoken): Promise<void> {
  const mark = Buffer.alloc(6);
  mark.write("ask");
  mark.writeUInt16BE(index, 4);
  const isAnswered = await inTime(field, peer.answersPing(mark, HANGING_MS));
  // Everything before it was read, too.
  if (isAnswered) spoken.read = spoken.sent;
  else if (peer.isOpen && !peer.isSentAway) spoken.unanswered++;
}

/**
 * An answer; undefined where it does not come, though the server has answered somebody who asked ANSWER_MS later: by then it
 * has read the question, too. One that is given little time takes as long as it takes.
 */
function inTime<Answer>({ options: { port } }: Field, answer: Promise<Answer>): Promise<Answer | undefined> {
  const waited = new AbortController();
  const isTooLate = pause(ANSWER_MS, undefined, { signal: waited.signal })
    .then(() => fetch(`http://127.0.0.1:${port}/healthz`))
    .then(
      (response) => response.text(),
      () => "",
    )
    .then(() => undefined);
  return Promise.race([answer, isTooLate]).finally(() => waited.abort());
}

const TOKEN = /"token":"([\w-]{22})"/;

async function listenForToken(peer: RawPeer, heardToken: (token: string) => void): Promise<void> {
  const words = await peer.heard((words) => TOKEN.test(words), HANGING_MS);
  const token = TOKEN.exec(words ?? "")?.[1];
  if (token !== undefined) heardToken(token);
}
