/**
 * The frames of a conversation: messages that a client may send and such that it may not, each in a form that WebSocket
 * allows (whole, in parts, with control frames between), and now and then in one that it forbids.
 */
import { nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { DISCONNECT, frame, HELLO, helloText, joinText, LEAVE, Opcode, text } from "../attack/wire-bytes.ts";
import { Fuzzer, type FuzzFrame } from "../support/fuzz.ts";

/** Bytes that belong together, and how many WebSocket frames they hold. */
export type Piece = { readonly bytes: Buffer; readonly frames: number };

/** One message in so many breaks WebSocket's rules, which ends the connection. */
const BROKEN_ONE_IN = 400;
/** One in so many is a client's coming or going, which may end it, too. */
const COMING_ONE_IN = 60;
const LONGEST_CONTROL_BYTES = 125;
const MOST_PARTS = 6;
const OTHER_OPCODES = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];

export class FuzzFrames {
  private readonly random: Random;
  private readonly fuzzer: Fuzzer;
  private readonly token: string;

  constructor(random: Random, token: string) {
    this.random = random;
    this.token = token;
    this.fuzzer = new Fuzzer(random, starwake.command);
  }

  /** Any message, in any form. */
  message(): Piece[] {
    if (this.oneIn(BROKEN_ONE_IN)) return [this.broken()];
    if (this.oneIn(COMING_ONE_IN)) return this.comingOrGoing();
    return this.pick([
      () => [this.inAnyForm(this.fuzzer.frame())],
      () => [this.inAnyForm(this.fuzzer.frame())],
      () => [this.inAnyForm(this.fuzzer.frame())],
      () => [this.control()],
      () => [this.inAnyForm(this.pick(["3", "6", "3probe", "4", '4[2,["ping",{}],1]', "4[3,[{}],1]"]))],
    ])();
  }

  join(): Piece {
    const rooms = [
      joinText({ kind: "quick" }),
      joinText({ kind: "code", code: "FUZZY" }),
      `4[2,["join",{"name":"Eve","room":{"kind":"quick"},"token":"${this.token}"}],3]`,
    ];
    return this.inAnyForm(this.pick(rooms));
  }

  /** A hello with what rides along: mostly right. */
  hello(): string {
    const wishes = [
      {},
      { join: { name: "Ada", room: { kind: "quick" } } },
      { join: { name: "Bob", room: { kind: "code", code: "FUZZY" } } },
      { join: { name: "Eve", room: { kind: "quick" }, token: this.token } },
      { spare: { token: this.token } },
      { join: null },
      { join: { name: 7, room: [] }, spare: {} },
    ];
    return helloText(this.pick(wishes));
  }

  /** By what a client comes and goes: right, wrong, or at the wrong time. */
  comingOrGoing(): Piece[] {
    const words = this.pick([
      () => HELLO,
      () => this.hello(),
      () => DISCONNECT,
      () => LEAVE,
      () => LEAVE,
      () => '4[0,{"protocol":"abc"},null]',
      () => "4[0,null,null]",
      () => `4[2,["spare",{"token":"${this.token}"}],6]`,
      () => `4[2,["spare",{"token":"${this.token}"}],6]`,
      () => undefined,
      () => undefined,
    ])();
    return [words === undefined ? this.join() : this.inAnyForm(words)];
  }

  /** What ends a connection, by whatever layer's rules. */
  lastWords(): Piece[] {
    return this.pick([
      () => [this.inAnyForm(this.fuzzer.lastFrame())],
      () => [this.broken()],
      () => [whole(text(DISCONNECT))],
      () => [whole(text(DISCONNECT)), whole(text(HELLO))],
      () => [whole(text(LEAVE)), whole(text("1"))],
      () => [this.closing()],
    ])();
  }

  private inAnyForm(payload: FuzzFrame): Piece {
    const opcode = typeof payload === "string" ? Opcode.Text : Opcode.Binary;
    const body = Buffer.from(payload as Uint8Array);
    return this.oneIn(8) ? this.inParts(opcode, body) : whole(frame(opcode, body, { mask: this.mask() }));
  }

