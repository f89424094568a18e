/** Holds one conversation with a server, and finds out how much of it was read. */
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

/** A server that is given little time takes long; one that will never answer has most often closed by then. */
const ANSWER_TIMEOUT_MS = 5_000;
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
        ? peer.heard((words) => words.startsWith("44") || words.startsWith("4[0,"), ANSWER_TIMEOUT_MS)
        : undefined;
    peer.write(bytes);
    spoken.sent += frames;
    if (greeting !== undefined) await greeting;
    if (next === Next.AwaitUpgrade) await peer.upgraded(ANSWER_TIMEOUT_MS);
    else if (next === Next.Ask) await ask(peer, index, spoken);
    // A turn of the event loop: the segment goes by itself.
    else await new Promise((resolve) => setImmediate(resolve));
  }
  await peer.sentAway(AFTERWARDS_MS);
  return spoken;
}

async function ask(peer: RawPeer, index: number, spoken: Spoken): Promise<void> {
  const mark = Buffer.alloc(6);
  mark.write("ask");
  mark.writeUInt16BE(index, 4);
  const isAnswered = await peer.answersPing(mark, ANSWER_TIMEOUT_MS);
  // Everything before it was read, too.
  if (isAnswered) spoken.read = spoken.sent;
  else if (peer.isOpen && !peer.isSentAway) spoken.unanswered++;
}

const TOKEN = /"token":"([\w-]{22})"/;

async function listenForToken(peer: RawPeer, heardToken: (token: string) => void): Promise<void> {
  const words = await peer.heard((words) => TOKEN.test(words), ANSWER_TIMEOUT_MS);
  const token = TOKEN.exec(words ?? "")?.[1];
  if (token !== undefined) heardToken(token);
}
