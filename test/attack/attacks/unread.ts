/** Peers that do not read: what the server says to them must not gather without end, whoever says it. */
import type { Attack } from "../attack.ts";
import { type Field, Stage } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import { frame, Opcode, repeated, text } from "../wire-bytes.ts";

const BLOCK_BYTES = 64 * 1024;
const FLOOD_LANES = 8;
const SLOW_LANES = 80;
/** Slow ones say so much in each step: less than any guard could mind. */
const STEP_MS = 100;
const STEP_MESSAGES = 6;

const filled = (bytes: number) => Buffer.alloc(bytes, "x");
const question = text('4[2,["ping",{}],1]');

export const UNREAD: readonly Attack[] = [
  pouring("unread-pings", "empty pings without end", Stage.Greeted, frame(Opcode.Ping)),
  pouring("unread-long-pings", "pings of 125 bytes without end", Stage.Greeted, frame(Opcode.Ping, filled(125))),
  pouring("unread-early-pings", "pings without end before any hello", Stage.Upgraded, frame(Opcode.Ping, filled(125))),
  pouring("unread-requests", "questions without end", Stage.Greeted, question),
  pouring(
    "unread-http",
    "HTTP requests without end",
    Stage.Connected,
    Buffer.from("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
  ),
  slow("unread-slow-pings", "pings of 125 bytes, a few a second", Stage.Greeted, frame(Opcode.Ping, filled(125))),
  slow("slow-readers-unseated", "questions, a few a second", Stage.Greeted, question),
  slow("slow-readers-seated", "nothing but questions, from a seat to which frames are sent", Stage.Seated, question),
];

function pouring(name: string, does: string, stage: Stage, bytes: Buffer): Attack {
  const block = repeated(bytes, BLOCK_BYTES);
  return unread(name, does, stage, FLOOD_LANES, (field, peer) => peer.pour(block, field.goesOn));
}

function slow(name: string, does: string, stage: Stage, bytes: Buffer): Attack {
  const step = Buffer.concat(Array.from({ length: STEP_MESSAGES }, () => bytes));
  return unread(name, does, stage, SLOW_LANES, async (field, peer) => {
    while (peer.isOpen && field.goesOn()) {
      peer.write(step);
      await field.pause(STEP_MS);
    }
  });
}

function unread(
  name: string,
  does: string,
  stage: Stage,
  lanes: number,
  say: (field: Field, peer: RawPeer) => Promise<void>,
): Attack {
  const run = (field: Field) =>
    field.lanes(field.atLeast(lanes), (lane) =>
      field.connection(
        lane,
        async (peer) => {
          if (await field.bring(peer, stage, false)) await say(field, peer);
        },
        { reads: false },
      ),
    );
  return { name, does: `peers that never read, and say ${does}`, run };
}
