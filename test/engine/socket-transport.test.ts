import { once } from "node:events";
import { inspect } from "node:util";
import { COMMAND_TAG } from "@starwake/shared/engine/command-packet.ts";
import { FRAME_TAG } from "@starwake/shared/engine/frame.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT } from "@starwake/shared/engine/wire-parser.ts";
import { describe, expect, test } from "vitest";
import {
  closed,
  handlers,
  lastWord,
  next,
  nextMessage,
  openClient,
  openRaw,
  openRawSeated,
  startTransport,
} from "../support/live-transport.ts";
import { connectByHand } from "../support/peer-by-hand.ts";
import { connectRaw, UPGRADE_PATH, upgradeRequest } from "../support/raw-wire.ts";

const COUNTS = { onTime: 1, missing: 2, late: 3, refused: 4, heldUp: 5 };
const answering = () => handlers({ request: () => COUNTS as never });

describe("who is let in", () => {
  const hello = async (origin: string | undefined, allowedOrigins: string[] = []) => {
    const transport = await startTransport(undefined, { allowedOrigins });
    const own = origin === "own" ? `http://127.0.0.1:${transport.port}` : origin;
    const client = openClient(transport, own === undefined ? {} : { extraHeaders: { origin: own } });
    const outcome = await Promise.race([
      next(client, "connect").then(() => "let in"),
      next(client, "connect_error").then(() => "refused"),
    ]);
    return { outcome, refusals: transport.refusals };
  };

  test("a page of another origin is refused and counted", async () => {
    const { outcome, refusals } = await hello("http://elsewhere.example");
    expect(outcome).toBe("refused");
    expect(refusals).toEqual(new Map([["origin-not-allowed", 1]]));
  });

  test.each(["null", "http://", "http://127.0.0.1.elsewhere.example"])("origin %j is refused", async (origin) => {
    expect((await hello(origin)).outcome).toBe("refused");
  });

  test("the server's own page, an allowed origin, and a client that is no page are let in", async () => {
    expect((await hello("own")).outcome).toBe("let in");
    expect((await hello(undefined)).outcome).toBe("let in");
    expect((await hello("https://friend.example", ["https://friend.example"])).outcome).toBe("let in");
    expect((await hello("http://elsewhere.example", ["*"])).outcome).toBe("let in");
  });

  test("another version is told so", async () => {
    const transport = await startTransport();
    const error = await next(openClient(transport, { auth: { protocol: "old" } }), "connect_error");
    expect(error).toMatchObject({ message: "version-mismatch" });
    expect(transport.refusals.get("version-mismatch")).toBe(1);
    expect(transport.connections).toEqual([]);
  });

  test.each([{}, { protocol: 7 }, { protocol: "x".repeat(65) }, { protocol: "abc123", more: 1 }])(
    "a malformed hello is told so: %j",
    async (auth) => {
      const transport = await startTransport();
      const error = await next(openClient(transport, { auth }), "connect_error");
      expect(error).toMatchObject({ message: "malformed" });
      expect(transport.connections).toEqual([]);
    },
  );
});

