/**
 * Bytes of a client by hand: the upgrade request, WebSocket frames right and wrong (RFC 6455, 5.2), and the few messages
 * that lead into a room. No library stands between, so that what no library would send can be sent.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";

export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;
export const SOCKET_PATH = "/socket.io/?EIO=4&transport=websocket";

/** Sixteen bytes of any kind: there is no proxy here that the answer to them would have to convince. */
const KEY = Buffer.from("Starwake attack!").toString("base64");
const PROTOCOL = protocolHash(starwake as GameDefinition);

/** The first word of a client of this very version, with what rides along; right or not. */
export function helloText(wish: object): string {
  return `4${JSON.stringify([0, { protocol: PROTOCOL, ...wish }, null])}`;
}

export const HELLO = helloText({});
export const DISCONNECT = "4[1,null,null]";
export const LEAVE = '4[2,["leave",{}],9001]';
/** The number that the answer to a join by joinText() bears. */
export const JOIN_NUMBER = 9_000;

export function joinText(room: RoomWish, name = "Mallory"): string {
  return `4${JSON.stringify([2, ["join", { name, room }], JOIN_NUMBER])}`;
}

/** An upgrade request; `extra` are whole header lines. */
export function upgradeRequest(port: number, extra: readonly string[] = [], path = SOCKET_PATH): Buffer {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${KEY}`,
    ...extra,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}

/** What may be said otherwise than a client should. */
export type FrameForm = {
  readonly isFinal?: boolean;
  /** The three reserved bits, which mean nothing without an extension: 0 to 7. */
  readonly reserved?: number;
  /** Four bytes; undefined: not masked. */
  readonly mask?: readonly number[] | undefined;
  /** The length that the header tells, where it is not the payload's own. */
  readonly toldLength?: number;
};

const MASK = [0x5a, 0xc3, 0x96, 0x3c] as const;

export function frame(opcode: number, payload: string | Uint8Array = "", form: FrameForm = {}): Buffer {
  const { isFinal = true, reserved = 0 } = form;
  const mask = "mask" in form ? form.mask : MASK;
  const body = Buffer.from(payload as Uint8Array);
  const length = form.toldLength ?? body.length;
  const more = Buffer.alloc(length < LENGTH_IN_2 ? 0 : length < 2 ** 16 ? 2 : 8);
  if (more.length === 2) more.writeUInt16BE(length);
  if (more.length === 8) more.writeBigUInt64BE(BigInt(length));
  const said = more.length === 0 ? length : more.length === 2 ? LENGTH_IN_2 : LENGTH_IN_8;
  const head = [(isFinal ? FINAL : 0) | (reserved << 4) | opcode, (mask === undefined ? 0 : MASKED) | said];
  if (mask !== undefined) for (let at = 0; at < body.length; at++) body[at] ^= mask[at & 3];
  return Buffer.concat([Buffer.from(head), more, Buffer.from(mask ?? []), body]);
}

export const text = (words: string) => frame(Opcode.Text, words);

/** A message in parts of so many bytes: the first frame tells its kind, the rest go on with it. */
export function fragments(opcode: number, payload: string | Uint8Array, partBytes: number): Buffer[] {
  const body = Buffer.from(payload as Uint8Array);
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < body.length; at += partBytes) {
    const isFinal = at + partBytes >= body.length;
    parts.push(frame(at === 0 ? opcode : Opcode.Continuation, body.subarray(at, at + partBytes), { isFinal }));
  }
  return parts;
}

/** Bytes over and over, until there are at least so many. */
export function repeated(bytes: Buffer, leastBytes: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(leastBytes / bytes.length) }, () => bytes));
}
