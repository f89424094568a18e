/**
 * The door: what a peer may do before, beside and after all that the protocol foresees. Each peer is a bare TCP socket, and
 * a bystander, who must not notice, is connected to the same server.
 */
import { COMMAND_TAG } from "@starwake/shared/engine/command-packet.ts";
import { FRAME_TAG } from "@starwake/shared/engine/frame.ts";
import { describe, expect, test } from "vitest";
import { HELLO, handlers, lastWord, NO_LIMITS, next, openClient, startTransport } from "../support/live-transport.ts";
import { connectRaw, frame, openRawWire, type RawWire, text, upgradeRequest } from "../support/raw-wire.ts";

const Op = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;
const COUNTS = { onTime: 0, missing: 0, late: 0, refused: 0, heldUp: 0 };
const PATIENCE = { interval: 5 };
const hello = text(HELLO);
const DISCONNECT = text("4[1,null,null]");

async function greet(port: number, localAddress?: string): Promise<RawWire> {
  const wire = await openRawWire(port, localAddress);
  wire.send(hello);
  await expect.poll(() => wire.heard().includes("4[0,"), PATIENCE).toBe(true);
  return wire;
}

const ask = (times: number) => Array.from({ length: times }, (_, number) => text(`4[2,["ping",{}],${number}]`));
/** A long question counts as so many. */
const LONG_COUNTS = 4;
const askAtLength = (times: number) => {
  const long = text(`4[2,["ping",{}${" ".repeat((LONG_COUNTS - 1) * 512)}],1]`);
  return Array.from({ length: times }, () => long);
};
const answersIn = (wires: readonly RawWire[]) =>
  wires.reduce((sum, wire) => sum + wire.heard().split("4[3,").length - 1, 0);

/** A transport with a bystander, which it must still serve when all is over. */
async function open(some: Parameters<typeof startTransport>[1] = {}, seats = true) {
  const seen = { packets: 0, closed: 0 };
  const transport = await startTransport((connection) => {
    if (seats) connection.setSeated(true);
    return handlers({
      packet: () => ++seen.packets > 0,
      closed: () => void seen.closed++,
      request: () => COUNTS as never,
    });
  }, some);
  const bystander = openClient(transport, { localAddress: "127.0.0.99" } as never);
  await next(bystander, "connect");
  transport.connections[0].setSeated(true);
  const expectToGoOn = async () => {
    expect(await bystander.emitWithAck("ping", {})).toEqual(COUNTS);
    expect([bystander.connected, transport.errors]).toEqual([true, []]);
  };
  /** Lets the sockets that have said their last word go. */
  const expectGone = async (wire: RawWire) => {
    const letTimePass = () => {
      transport.clock.advance(50);
      return transport.connectionCount();
    };
    await expect.poll(letTimePass, PATIENCE).toBe(1);
    await expect.poll(wire.isClosed, PATIENCE).toBe(true);
  };
  return { ...transport, seen, expectToGoOn, expectGone };
}

/** What three connections may ask at once from their seats, each by its own allowance. */
const OWN_OF_THREE = 3 * 6;
/** What an address may ask beyond those at once, which has three connections: two a second for each, for twenty seconds. */
const OF_ADDRESS = 3 * 2 * 20;

/** Three connections have said hello that come from an address which may not have more. */
async function openThreeOfAnAddress() {
  const door = await open({ limits: { ...NO_LIMITS, maxConnectionsPerAddress: 3 } });
  const wires: RawWire[] = [];
  for (let count = 0; count < 3; count++) wires.push(await greet(door.port));
  return { door, wires };
}

describe("a wire serves one connection: a second hello closes it, and nothing else", () => {
  test.for<[string, (wire: RawWire) => void]>([
    ["in one segment", (wire) => wire.send(hello, hello)],
    ["in one segment with what stands between them", (wire) => wire.send(hello, DISCONNECT, hello)],
    ["thrice in one segment", (wire) => wire.send(hello, hello, hello)],
    ["in one message after the other", (wire) => [hello, hello].forEach((part) => wire.send(part))],
  ])("%s", async ([, say]) => {
    const door = await open();
    const wire = await openRawWire(door.port);
    say(wire);
    await door.expectGone(wire);
    expect(door.refusals.get("handler-failed")).toBeUndefined();
    await door.expectToGoOn();
  });

  test("after the connection was ended by the client, which ends the wire", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    wire.send(DISCONNECT);
    await expect.poll(() => door.seen.closed, PATIENCE).toBe(1);
    wire.send(hello);
    await door.expectGone(wire);
    expect(door.connections).toHaveLength(2);
    await door.expectToGoOn();
  });
});