describe("what is handed on", () => {
  test("frames and packets arrive byte for byte", async () => {
    const packets: Uint8Array[] = [];
    const transport = await startTransport((connection) =>
      handlers({
        packet: (bytes) => {
          packets.push(bytes);
          connection.sendFrame(new Uint8Array([FRAME_TAG, 0, 255, 7]));
          return true;
        },
      }),
    );
    const client = openClient(transport);
    await next(client, "connect");
    client.emit(BINARY_EVENT, new Uint8Array([COMMAND_TAG, 1, 128, 0]));
    expect(new Uint8Array((await next(client, BINARY_EVENT)) as Uint8Array)).toEqual(
      new Uint8Array([FRAME_TAG, 0, 255, 7]),
    );
    expect(packets.map((bytes) => [...bytes])).toEqual([[COMMAND_TAG, 1, 128, 0]]);
  });

  test.each([1, 125, 126, 65_535, 65_536])("a frame of %i bytes arrives whole", async (length) => {
    const frame = new Uint8Array(length).map((_, index) => index);
    frame[0] = FRAME_TAG;
    const transport = await startTransport();
    const client = openClient(transport);
    await next(client, "connect");
    transport.connections[0].sendFrame(frame);
    expect(new Uint8Array((await next(client, BINARY_EVENT)) as Uint8Array)).toEqual(frame);
  });

  test("frames and notices arrive in the order in which they were sent", async () => {
    const transport = await startTransport();
    const client = openClient(transport);
    const heard: number[] = [];
    client.on(BINARY_EVENT, (bytes: Uint8Array) => heard.push(new Uint8Array(bytes)[1]));
    client.on("bulletin", ({ news }) => heard.push(news[0].number));
    await next(client, "connect");
    const [connection] = transport.connections;
    for (let number = 0; number < 100; number++) {
      if (number % 7 < 3) connection.notify("bulletin", { news: [{ number }] });
      else connection.sendFrame(new Uint8Array([FRAME_TAG, number]));
      if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => heard.length, { interval: 5 }).toBe(100);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, number) => number));
  });

  test("a notice that goes to many is turned into JSON once, and another one anew", async () => {
    const transport = await startTransport();
    const clients = [openClient(transport), openClient(transport)];
    await Promise.all(clients.map((client) => next(client, "connect")));
    // What came with the welcome has gone out by the time that a request is answered.
    for (const client of clients) await client.emitWithAck("ping", {});
    let times = 0;
    const body = { toJSON: () => ({ news: [{ times: ++times }] }) } as NoticeBody<"bulletin">;
    const heard = Promise.all(clients.map((client) => next(client, "bulletin")));
    for (const connection of transport.connections) connection.notify("bulletin", body);
    expect(await heard).toEqual([{ news: [{ times: 1 }] }, { news: [{ times: 1 }] }]);
    const after = next(clients[0], "bulletin");
    transport.connections[0].notify("bulletin", { gone: [7] });
    expect(await after).toEqual({ gone: [7] });
  });

  test("a request is answered", async () => {
    const transport = await startTransport(answering);
    expect(await openClient(transport).emitWithAck("ping", {})).toEqual(COUNTS);
  });

  test.each([
    ["a body of the wrong type", "malformed", '4[2,["ping",7],1]'],
    ["a body that is not there", "malformed", '4[2,["ping"],1]'],
    ["a body with an own key __proto__", "malformed", '4[2,["ping",{"__proto__":{"admin":1}}],1]'],
    ["an argument too many", "malformed", '4[2,["ping",{},{}],1]'],
    ["a request that takes no answer", "malformed", '4[2,["ping",{}],null]'],
    ["a request with text where the answer goes", "malformed", '4[2,["ping",{},"reply"],null]'],
    [
      "a name of 10,000 characters",
      "malformed",
      `4[2,["join",{"name":"${"x".repeat(10_000)}","room":{"kind":"quick"}}],1]`,
    ],
    ["a body nested 5,000 deep", "malformed", `4[2,["join",${"[".repeat(5_000)}${"]".repeat(5_000)}],1]`],
    ["an unknown event", "unknown-event", '4[2,["obey",{}],1]'],
    ["an event named like a property of every object", "unknown-event", '4[2,["__proto__",{}],1]'],
    ["an event named error", "unknown-event", '4[2,["error",{}],1]'],
    ["the client's own disconnect event", "unknown-event", '4[2,["disconnect"],null]'],
    ["a frame, which only servers send, cut short", "malformed", new Uint8Array([])],
    ["a binary message of no known kind", "malformed", new Uint8Array([99, 1, 2])],
    ["text that is not JSON", "malformed", "4{"],
  ])("%s is dropped and counted as %s, and the connection goes on", async (_what, reason, message) => {
    const transport = await startTransport(answering);
    const socket = await openRawSeated(transport);
    socket.send(message);
    socket.send('4[2,["ping",{}],9]');
    expect(await nextMessage(socket, (text) => text.startsWith("4[3"))).toBe(`4[3,[${JSON.stringify(COUNTS)}],9]`);
    expect(transport.refusals).toEqual(new Map([[reason, 1]]));
  });

  test("nobody is heard before the hello", async () => {
    const transport = await startTransport();
    const socket = await openRaw(transport);
    socket.send('4[2,["ping",{}],1]');
    await closed(socket);
    expect(transport.connections).toEqual([]);
  });
});

