/**
 * Frames that no honest client would send, drawn from a seed: chance's own bytes, packets and messages that were right
 * before something happened to them, and nonsense in the right shape.
 */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import {
  COMMAND_TAG,
  MAX_COMMANDS_PER_PACKET,
  MAX_LOOK_AGE,
  MAX_PACKET_BYTES,
  writeCommandPacket,
} from "@starwake/shared/engine/command-packet.ts";
import { nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";

export type FuzzFrame = string | Uint8Array<ArrayBuffer>;

/** What a client may rightly say, as engine.io and the wire parser have it. */
const RIGHT_MESSAGES = [
  '4[2,["ping",{}],1]',
  '4[2,["leave",{}],2]',
  '4[2,["join",{"name":"Ada","room":{"kind":"quick"}}],3]',
  '4[2,["join",{"name":"Bob","room":{"kind":"code","code":"FUZZY"}}],4]',
  '4[2,["join",{"name":"Eve","room":{"kind":"quick"},"token":"AAAAAAAAAAAAAAAAAAAAAA"}],5]',
  "4[3,[{}],1]",
  "3",
];
/** What ends a connection. */
const ENDINGS = ['4[0,{"protocol":"abc"},null]', "4[1,null,null]", "2", "1", "5", "0{}", "9", "b4AAAA"];

/** What upsets parsers, and what asks an object for more than it has. */
const SPLINTERS = [
  "1e999",
  "-1e999",
  "NaN",
  "-0",
  "9007199254740993",
  "null",
  "true",
  "[]",
  "{}",
  '"',
  "\\",
  "\\u0000",
  "\\ud800",
  "\u202e",
  "\u0000",
  "<script>",
  '"__proto__":{"ok":1},',
  '"constructor"',
  '"toString"',
  '"disconnect"',
  '"b"',
  "[".repeat(3_000),
  '{"a":'.repeat(1_000),
  "x".repeat(5_000),
];

/** Makes frames for a game whose commands have this schema; `near` are ticks that a command could be for. */
export class Fuzzer {
  private readonly random: Random;
  private readonly command: Schema;

  constructor(random: Random, command: Schema) {
    this.random = random;
    this.command = command;
  }

  /** A frame that does not end the connection, but for a few that happen to. */
  frame(): FuzzFrame {
    const kinds = [
      () => this.randomBytes(),
      () => Uint8Array.from([COMMAND_TAG, ...this.randomBytes()]),
      () => this.randomPacket(),
      () => this.mutatedBytes(this.randomPacket()),
      () => this.mutatedText(this.pick(RIGHT_MESSAGES)),
      () => this.nonsense(),
    ];
    return this.pick(kinds)();
  }

  lastFrame(): FuzzFrame {
    return this.pick(ENDINGS);
  }

  private pick<Value>(values: readonly Value[]): Value {
    return values[nextBelow(this.random, values.length)];
  }

  private randomBytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: nextBelow(this.random, 60) }, () => nextBelow(this.random, 256));
  }

  /** A packet that is right in all but what it wishes for, and when. */
  private randomPacket(): Uint8Array<ArrayBuffer> {
    const { random, command } = this;
    const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
    const commands = Array.from({ length: nextBetween(random, 1, MAX_COMMANDS_PER_PACKET) }, () =>
      Object.fromEntries(
        command.names.map((name, at) => [name, nextBetween(random, command.fields[at].min, command.fields[at].max)]),
      ),
    );
    writeCommandPacket(writer, command, {
      ackTick: nextBelow(random, 2) === 0 ? undefined : nextBelow(random, 65_536),
      lookAge: nextBelow(random, MAX_LOOK_AGE + 1),
      // Rooms are young while they are fuzzed: many of these are for ticks that are near.
      firstTick: nextBelow(random, 2) === 0 ? nextBelow(random, 65_536) : nextBelow(random, 1_500),
      commands: commands as RecordOf<Schema>[],
    });
    return writer.bytes.slice(0, writer.byteLength);
  }

  private mutatedBytes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { random } = this;
    for (let changes = nextBetween(random, 1, 4); changes > 0; changes--)
      bytes[nextBelow(random, bytes.length)] ^= 1 << nextBelow(random, 8);
    return nextBelow(random, 3) === 0 ? bytes.slice(0, nextBelow(random, bytes.length)) : bytes;
  }

  private mutatedText(text: string): string {
    const { random } = this;
    let mutated = text;
    for (let changes = nextBetween(random, 1, 3); changes > 0; changes--) {
      // The first character is engine.io's own: a wrong one would end the connection.
      const from = nextBetween(random, 1, mutated.length);
      const to = Math.min(mutated.length, from + nextBelow(random, 8));
      const splinter = this.pick([
        "",
        mutated.slice(from, to).repeat(2),
        String.fromCharCode(nextBelow(random, 128)),
        this.pick(SPLINTERS),
      ]);
      mutated = mutated.slice(0, from) + splinter + mutated.slice(to);
    }
    return mutated;
  }

  /** A message in the right shape whose contents make no sense. */
  private nonsense(): string {
    const { random } = this;
    const event = this.pick(["join", "ping", "leave", "obey", "farewell", "error", "__proto__", "connect"]);
    return `4${JSON.stringify([nextBelow(random, 6), [event, this.nonsenseValue(0)], nextBelow(random, 100)])}`;
  }

  private nonsenseValue(depth: number): unknown {
    const { random } = this;
    const leaves: unknown[] = [null, true, -1, 1e308, "", "quick", "x".repeat(nextBelow(random, 100)), "\u202e<b>"];
    if (depth > 4 || nextBelow(random, 3) === 0) return this.pick(leaves);
    if (nextBelow(random, 3) === 0) return [this.nonsenseValue(depth + 1), this.nonsenseValue(depth + 1)];
    const names = ["name", "room", "kind", "code", "token", "protocol", "constructor"];
    return Object.fromEntries([1, 2, 3].map(() => [this.pick(names), this.nonsenseValue(depth + 1)]));
  }
}