describe("every frame is charged where it comes in, of whatever kind it is", () => {
  const floods: [string, Buffer][] = [
    ["pings", frame(Op.Ping)],
    ["long pings", frame(Op.Ping, "x".repeat(125))],
    ["pongs", frame(Op.Pong)],
    ["engine.io's pongs", text("3")],
    ["engine.io's noops", text("6")],
    ["texts that mean nothing", text("4{")],
    ["binary messages that mean nothing", frame(Op.Binary, "x")],
    ["empty texts", text("")],
    ["packets", frame(Op.Binary, new Uint8Array([COMMAND_TAG]))],
    ["frames that begin a message and never end it", frame(Op.Binary, "x", false)],
  ];
  test.for(floods)("%s", async ([, one]) => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    for (let burst = 0; burst < 100 && !wire.isClosed(); burst++) {
      wire.send(...Array.from({ length: 100 }, () => one));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await door.expectGone(wire);
    expect(door.seen.packets).toBeLessThanOrEqual(608);
    await door.expectToGoOn();
  });

  test("and in fragments: a message has no more of them than a connection has frames", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello, frame(Op.Text, "4", false));
    for (let part = 0; part < 10_000 && !wire.isClosed(); part += 100) {
      wire.send(...Array.from({ length: 100 }, () => frame(Op.Continuation, "x", false)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await door.expectGone(wire);
    await door.expectToGoOn();
  });

  test("a short text inside a fragmented message ends the wire, as the WebSocket protocol has it", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    wire.send(frame(Op.Text, "4", false), text('4[2,["ping",{}],1]'));
    await door.expectGone(wire);
    expect(wire.heard()).not.toContain("4[3,");
    await door.expectToGoOn();
  });
});

describe("what waits for a peer is bounded, whoever wrote it:", () => {
  test.for([true, false])("pongs to one that does not read, seated: %s", async (isSeated) => {
    const door = await open({}, isSeated);
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    wire.socket.pause();
    // Time passes, so that the pings come as fast as they may.
    const pings = Array.from({ length: 80 }, () => frame(Op.Ping, "x".repeat(125)));
    const before = process.memoryUsage.rss();
    for (let second = 0; second < 5_000 && door.connectionCount() === 2; second++) {
      wire.send(...pings);
      door.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(door.connectionCount()).toBe(1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
    await door.expectToGoOn();
  });

  test("notices to one that does not read", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    wire.socket.pause();
    for (let notice = 0; notice < 100_000 && door.seen.closed === 0; notice++) {
      door.connections[1].notify("bulletin", { gone: Array.from({ length: 2_000 }, (_, id) => id + notice) });
      if (notice % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(door.refusals.get("not-responding")).toBe(1);
    await expect.poll(door.connectionCount, PATIENCE).toBe(1);
    await door.expectToGoOn();
  });
});

describe("after the last word", () => {
  test("nothing is read any more, and the socket is destroyed within a second, whatever the peer does", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    door.connections[1].close("replaced");
    await expect.poll(wire.heard, PATIENCE).toContain("replaced");
    const { packets } = door.seen;
    const flood = frame(Op.Binary, new Uint8Array([COMMAND_TAG]));
    for (let burst = 0; burst < 20; burst++) wire.send(...Array.from({ length: 100 }, () => flood));
    // As long as it is told its last word its socket counts.
    expect(door.connectionCount()).toBe(2);
    await door.expectGone(wire);
    expect(door.seen.packets).toBe(packets);
    expect(door.refusals.get("flooding")).toBeUndefined();
    await door.expectToGoOn();
  });

  test("of the peer itself the socket is gone at once, though the peer keeps its end open", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    wire.send(frame(Op.Close, new Uint8Array([3, 0xe8])));
    await expect.poll(door.connectionCount, PATIENCE).toBe(1);
    expect(door.seen.closed).toBe(1);
    await door.expectToGoOn();
  });
});

describe("who has no seat is sent away after ten seconds:", () => {
  test.for<[string, Buffer[]]>([
    ["one that said hello and asks for nothing", [hello]],
    ["one that said nothing", []],
    ["one that is half-way through a frame", [hello.subarray(0, 9)]],
  ])("%s", async ([, said]) => {
    const door = await open({}, false);
    const wire = await openRawWire(door.port);
    wire.send(Buffer.concat(said));
    if (said[0] === hello) await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    door.clock.advance(9_000);
    expect(wire.isClosed()).toBe(false);
    door.clock.advance(1_000);
    await door.expectGone(wire);
    expect(door.refusals.get("not-seated")).toBe(1);
    await door.expectToGoOn();
  });

  test("one that gave its seat up", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2);
    door.clock.advance(60_000);
    door.connections[1].setSeated(false);
    door.clock.advance(9_999);
    expect(door.refusals.get("not-seated")).toBeUndefined();
    door.clock.advance(1);
    await door.expectGone(wire);
    expect(wire.heard()).toContain("not-seated");
    await door.expectToGoOn();
  });
});

