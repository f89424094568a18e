/**
 * Floods: one kind of bytes after the other, as fast as they go, at every stage of a connection, for as long as the
 * connection lives, whatever the server says; then at once on the next one.
 */
import { NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import type { Attack } from "../attack.ts";
import { commandPacket } from "../command-bytes.ts";
import { type Field, Stage } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import { fragments, frame, joinText, LEAVE, Opcode, repeated, SOCKET_PATH, text } from "../wire-bytes.ts";

/** Written at once; large enough that the attacker is not what the flood waits for. */
const BLOCK_BYTES = 64 * 1024;
const LONGEST_CONTROL_BYTES = 125;
const LANES = 8;

const filled = (bytes: number) => Buffer.alloc(bytes, "x");
const ping = frame(Opcode.Ping);
const pong = frame(Opcode.Pong);

type Flood = { readonly name: string; readonly does: string; readonly bytes: Buffer };

const WEBSOCKET_FLOODS: readonly Flood[] = [
  { name: "flood-pings", does: "empty WebSocket pings", bytes: ping },
  { name: "flood-long-pings", does: "WebSocket pings of 125 bytes", bytes: frame(Opcode.Ping, filled(125)) },
  { name: "flood-pongs", does: "WebSocket pongs that nobody asked for", bytes: pong },
  { name: "flood-engine-pings", does: 'engine.io pings ("2"), which only servers send', bytes: text("2") },
  { name: "flood-engine-pongs", does: 'engine.io pongs ("3"), one after the other', bytes: text("3") },
  { name: "flood-noops", does: 'engine.io noops ("6")', bytes: text("6") },
  { name: "flood-empty-binary", does: "binary messages of no bytes", bytes: frame(Opcode.Binary) },
  { name: "flood-empty-text", does: "texts of no bytes", bytes: text("") },
  {
    name: "flood-continuations",
    does: "one message in empty continuations without end",
    bytes: frame(Opcode.Continuation, "", { isFinal: false }),
  },
  {
    name: "flood-small-fragments",
    does: "messages in fragments of a byte",
    bytes: Buffer.concat(fragments(Opcode.Text, '4[2,["ping",{}],1]', 1)),
  },
  {
    name: "flood-16000-fragments",
    does: "messages of 16,000 fragments",
    bytes: Buffer.concat(fragments(Opcode.Binary, filled(16_000), 1)),
  },
  { name: "flood-big-messages", does: "texts of 16,000 bytes", bytes: text(`4${"x".repeat(16_000)}`) },
  { name: "flood-too-big-messages", does: "texts of a megabyte", bytes: text(`4${"x".repeat(2 ** 20)}`) },
  { name: "flood-endless-message", does: "one message of 2^60 bytes", bytes: endlessMessage() },
  {
    name: "flood-controls",
    does: "control frames of all kinds, between the fragments of a message",
    bytes: Buffer.concat([
      frame(Opcode.Binary, "x", { isFinal: false }),
      ping,
      pong,
      frame(Opcode.Ping, filled(LONGEST_CONTROL_BYTES)),
      frame(Opcode.Continuation, "x"),
      text("3"),
      text("6"),
    ]),
  },
  {
    name: "flood-closes",
    does: "closing handshakes, again and again",
    bytes: frame(Opcode.Close, Buffer.from([3, 232])),
  },
  { name: "flood-requests", does: "questions that are answered", bytes: text('4[2,["ping",{}],1]') },
  {
    name: "flood-joins",
    does: "joins and leaves",
    bytes: Buffer.concat([text(joinText({ kind: "new" })), text(LEAVE)]),
  },
  { name: "flood-packets", does: "command packets", bytes: frame(Opcode.Binary, commandPacket(1, NEUTRAL_COMMAND)) },
  {
    name: "flood-nested",
    does: "JSON nested as deep as a message is long",
    bytes: text(`4[2,["join",${"[".repeat(4_000)}${"]".repeat(4_000)}],1]`),
  },
  { name: "flood-nonsense", does: "bytes that are no WebSocket frames", bytes: filled(4_096) },
];

const HTTP_FLOODS: readonly Flood[] = [
  {
    name: "flood-http",
    does: "HTTP requests on one connection, none waiting for its answer",
    bytes: Buffer.from("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
  },
  {
    name: "flood-bodies",
    does: "one HTTP request's body, without end",
    bytes: Buffer.concat([
      Buffer.from("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000000000\r\n\r\n"),
      filled(BLOCK_BYTES),
    ]),
  },
  {
    name: "flood-polling",
    does: "engine.io requests without an upgrade",
    bytes: Buffer.from(`GET ${SOCKET_PATH.replace("websocket", "polling")} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
  },
];

/** A binary frame's header, masked with zeros, and the beginning of what it announces. */
function endlessMessage(): Buffer {
  const head = Buffer.from([0x82, 0xff, ...new Uint8Array(12)]);
  head.writeBigUInt64BE(2n ** 60n, 2);
  return Buffer.concat([head, filled(BLOCK_BYTES)]);
}

/** By turns, so that each kind is tried wherever it could be read. */
const STAGES = [Stage.Seated, Stage.Greeted, Stage.Upgraded] as const;

export const FLOODS: readonly Attack[] = [
  ...WEBSOCKET_FLOODS.map((flood) => floodOf(flood, STAGES)),
  ...HTTP_FLOODS.map((flood) => floodOf(flood, [Stage.Connected])),
  {
    name: "flood-single-bytes",
    does: "a flood of long messages, a byte in each packet",
    run: (field) =>
      field.lanes(field.atLeast(LANES), (lane) =>
        field.connection(lane, async (peer) => {
          if (await field.bring(peer, STAGES[lane % STAGES.length])) await crumble(field, peer);
        }),
      ),
  },
];

/** A message of many bytes, a byte in each packet: what is charged by bytes alone is read as often as there are bytes. */
const CRUMBLED = text(`4${"x".repeat(16_000)}`);

async function crumble(field: Field, peer: RawPeer): Promise<void> {
  for (let at = 0; peer.isOpen && field.goesOn(); at = (at + 1) % CRUMBLED.length) {
    peer.write(CRUMBLED.subarray(at, at + 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function floodOf({ name, does, bytes }: Flood, stages: readonly Stage[]): Attack {
  const block = repeated(bytes, BLOCK_BYTES);
  const run = (field: Field) =>
    field.lanes(field.atLeast(LANES), (lane) =>
      field.connection(lane, async (peer) => {
        if (await field.bring(peer, stages[lane % stages.length])) await peer.pour(block, field.goesOn);
      }),
    );
  return { name, does: `a flood of ${does}`, run };
}