describe("what ends one connection and no other", () => {
  /** Runs `harm` on one client while another is connected, which must still be served afterwards. */
  const besides = async (transport: Awaited<ReturnType<typeof startTransport>>, harm: () => Promise<void>) => {
    const bystander = openClient(transport);
    await next(bystander, "connect");
    await harm();
    expect(bystander.connected).toBe(true);
    expect(await bystander.emitWithAck("ping", {})).toEqual(COUNTS);
  };

  test("a message that is too large", async () => {
    const transport = await startTransport(answering);
    await besides(transport, async () => {
      const socket = await openRawSeated(transport);
      socket.send("4".padEnd(17 * 1024, "x"));
      await closed(socket);
    });
    expect(transport.refusals).toEqual(new Map([["oversized", 1]]));
  });

  test.for([
    ["so long that no message is", 17 * 1024],
    ["endless", 2 ** 52],
  ] as const)("a frame that says that it is %s, before it comes", async ([, bytes]) => {
    const transport = await startTransport(answering);
    await besides(transport, async () => {
      const peer = await connectByHand(transport.port, { reads: true });
      await expect.poll(() => transport.connections.length, { interval: 5 }).toBe(2);
      const gone = once(peer, "close");
      const head = Buffer.from([0x82, 0xff, ...new Uint8Array(12)]);
      head.writeBigUInt64BE(BigInt(bytes), 2);
      peer.write(head);
      await gone;
    });
    expect(transport.refusals).toEqual(new Map([["oversized", 1]]));
  });

  test("a handler that throws, which is logged, counted and told", async () => {
    let closings = 0;
    const closing = () => void closings++;
    const breaking = () => {
      throw new Error("broken");
    };
    const transport = await startTransport(() => ({ ...answering(), packet: breaking, closed: closing }));
    await besides(transport, async () => {
      const client = openClient(transport);
      await next(client, "connect");
      client.emit(BINARY_EVENT, new Uint8Array([COMMAND_TAG]));
      expect(await lastWord(client)).toBe("room-failed");
    });
    expect(closings).toBe(1);
    expect(transport.errors).toHaveLength(1);
    expect(transport.refusals).toEqual(new Map([["handler-failed", 1]]));
  });

  test("an acceptance that throws", async () => {
    let arrivals = 0;
    const transport = await startTransport(() => {
      if (arrivals++ === 1) throw new Error("broken");
      return answering();
    });
    await besides(transport, async () => expect(await lastWord(openClient(transport))).toBe("room-failed"));
  });

  test("flooding: the excess is dropped and counted, whoever goes on is told and sent away", async () => {
    let packets = 0;
    let closings = 0;
    const transport = await startTransport((connection) => {
      connection.setSeated(true);
      return { ...answering(), packet: () => ++packets > 0, closed: () => void closings++ };
    });
    await besides(transport, async () => {
      const client = openClient(transport);
      await next(client, "connect");
      const farewell = lastWord(client);
      for (let sent = 0; sent < 3_000; sent++) client.emit(BINARY_EVENT, new Uint8Array([COMMAND_TAG]));
      expect(await farewell).toBe("flooding");
    });
    expect(packets).toBeLessThanOrEqual(608);
    expect(closings).toBe(1);
    expect(transport.refusals.get("flooding")).toBe(1_501);
  });

  test("a message that comes a byte at a time, long before its end", async () => {
    const transport = await startTransport(answering);
    let written = 0;
    await besides(transport, async () => {
      const peer = await connectByHand(transport.port, { reads: true });
      peer.setNoDelay(true);
      const gone = once(peer, "close");
      // One text of 16,000 bytes.
      peer.write(Buffer.from([0x81, 0x80 | 126, 0x3e, 0x80, 0, 0, 0, 0]));
      for (; peer.writable && written < 15_999; written++) {
        peer.write("x");
        await new Promise((resolve) => setImmediate(resolve));
      }
      await gone;
    });
    expect(written).toBeLessThan(15_999);
    expect(transport.refusals.get("flooding")).toBeGreaterThan(0);
  });

  test("flooding before the hello", async () => {
    const transport = await startTransport();
    const socket = await openRaw(transport);
    const gone = closed(socket);
    for (let sent = 0; sent < 2_000; sent++) socket.send("3");
    await gone;
    expect(transport.connections).toEqual([]);
    expect(transport.refusals).toEqual(new Map([["flooding", 101]]));
  });

  test("nonsense before the hello", async () => {
    const transport = await startTransport();
    const socket = await openRaw(transport);
    const gone = closed(socket);
    for (let sent = 0; sent < 2_000; sent++) socket.send("4{");
    await gone;
    expect(transport.connections).toEqual([]);
    expect(transport.refusals).toEqual(new Map([["malformed", 6]]));
  });

  test("a peer that never reads", async () => {
    let closings = 0;
    const transport = await startTransport(() => ({ ...answering(), closed: () => void closings++ }));
    await besides(transport, async () => {
      const peer = await connectByHand(transport.port, { reads: false });
      // What is destroyed with bytes that it was sent unread resets.
      const gone = once(peer, "close");
      await expect.poll(() => transport.connections.length, { interval: 5 }).toBe(2);
      const frame = new Uint8Array(256 * 1024).fill(FRAME_TAG);
      for (let sent = 0; closings === 0 && sent < 1_000; sent++) {
        transport.connections[1].sendFrame(frame);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(closings).toBe(1);
      peer.resume();
      await gone;
    });
    expect(transport.refusals).toEqual(new Map([["not-responding", 1]]));
  });
});

test("a peer that reads is sent many times what may wait for it", async () => {
  const transport = await startTransport(answering);
  await connectByHand(transport.port, { reads: true });
  await expect.poll(() => transport.connections.length, { interval: 5 }).toBe(1);
  for (let sent = 0; sent < 100; sent++) {
    transport.connections[0].sendFrame(new Uint8Array(256 * 1024).fill(FRAME_TAG));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(transport.connectionCount()).toBe(1);
  expect(transport.refusals).toEqual(new Map());
});

test("nothing is kept of what a client wrote into its request, but for the address that it came from", async () => {
  const requests: unknown[] = [];
  const transport = await startTransport(undefined, { isOriginAllowed: (request) => requests.push(request) > 0 });
  const wire = await connectRaw(transport.port);
  wire.send(upgradeRequest(`${UPGRADE_PATH}&remark=by-peer`, ["Remark: by-peer"]));
  await expect.poll(wire.heard).toContain('"sid"');
  expect(requests).toHaveLength(1);
  expect(inspect(requests[0], { depth: 2 })).not.toMatch(/remark|by-peer/i);
});

describe("closing", () => {
  test("a connection is told why before it is closed, with all that was sent before", async () => {
    let closings = 0;
    const transport = await startTransport(() => handlers({ closed: () => void closings++ }));
    const client = openClient(transport);
    const frames: unknown[] = [];
    client.on(BINARY_EVENT, (bytes) => frames.push(bytes));
    await next(client, "connect");
    for (let sent = 0; sent < 20; sent++) transport.connections[0].sendFrame(new Uint8Array([FRAME_TAG, sent]));
    transport.connections[0].close("replaced");
    transport.connections[0].close("flooding");
    expect(await lastWord(client)).toBe("replaced");
    expect(frames).toHaveLength(20);
    expect(closings).toBe(0);
  });

  test("handlers are told once that a client has gone", async () => {
    let closings = 0;
    const transport = await startTransport(() => handlers({ closed: () => void closings++ }));
    const client = openClient(transport);
    await next(client, "connect");
    client.disconnect();
    await expect.poll(() => closings, { interval: 5 }).toBe(1);
    await expect.poll(() => transport.connectionCount(), { interval: 5 }).toBe(0);
    expect(closings).toBe(1);
  });

  test("closing the transport closes every connection", async () => {
    const transport = await startTransport();
    const clients = [openClient(transport), openClient(transport)];
    await Promise.all(clients.map((client) => next(client, "connect")));
    const gone = Promise.all(clients.map((client) => next(client, "disconnect")));
    await transport.close();
    await gone;
    expect(transport.connectionCount()).toBe(0);
  });
});