describe("limits for each address", () => {
  test("connections: one too many is let in to be told, and others' are not touched", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxConnectionsPerAddress: 3 } });
    const wires: RawWire[] = [];
    for (let count = 0; count < 3; count++) wires.push(await openRawWire(door.port));
    const refused = openClient(door);
    expect(await next(refused, "connect_error")).toMatchObject({ message: "too-many-connections" });
    expect(door.refusals.get("too-many-connections")).toBe(1);
    await openRawWire(door.port, "127.0.0.2");
    wires[0].socket.destroy();
    await expect.poll(door.connectionCount, PATIENCE).toBeLessThanOrEqual(5);
    await openRawWire(door.port);
    await door.expectToGoOn();
  });

  test("those that are let in to be told are few, and the others are refused by plain HTTP", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxConnectionsPerAddress: 1 } });
    for (let count = 0; count < 9; count++) await openRawWire(door.port);
    const wire = await connectRaw(door.port);
    wire.send(upgradeRequest());
    await expect.poll(wire.isClosed, PATIENCE).toBe(true);
    expect(wire.heard()).toMatch(/^HTTP\/1\.1 503 .*X-Content-Type-Options: nosniff/s);
    await door.expectToGoOn();
  });

  test("connections without a seat", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxUnseatedPerAddress: 2 } }, false);
    for (let count = 0; count < 2; count++) await openRawWire(door.port);
    expect(await next(openClient(door), "connect_error")).toMatchObject({ message: "too-many-connections" });
    await openRawWire(door.port, "127.0.0.2");
    await door.expectToGoOn();
  });

  test("new connections a second", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxConnectsPerAddress: 2 } });
    for (let count = 0; count < 10; count++) await openRawWire(door.port);
    const hasty = await connectRaw(door.port);
    hasty.send(upgradeRequest());
    await expect.poll(hasty.isClosed, PATIENCE).toBe(true);
    expect(hasty.heard()).toMatch(/^HTTP\/1\.1 429 .*Retry-After: /s);
    await openRawWire(door.port, "127.0.0.2");
    door.clock.advance(500);
    await openRawWire(door.port);
    await door.expectToGoOn();
  });

  test("a client that floods makes new connections of its address rarer", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxConnectsPerAddress: 4 } });
    const wire = await openRawWire(door.port);
    wire.send(...Array.from({ length: 400 }, () => text("6")));
    await expect.poll(() => door.refusals.get("flooding") ?? 0, PATIENCE).toBeGreaterThan(100);
    const next = await connectRaw(door.port);
    next.send(upgradeRequest());
    await expect.poll(next.isClosed, PATIENCE).toBe(true);
    expect(door.refusals.get("too-hasty")).toBe(1);
    await door.expectToGoOn();
  });

  test("questions beyond each connection's own, so that who asks over many is answered as often as over few", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    for (const wire of wires) wire.send(...ask(54));
    await expect.poll(() => answersIn(wires), PATIENCE).toBe(OWN_OF_THREE + OF_ADDRESS);
    expect(door.refusals).toEqual(new Map([["too-many-questions", 3 * 54 - OWN_OF_THREE - OF_ADDRESS]]));
    await door.expectToGoOn();
  });

  test("long texts, which count as several questions", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    for (const wire of wires) wire.send(...askAtLength(30));
    // Of its own allowance each has enough for one.
    const answered = 3 + OF_ADDRESS / LONG_COUNTS;
    await expect.poll(() => answersIn(wires), PATIENCE).toBe(answered);
    await expect.poll(() => door.refusals.get("too-many-questions"), PATIENCE).toBe(3 * 30 - answered);
    await door.expectToGoOn();
  });

  test("heartbeats of any kind, two of which count as a question", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    for (const wire of wires) wire.send(...ask(46));
    const spent = OWN_OF_THREE + OF_ADDRESS;
    await expect.poll(() => answersIn(wires), PATIENCE).toBe(spent);
    door.clock.advance(1_000);
    // Now there is 1.3 of its own, and six for its address.
    const beats = [text("3"), frame(Op.Ping), frame(Op.Pong)].flatMap((beat) => [beat, beat, beat, beat]);
    wires[0].send(...beats, ...ask(4));
    await expect.poll(() => door.refusals.get("too-many-questions"), PATIENCE).toBe(3 * 46 - spent + 3);
    await expect.poll(() => answersIn(wires), PATIENCE).toBe(spent + 1);
    await door.expectToGoOn();
  });

  test("and yet who asks no more than a client does is always answered", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    const [honest, ...greedy] = wires;
    for (const wire of greedy) wire.send(...askAtLength(30));
    await expect.poll(() => door.refusals.get("too-many-questions") ?? 0, PATIENCE).toBeGreaterThan(0);
    honest.send(...ask(5));
    await expect.poll(() => answersIn([honest]), PATIENCE).toBe(5);
    for (let second = 1; second <= 20; second++) {
      door.clock.advance(1_000);
      const refused = door.refusals.get("too-many-questions")!;
      for (const wire of greedy) wire.send(...askAtLength(3));
      await expect.poll(() => door.refusals.get("too-many-questions"), PATIENCE).toBeGreaterThan(refused);
      if (second % 5 === 0) honest.send(text("3"));
      honest.send(...ask(1));
      await expect.poll(() => answersIn([honest]), PATIENCE).toBe(5 + second);
    }
    await door.expectToGoOn();
  });

  test("and who asks more is heard less often, but all that it flies by", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    for (const wire of wires) wire.send(...ask(54));
    await expect.poll(() => door.refusals.get("too-many-questions") ?? 0, PATIENCE).toBeGreaterThan(0);
    const packet = frame(Op.Binary, Buffer.from([COMMAND_TAG, 0]));
    for (let count = 0; count < 5; count++) wires[2].send(packet);
    await door.expectToGoOn();
    expect(door.seen.packets).toBe(0);
    door.clock.advance(500);
    await expect.poll(() => door.seen.packets, PATIENCE).toBe(5);
    await door.expectToGoOn();
  });

  test("and yet who says goodbye is heard, whatever it has asked before", async () => {
    const { door, wires } = await openThreeOfAnAddress();
    for (const wire of wires) wire.send(...ask(54));
    await expect.poll(() => door.refusals.get("too-many-questions") ?? 0, PATIENCE).toBeGreaterThan(0);
    wires[2].send(frame(Op.Close, Buffer.from([3, 0xe9])));
    door.clock.advance(500);
    await expect.poll(wires[2].isClosed, PATIENCE).toBe(true);
    expect(door.seen.closed).toBe(1);
    await door.expectToGoOn();
  });

  test("TCP sockets, whatever is said over them", async () => {
    const door = await open({ limits: { ...NO_LIMITS, maxSocketsPerAddress: 3 } });
    const silent = [];
    for (let count = 0; count < 3; count++) silent.push(await connectRaw(door.port));
    const refused = await connectRaw(door.port);
    await expect.poll(refused.isClosed, PATIENCE).toBe(true);
    expect(silent.map((wire) => wire.isClosed())).toEqual([false, false, false]);
    await openRawWire(door.port, "127.0.0.2");
    await door.expectToGoOn();
  });
});

