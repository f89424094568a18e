import { COMMAND_TAG } from "@starwake/shared/engine/command-packet.ts";
import { FRAME_TAG } from "@starwake/shared/engine/frame.ts";
import { BINARY_EVENT, createWireParser, encodeEvent } from "@starwake/shared/engine/wire-parser.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

type Packet = { type: number; nsp: string; data?: unknown; id?: number };

/** A decoder, and what came of what it was given: packets, or reasons. */
function decoder(greets: () => boolean = () => true, longestText?: number) {
  const packets: Packet[] = [];
  const reasons: string[] = [];
  const { Decoder } = createWireParser(() => ({ greets, garbled: (reason) => reasons.push(reason) }), longestText);
  const decode = new Decoder();
  decode.on("decoded", (packet) => packets.push(packet));
  return { add: (message: unknown) => decode.add(message), packets, reasons };
}

function roundTrip(packet: Packet): Packet {
  const { Encoder } = createWireParser();
  const messages = new Encoder().encode(packet);
  expect(messages).toHaveLength(1);
  const { add, packets, reasons } = decoder();
  add(messages[0]);
  expect(reasons).toEqual([]);
  expect(packets).toHaveLength(1);
  return packets[0];
}

describe("what one side encodes the other decodes, in one message", () => {
  test.each<Packet>([
    { type: 0, nsp: "/", data: { protocol: "abc123" } },
    { type: 0, nsp: "/" },
    { type: 1, nsp: "/" },
    { type: 2, nsp: "/", data: ["ping", {}], id: 0 },
    { type: 2, nsp: "/", data: ["bulletin", { news: [] }] },
    { type: 3, nsp: "/", data: [{ onTime: 1 }], id: 7 },
    { type: 4, nsp: "/", data: { message: "version-mismatch" } },
  ])("%j", (packet) => {
    expect(roundTrip(packet)).toEqual(packet);
  });

  test.each([FRAME_TAG, COMMAND_TAG])("binary with tag %i, which carries no byte more", (tag) => {
    const bytes = new Uint8Array([tag, 0, 255, 128]);
    const { Encoder } = createWireParser();
    expect(new Encoder().encode({ type: 2, nsp: "/", data: [BINARY_EVENT, bytes] })).toEqual([bytes]);
    expect(roundTrip({ type: 2, nsp: "/", data: [BINARY_EVENT, bytes] }).data).toEqual([BINARY_EVENT, bytes]);
  });

  test("binary that a browser hands over as an ArrayBuffer", () => {
    const { add, packets } = decoder();
    add(new Uint8Array([FRAME_TAG, 5]).buffer);
    expect(packets[0].data).toEqual([BINARY_EVENT, new Uint8Array([FRAME_TAG, 5])]);
  });
});

test("an event by itself is as the encoder has it", () => {
  const encoder = new (createWireParser().Encoder)();
  const body = { news: [{ who: 1 }] };
  expect([encodeEvent("bulletin", body)]).toEqual(encoder.encode({ type: 2, nsp: "/", data: ["bulletin", body] }));
});

