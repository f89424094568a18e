/** Pings are read and answered past engine.io and socket.io, and mean what they mean to them. */
import { numberOfPing, replyToPing } from "@starwake/server/engine/pings.ts";
import { createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { expect, test } from "vitest";
import { HELLO, handlers, next, openClient, startTransport } from "../support/live-transport.ts";
import { openRawWire, text } from "../support/raw-wire.ts";

const PATIENCE = { interval: 5 };
const COUNTS = { onTime: 5, missing: 4, late: 3, refused: 2, heldUp: 1 };
const numberOf = (words: string) => numberOfPing(Buffer.from(words));

test("a ping has a number under which it is answered", () => {
  expect(numberOf('4[2,["ping",{}],0]')).toBe(0);
  expect(numberOf('4[2,["ping", {} ], 9007199254740991]')).toBe(Number.MAX_SAFE_INTEGER);
});

test.for([
  "",
  "4",
  "2",
  "4[2",
  '4[2,["ping",',
  '4[2,["ping",{}],null]',
  '4[2,["ping",{}],-1]',
  '4[2,["ping",{}],1.5]',
  '4[2,["ping",{}],1e300]',
  '4[2,["ping",{}]]',
  '4[2,["ping",{}],1,2]',
  '4[2,["ping",{},{}],1]',
  '4[2,["ping",{"a":1}],1]',
  '4[2,["ping",[]],1]',
  '4[2,["ping",null],1]',
  '4[2,["ping"],1]',
  '4[2,["pin",{}],1]',
  '4[2,["leave",{}],1]',
  '4[3,["ping",{}],1]',
  '2[2,["ping",{}],1]',
])("nothing else is one: %s", (words) => {
  expect(numberOf(words)).toBeUndefined();
});

test("the reply is socket.io's own, to its encoder's letter", () => {
  const [encoded] = new (createWireParser().Encoder)().encode({ type: 3, nsp: "/", data: [COUNTS], id: 17 });
  expect(replyToPing(17, COUNTS).toString()).toBe(`4${encoded}`);
});

test("a client of socket.io has its answers, whether they go this way or, in pieces, the other", async () => {
  const transport = await startTransport(() => handlers({ request: () => COUNTS as never }));
  const client = openClient(transport);
  await next(client, "connect");
  expect(await client.emitWithAck("ping", {})).toEqual(COUNTS);
  const wire = await openRawWire(transport.port);
  wire.send(text(HELLO));
  await expect.poll(() => wire.heard().includes("4[0,"), PATIENCE).toBe(true);
  const ping = text('4[2,["ping",{}],7]');
  wire.send(ping);
  await expect.poll(() => wire.heard().split("4[3,").length, PATIENCE).toBe(2);
  wire.send(ping.subarray(0, 9));
  await expect.poll(() => client.emitWithAck("ping", {})).toEqual(COUNTS);
  wire.send(ping.subarray(9));
  await expect.poll(() => wire.heard().split("4[3,").length, PATIENCE).toBe(3);
  const [first, second] = wire.heard().split("4[3,").slice(1);
  expect(second).toBe(first.slice(0, second.length));
  expect(transport.errors).toEqual([]);
});

test("one that means nothing is counted as such, and one whose answering throws costs its own connection alone", async () => {
  const transport = await startTransport(() =>
    handlers({
      request: () => {
        throw new Error("planted");
      },
    }),
  );
  const [bad, bystander] = [openClient(transport), openClient(transport)];
  for (const client of [bad, bystander]) await next(client, "connect");
  bad.emit("ping", { a: 1 }, () => {});
  await expect.poll(() => transport.refusals.get("malformed"), PATIENCE).toBe(1);
  bad.emit("ping", {}, () => {});
  await next(bad, "disconnect");
  expect(transport.refusals.get("handler-failed")).toBe(1);
  expect(bystander.connected).toBe(true);
});