test("all addresses together are answered no more questions than there is time for, and strangers first", async () => {
  const door = await open();
  const wires: RawWire[] = [];
  for (let count = 0; count < 60; count++) wires.push(await greet(door.port, `127.0.0.${2 + (count % 20)}`));
  for (const wire of wires) wire.send(...ask(50));
  await expect.poll(() => answersIn(wires) + (door.refusals.get("too-many-questions") ?? 0), PATIENCE).toBe(60 * 50);
  // Each has some of its own, beside what all share.
  expect(answersIn(wires)).toBeLessThanOrEqual(60 * 6 + 1_000);
  expect([...door.refusals.keys()]).toEqual(["too-many-questions"]);
  const stranger = await greet(door.port, "127.0.0.50");
  stranger.send(...ask(1));
  await expect.poll(() => answersIn([stranger]), PATIENCE).toBe(1);
  await door.expectToGoOn();
});

test("where all places are taken, who has most of them gives one up to a newcomer from elsewhere", async () => {
  const door = await open({ limits: { ...NO_LIMITS, maxConnections: 6 } });
  const greedy = [];
  for (let count = 0; count < 5; count++) {
    const wire = await openRawWire(door.port, "127.0.0.2");
    wire.send(hello);
    await expect.poll(() => door.connections.length, PATIENCE).toBe(2 + count);
    greedy.push(wire);
  }
  const newcomer = openClient(door);
  await next(newcomer, "connect");
  await expect.poll(greedy[0].heard, PATIENCE).toContain("server-full");
  door.clock.advance(1_000);
  await expect.poll(greedy[0].isClosed, PATIENCE).toBe(true);
  expect(greedy.slice(1).map((wire) => wire.isClosed())).toEqual([false, false, false, false]);
  // Of those who have as few as the newcomer would have, nobody gives way.
  await door.expectToGoOn();
});