  private inParts(opcode: number, body: Buffer): Piece {
    const cuts = Array.from({ length: nextBetween(this.random, 1, MOST_PARTS) }, () =>
      nextBelow(this.random, body.length + 1),
    );
    const ends = [...cuts.sort((one, other) => one - other), body.length];
    const frames: Buffer[] = [];
    ends.forEach((end, index) => {
      const part = body.subarray(index === 0 ? 0 : ends[index - 1], end);
      if (index > 0 && this.oneIn(4)) frames.push(this.control().bytes);
      const form = { isFinal: index === ends.length - 1, mask: this.mask() };
      frames.push(frame(index === 0 ? opcode : Opcode.Continuation, part, form));
    });
    return { bytes: Buffer.concat(frames), frames: frames.length };
  }

  private control(): Piece {
    const { random } = this;
    const opcode = this.oneIn(2) ? Opcode.Ping : Opcode.Pong;
    const length = this.oneIn(3) ? 0 : nextBelow(random, LONGEST_CONTROL_BYTES + 1);
    return whole(frame(opcode, this.bytes(length), { mask: this.mask() }));
  }

  private closing(): Piece {
    const codes = [0, 999, 1000, 1001, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65_535];
    const code = Buffer.alloc(2);
    code.writeUInt16BE(this.pick(codes));
    const reasons = [Buffer.alloc(0), Buffer.from("bye"), Buffer.from([0xc3, 0x28]), this.bytes(123)];
    const payload = this.oneIn(4) ? this.bytes(1) : Buffer.concat([code, this.pick(reasons)]);
    return whole(frame(Opcode.Close, payload, { mask: this.mask() }));
  }

  /** A frame that WebSocket forbids, or that this server need not read. */
  private broken(): Piece {
    const { random } = this;
    const body = this.bytes(nextBelow(random, 40));
    const opcode = this.pick([Opcode.Text, Opcode.Binary]);
    const lengths = [0, 1, 125, 126, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
    const ways = [
      () => frame(opcode, body, { reserved: nextBetween(random, 1, 7) }),
      () => frame(this.pick(OTHER_OPCODES), body),
      () => frame(opcode, body, { mask: undefined }),
      () => frame(opcode, body, { toldLength: this.pick(lengths) }),
      () => overlong(frame(opcode, body, { toldLength: 2 ** 53 - 1 })),
      () => frame(this.pick([Opcode.Ping, Opcode.Pong, Opcode.Close]), body, { isFinal: false }),
      () => frame(this.pick([Opcode.Ping, Opcode.Pong, Opcode.Close]), this.bytes(nextBetween(random, 126, 300))),
      () => frame(Opcode.Continuation, body, { isFinal: this.oneIn(2) }),
      () => Buffer.concat([frame(opcode, body, { isFinal: false }), frame(opcode, body)]),
      // engine.io ends a connection for a text without its digit.
      () => text(""),
      () => frame(Opcode.Text, Buffer.from([0x34, 0xff, 0xfe, 0xc0])),
      () => frame(opcode, Buffer.alloc(nextBetween(random, 15_000, 40_000), 0x34)),
      () => frame(opcode, this.bytes(40)).subarray(0, nextBetween(random, 1, 40)),
      () => this.flipped(frame(opcode, this.bytes(20))),
    ];
    return whole(this.pick(ways)());
  }

  private flipped(bytes: Buffer): Buffer {
    for (let left = nextBetween(this.random, 1, 3); left > 0; left--)
      bytes[nextBelow(this.random, bytes.length)] ^= 1 << nextBelow(this.random, 8);
    return bytes;
  }

  private mask(): number[] | undefined {
    const { random } = this;
    return this.oneIn(6) ? [0, 0, 0, 0] : Array.from({ length: 4 }, () => nextBelow(random, 256));
  }

  private bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => nextBelow(this.random, 256)));
  }

  private oneIn(count: number): boolean {
    return nextBelow(this.random, count) === 0;
  }

  private pick<Value>(values: readonly Value[]): Value {
    return values[nextBelow(this.random, values.length)];
  }
}

const whole = (bytes: Buffer): Piece => ({ bytes, frames: 1 });

/** A length of more than 2^63, whose first bit must not be set. */
function overlong(bytes: Buffer): Buffer {
  bytes[2] |= 0x80;
  return bytes;
}