test("a text that is longer than any should be is malformed, whatever it says", () => {
  const { add, packets, reasons } = decoder(() => true, 20);
  add('[2,["ping",{}   ],1]');
  expect([packets.length, reasons]).toEqual([1, []]);
  add('[2,["ping",{}    ],1]');
  expect([packets.length, reasons]).toEqual([1, ["malformed"]]);
});

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("what is not understood is dropped with a reason", () => {
  test.each<[string, unknown]>([
    ["nothing", ""],
    ["cut short", '[2,["ping",{}],'],
    ["not an array", '{"type":2}'],
    ["null", "null"],
    ["too few parts", '[2,["ping"]]'],
    ["too many parts", '[2,["ping"],1,1]'],
    ["no such type", '[7,["ping"],1]'],
    ["socket.io's own binary types", '[5,["ping"],1]'],
    ["a type that is no number", '["2",["ping"],1]'],
    ["a type that is infinite", '[1e999,["ping"],1]'],
    ["an id that is infinite", '[2,["ping"],1e999]'],
    ["an id that is negative", '[2,["ping"],-1]'],
    ["an id that is a fraction", '[2,["ping"],0.5]'],
    ["an id that is text", '[2,["ping"],"1"]'],
    ["an id that is an object", '[2,["ping"],{"__proto__":1}]'],
    ["an event that is no array", '[2,{"0":"ping"},1]'],
    ["an event without a name", "[2,[],1]"],
    ["an event whose name is a number", "[2,[2],1]"],
    ["an event whose name is nested 5,000 deep", `[2,${deep(5_000)},1]`],
    ["binary's event as text", `[2,["${BINARY_EVENT}","x"],null]`],
    ["an acknowledgement of nothing", "[3,[1],null]"],
    ["an acknowledgement that is no array", "[3,7,1]"],
    ["a hello that is an array", "[0,[],null]"],
    ["a hello that is text", '[0,"x",null]'],
    ["a goodbye with something", "[1,{},null]"],
    ["an error that is no object", '[4,"no",null]'],
    ["nested 5,000 deep", deep(5_000)],
    ["nested 100,000 deep", deep(100_000)],
    ["empty binary", new Uint8Array([])],
    ["binary without a known tag", new Uint8Array([0, 1, 2])],
    ["a number", 7],
    ["undefined", undefined],
    ["an object", { length: 3 }],
  ])("%s", (_what, message) => {
    const { add, packets, reasons } = decoder();
    add(message);
    expect({ packets, reasons }).toEqual({ packets: [], reasons: ["malformed"] });
  });

  test.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "an event named %s, which is socket.io's own",
    (name) => {
      const { add, packets, reasons } = decoder();
      add(`[2,["${name}"],null]`);
      expect({ packets, reasons }).toEqual({ packets: [], reasons: ["unknown-event"] });
    },
  );
});

test("of hellos those alone are handed on that the guard takes; all else does not ask it", () => {
  let hellos = 0;
  const { add, packets, reasons } = decoder(() => ++hellos === 1);
  const hello = '[0,{"protocol":"abc123"},null]';
  for (const message of [hello, '[2,["ping",{}],1]', hello, "[1,null,null]", hello]) add(message);
  expect(packets.map(({ type }) => type)).toEqual([0, 2, 1]);
  expect({ reasons, hellos }).toEqual({ reasons: [], hellos: 3 });
});

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe(`fuzzed (FUZZ_SEED=${seed})`, () => {
  const valid = ['[2,["ping",{}],1]', '[0,{"protocol":"abc123"},null]', "[3,[{}],7]", "[1,null,null]"];
  const spoiled = fc
    .tuple(fc.constantFrom(...valid), fc.nat(40), fc.nat(4), fc.string({ maxLength: 6 }))
    .map(([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    spoiled,
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => new Uint8Array([COMMAND_TAG, ...bytes])),
    fc.anything(),
  );

  test("any message is either one packet that socket.io can take, or dropped with one reason", () => {
    fc.assert(
      fc.property(message, (any) => {
        const { add, packets, reasons } = decoder();
        add(any);
        expect(packets.length + reasons.length).toBe(1);
        for (const packet of packets) expect(isTakeable(packet)).toBe(true);
      }),
      { seed, numRuns: 5_000 },
    );
  });
});

/** What socket.io takes for granted of a packet. */
function isTakeable({ type, nsp, data, id }: Packet): boolean {
  if (nsp !== "/" || !(id === undefined || (Number.isSafeInteger(id) && id >= 0))) return false;
  if (type === 2) return Array.isArray(data) && typeof data[0] === "string";
  if (type === 3) return Array.isArray(data) && id !== undefined;
  if (type === 1) return data === undefined;
  return (type === 0 && data === undefined) || (typeof data === "object" && data !== null && !Array.isArray(data));
}