describe("a request to upgrade is refused, and its socket closed:", () => {
  const refused: [string, number, Buffer][] = [
    ["of another path", 400, upgradeRequest("/elsewhere")],
    ["of another protocol", 400, upgradeRequest("/socket.io/?EIO=3&transport=websocket")],
    ["by polling", 400, upgradeRequest("/socket.io/?EIO=4&transport=polling")],
    ["of a session that exists or not", 400, upgradeRequest("/socket.io/?EIO=4&transport=websocket&sid=abc")],
    ["with a path that is none", 400, upgradeRequest("//")],
    ["with frames behind it that nobody has charged", 400, Buffer.concat([upgradeRequest(), hello])],
    ["of another origin", 403, upgradeRequest(undefined, ["Origin: https://elsewhere.example"])],
  ];
  test.for(refused)("%s", async ([, status, request]) => {
    const door = await open();
    const wire = await connectRaw(door.port);
    wire.send(request);
    await expect.poll(wire.isClosed, PATIENCE).toBe(true);
    expect(wire.heard()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await door.expectToGoOn();
  });

  test("a second one over a session's own address opens no second wire", async () => {
    const door = await open();
    const wire = await openRawWire(door.port);
    const [, sid] = /"sid":"([^"]+)"/.exec(wire.heard())!;
    const second = await connectRaw(door.port);
    second.send(upgradeRequest(`/socket.io/?EIO=4&transport=websocket&sid=${sid}`));
    await expect.poll(second.isClosed, PATIENCE).toBe(true);
    expect(wire.isClosed()).toBe(false);
    await door.expectToGoOn();
  });
});

test("a connection's methods never throw, even where its socket does", async () => {
  const door = await open();
  const client = openClient(door);
  await next(client, "connect");
  const [, connection] = door.connections;
  const farewell = lastWord(client);
  connection.notify("bulletin", { toJSON: () => JSON.parse("{") } as never);
  expect(await farewell).toBe("room-failed");
  expect(() => connection.sendFrame(new Uint8Array([FRAME_TAG]))).not.toThrow();
  expect(door.refusals.get("handler-failed")).toBe(1);
});
