/** Spare lanes: copies of everything over further connections, of which the first to arrive counts. */

import { GapWatch } from "@starwake/client/engine/gap-watch.ts";
import type { Link } from "@starwake/client/engine/link.ts";
import { SpareLanes } from "@starwake/client/engine/spare-lanes.ts";
import { StallWatch } from "@starwake/client/engine/stall-watch.ts";
import { WireCount } from "@starwake/client/engine/wire-count.ts";
import { PacketCopies } from "@starwake/server/engine/packet-copies.ts";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { frameTickOf, writeFrameHead } from "@starwake/shared/engine/frame.ts";
import { describe, expect, test } from "vitest";
import { createLoopback } from "../support/loopback.ts";
import { matchOf, openByHand, packetBytes, startToyServer, TICK_RATE, type ToyServer } from "../support/toy-server.ts";

const FAR = { delayMs: () => 75 };
const NEAR = { delayMs: () => 30 };
const TICK_MS = 1000 / TICK_RATE;

function frameOf(tick: number): Uint8Array {
  const writer = new BitWriter(new Uint8Array(64));
  writeFrameHead(writer, { tick, commandMargin: undefined, usualGap: 2, view: undefined });
  return writer.bytes.slice(0, writer.byteLength);
}

test("a frame's tick can be told without reading the frame, and what is no frame has none", () => {
  for (const tick of [0, 1, 65_535, 65_536, 1_000_000]) expect(frameTickOf(frameOf(tick), tick + 500)).toBe(tick);
  expect(frameTickOf(new Uint8Array([9, 0, 0, 0]), 0)).toBeUndefined();
  expect(frameTickOf(new Uint8Array(), 0)).toBeUndefined();
});

/** Spares whose network is this test. */
async function openSpares(startTick: number, isRefused = false, rttMs = 150) {
  const lanes: { frame(tick: number): void; lose(): void; readonly packets: Uint8Array[] }[] = [];
  const taken: (number | undefined)[] = [];
  let nowMs = 0;
  const spares = new SpareLanes(
    (handlers) => {
      const packets: Uint8Array[] = [];
      const reply = isRefused
        ? ({ ok: false, reason: "too-many-spares" } as const)
        : ({ ok: true, tick: startTick } as const);
      const request = (() => Promise.reject(new Error("all is said in the hello"))) as Link["request"];
      lanes.push({ frame: (tick) => handlers.frame(frameOf(tick)), lose: () => handlers.lost(), packets });
      queueMicrotask(() => {
        handlers.opened();
        if (handlers.hello?.().spare?.token === "token") handlers.notice("spareReply", reply);
      });
      return { sendPacket: (bytes) => void packets.push(bytes), request, close: () => {} };
    },
    () => nowMs,
    (bytes) => void taken.push(frameTickOf(bytes, 0)),
    () => 0,
  );
  spares.begin(0, TICK_MS, rttMs);
  /** Lets time pass, as a page does that comes to its lanes now and then. */
  const pass = (ms: number, isStalling = false) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs = Math.min(endMs, nowMs + 100);
      spares.tend(isStalling, "token");
    }
  };
  spares.hearPing(rttMs, 0);
  for (let spare = 0; spare < 4; spare++) {
    pass(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { spares, lanes, taken, pass, now: () => nowMs, first: (tick: number) => spares.receive(frameOf(tick)) };
}

describe("frames over several lanes", () => {
  test("are taken once each, in order, whichever lane is ahead", async () => {
    const { first, lanes, taken } = await openSpares(0);
    first(2);
    lanes[0].frame(2);
    lanes[0].frame(4);
    lanes[1].frame(2);
    lanes[0].frame(6);
    first(4);
    lanes[2].frame(2);
    first(6);
    first(8);
    lanes[1].frame(4);
    expect(taken).toEqual([2, 4, 6, 8]);
  });

  test("wait on a spare until what it does not carry has come by the first lane", async () => {
    const { first, lanes, taken } = await openSpares(4);
    first(2);
    lanes[0].frame(6);
    lanes[0].frame(8);
    expect(taken).toEqual([2]);
    first(4);
    expect(taken).toEqual([2, 4, 6, 8]);
  });

  test("are not gathered for ever on a spare that waits in vain: it is given up", async () => {
    const { lanes, spares, taken } = await openSpares(4);
    expect(spares.areServing).toBe(true);
    for (let tick = 6; tick < 300; tick += 2) lanes[0].frame(tick);
    spares.send(packetBytes({}));
    expect(lanes.map(({ packets }) => packets.length)).toEqual([0, 1, 1, 1]);
    expect(taken).toEqual([]);
  });

  test("go on without a spare that is lost, and another is opened", async () => {
    const { lanes, pass, first, taken } = await openSpares(0);
    lanes[1].lose();
    first(2);
    lanes[0].frame(4);
    expect(taken).toEqual([2, 4]);
    pass(2_500);
    expect(lanes).toHaveLength(5);
  });

  test("do without spares where the server has no room for them, which is not asked again for half a minute", async () => {
    const { lanes, pass, spares } = await openSpares(0, true);
    pass(25_000, true);
    expect([lanes.length, spares.areServing]).toEqual([4, false]);
    pass(8_000, true);
    expect(lanes).toHaveLength(8);
  });

  test("ask such a server again after waits that grow, however many spares were refused", async () => {
    const { lanes, pass } = await openSpares(0, true);
    const rounds: number[] = [];
    for (let second = 0; second < 400; second++) {
      const before = lanes.length;
      pass(1_000, true);
      await new Promise((resolve) => setImmediate(resolve));
      if (lanes.length > before) rounds.push(second);
    }
    const waits = rounds.slice(1).map((second, index) => second - rounds[index]);
    expect(waits.filter((wait) => wait > 2)).toEqual([60, 120, 120]);
  });

  test("need no spares after a calm while, which is longer the next time", async () => {
    const { lanes, spares, pass, first } = await openSpares(0);
    pass(4_500);
    expect(spares.areServing).toBe(false);
    pass(2_000, true);
    expect(lanes).toHaveLength(8);
    first(2);
    await new Promise((resolve) => setImmediate(resolve));
    pass(28_000);
    expect(spares.areServing).toBe(true);
    lanes[5].frame(2);
    first(2);
    pass(28_000);
    expect(spares.areServing).toBe(true);
    pass(3_000);
    expect(spares.areServing).toBe(false);
  });

  test("are stayed with for as long as packets are held up on the way up, which the server tells", async () => {
    const { spares, pass } = await openSpares(0);
    for (let second = 1; second <= 60; second++) {
      pass(1_000);
      spares.hearPing(150, Math.ceil(second / 5));
    }
    expect(spares.areServing).toBe(true);
    for (let second = 1; second <= 40; second++) {
      pass(1_000);
      spares.hearPing(150, 12);
    }
    expect(spares.areServing).toBe(false);
  });
});

describe("spares", () => {
  test.each([
    [900, 70, 0],
    [70, 900, 0],
    [180, 130, 4],
  ])(
    "are for whoever is far by the join and the first ping: by %i and %i ms %i are opened",
    async (join, ping, opened) => {
      const { spares, lanes, pass } = await openSpares(0, false, 0);
      spares.begin(0, TICK_MS, join);
      spares.hearPing(ping, 0);
      spares.hearPing(900, 0);
      pass(2_000);
      expect(lanes).toHaveLength(opened);
    },
  );

  /** A frame each 100 ms that is so old when it comes, for some seconds, by the first lane. */
  const run = (
    { now, pass, first, spares }: Awaited<ReturnType<typeof openSpares>>,
    seconds: number,
    ageMs: () => number,
    upMs: () => number = () => 75,
  ) => {
    for (const endMs = now() + seconds * 1_000; now() < endMs; pass(100)) {
      first((now() - ageMs()) / TICK_MS);
      spares.hearWayUp(upMs());
    }
  };

  test("are closed where they fill the line, and not tried again for two minutes", async () => {
    const opened = await openSpares(0);
    run(opened, 2, () => 80);
    expect(opened.spares.areServing).toBe(true);
    run(opened, 2, () => 300);
    expect(opened.spares.areServing).toBe(false);
    // Without them the line is empty again.
    run(opened, 100, () => 80);
    opened.pass(3_000, true);
    expect(opened.lanes).toHaveLength(4);
    run(opened, 30, () => 80);
    opened.pass(3_000, true);
    expect(opened.lanes).toHaveLength(8);
  });

  test("are opened again where the line is as full without them: the path is another, or the server stood still", async () => {
    const opened = await openSpares(0);
    run(opened, 2, () => 80);
    run(opened, 2, () => 300);
    expect(opened.lanes).toHaveLength(4);
    run(opened, 6, () => 300);
    expect(opened.lanes).toHaveLength(8);
    await new Promise((resolve) => setImmediate(resolve));
    run(opened, 3, () => 300);
    expect([opened.lanes.length, opened.spares.areServing]).toEqual([8, true]);
  });

  test("are closed where commands wait in the line, though frames come as ever", async () => {
    const opened = await openSpares(0);
    run(opened, 1, () => 80);
    const up = (ms: number) => () => ms;
    run(opened, 1, up(80), up(190));
    expect(opened.spares.areServing).toBe(true);
    run(opened, 1, up(80), up(600));
    expect(opened.spares.areCarrying).toBe(false);
  });

  test("are stayed with where a burst held all up at once: what comes together was no queue", async () => {
    const opened = await openSpares(0);
    run(opened, 1, () => 80);
    opened.pass(700);
    for (let frame = 0; frame < 12; frame++) opened.first((opened.now() - 700) / TICK_MS + frame * 3);
    opened.pass(100);
    expect(opened.spares.areServing).toBe(true);
  });

  test("that are opened late are not judged by what was long before: the server stood still since, say", async () => {
    const opened = await openSpares(0, false, 60);
    run(opened, 10, () => 40);
    run(opened, 60, () => 240);
    opened.pass(400, true);
    expect(opened.lanes).toHaveLength(4);
    await new Promise((resolve) => setImmediate(resolve));
    run(opened, 3, () => 240);
    expect([opened.lanes.length, opened.spares.areServing]).toEqual([4, true]);
  });

  test("are opened two at once and two a little later: the handshakes of all four would fill a narrow line", async () => {
    const opened = await openSpares(0, false, 60);
    const counts = Array.from({ length: 6 }, () => {
      opened.pass(100, true);
      return opened.lanes.length;
    });
    expect(counts).toEqual([2, 2, 3, 4, 4, 4]);
  });

  test("are not opened further where the first two are refused", async () => {
    const opened = await openSpares(0, true, 60);
    opened.pass(100, true);
    await new Promise((resolve) => setImmediate(resolve));
    opened.pass(1_000, true);
    expect(opened.lanes).toHaveLength(2);
  });

  test("are relied on without the fourth, which a server may have no room for", async () => {
    const opened = await openSpares(0);
    opened.lanes[3].lose();
    expect(opened.spares.areServing).toBe(true);
    opened.lanes[2].lose();
    expect(opened.spares.areServing).toBe(false);
  });

  test("are not kept for what was held up before the seat was found again", async () => {
    const { spares, pass } = await openSpares(0);
    spares.begin(0, TICK_MS, 150);
    spares.hearPing(150, 200);
    pass(500);
    await new Promise((resolve) => setImmediate(resolve));
    for (let second = 1; second <= 7; second++) {
      pass(1_000);
      spares.hearPing(150, 200);
    }
    expect(spares.areServing).toBe(false);
  });

  test("are stayed with where losses hold up some of what comes", async () => {
    const opened = await openSpares(0);
    let frame = 0;
    run(opened, 3, () => 80 + (frame++ % 4 === 0 ? 300 : 0));
    expect(opened.spares.areServing).toBe(true);
  });
});

describe("gaps", () => {
  /** Something each 33 ms, but for gaps of some length, one every so many seconds. */
  const watched = (seconds: number, gapMs: number, everySeconds: number, standsStill = false) => {
    const watch = new GapWatch();
    for (let nowMs = 0; nowMs < seconds * 1_000; nowMs += 33) {
      const isGap = nowMs % (everySeconds * 1_000) > everySeconds * 1_000 - gapMs;
      if (!(isGap && standsStill)) watch.look(nowMs);
      if (!isGap) watch.came(nowMs);
    }
    return watch.isOften;
  };

  test("in all that comes, time and again, say that further lanes are no use", () => {
    expect(watched(20, 400, 4)).toBe(true);
  });

  test("that are few or short are what several lanes leave of losses", () => {
    expect(watched(20, 400, 9)).toBe(false);
    expect(watched(20, 140, 5)).toBe(false);
    expect(watched(20, 0, 4)).toBe(false);
  });

  test("for which nobody looked are nobody's", () => {
    expect(watched(20, 400, 4, true)).toBe(false);
  });
});

test("what copies take on the wire is counted, with headers and acknowledgements", async () => {
  const { spares, lanes, pass, first } = await openSpares(0);
  const wire = new WireCount();
  spares.begin(0, TICK_MS, 150, wire);
  expect([wire.downBytes, wire.upBytes]).toEqual([0, 0]);
  spares.hearPing(150, 0);
  pass(2_000);
  await new Promise((resolve) => setImmediate(resolve));
  const serving = lanes.length - 4;
  first(2);
  const bytes = frameOf(2).length;
  lanes[4].frame(2);
  expect(wire.downBytes).toBe(bytes + 54);
  for (let packet = 0; packet < 10; packet++) spares.send(new Uint8Array(10));
  const sent = 10 * serving;
  expect([wire.downBytes, wire.upBytes]).toEqual([bytes + 54 + (sent - 1) * 52, sent * (10 + 60)]);
});

test("a copy tells how long after the first it came, and the first one nothing", () => {
  const copies = new PacketCopies();
  expect(copies.lagOf(0, 5)).toBeUndefined();
  copies.note(60, 50.5);
  expect([copies.lagOf(60, 58), copies.lagOf(61, 58), copies.lagOf(60 + 256, 58)]).toEqual([7.5, undefined, undefined]);
  copies.clear();
  expect(copies.lagOf(60, 58)).toBeUndefined();
});

describe("a stall", () => {
  const watched = (latenesses: readonly number[], everyMs = 33) => {
    const watch = new StallWatch();
    latenesses.forEach((lateMs, index) => void watch.note("down", lateMs, index * everyMs));
    return watch.isStalling(latenesses.length * everyMs);
  };
  const steady = Array.from({ length: 60 }, (_, index) => 70 + (index % 7) * 8);

  test("is only what ends: what stays late from some time on was held up elsewhere", () => {
    const later = (lateMs: number, index: number) => lateMs + (index < 20 ? 0 : index < 40 ? 300 : 600);
    expect(watched(steady.map(later))).toBe(false);
    const [once, twice, thrice] = [10, 30, 50];
    const stepwise = (lateMs: number, index: number) =>
      lateMs + 200 * [once, twice, thrice].filter((at) => index >= at).length;
    expect(watched(steady.map(stepwise))).toBe(false);
  });

  test("is seen again after the usual has become another", () => {
    const watch = new StallWatch();
    let atMs = 0;
    const note = (lateMs: number) => {
      atMs += 33;
      watch.note("down", lateMs, atMs);
    };
    for (let index = 0; index < 40; index++) note(70);
    for (let index = 0; index < 60; index++) note(3_070);
    expect(watch.isStalling(atMs)).toBe(false);
    for (let index = 0; index < 60; index++) note(index % 15 === 7 ? 3_300 : 3_070);
    expect(watch.isStalling(atMs)).toBe(true);
  });

  test("is not what jitter does", () => expect(watched(steady)).toBe(false));

  test("is not what came late because nobody looked", () => {
    const heardBy = (standsStill: boolean) => {
      const watch = new StallWatch();
      for (let atMs = 0; atMs < 3_000; atMs += 10) {
        const isHeldUp = atMs % 1_000 > 800;
        if (!(standsStill && isHeldUp)) watch.look(atMs, 40);
        // Of what is held up, all comes at once; of what nobody looks at, all is heard in one go.
        if (isHeldUp) continue;
        const heapMs = atMs % 1_000 === 0 && atMs > 0 ? 200 : 0;
        for (let lateMs = heapMs; lateMs >= 0; lateMs -= 30) watch.note("down", 70 + lateMs, atMs);
      }
      watch.look(3_000, 40);
      for (let lateMs = 200; lateMs >= 0; lateMs -= 30) watch.note("down", 70 + lateMs, 3_000);
      return watch.isStalling(3_000);
    };
    expect(heardBy(false)).toBe(true);
    expect(heardBy(true)).toBe(false);
  });

  test("now and then is let go, once a second is not", () => {
    const heldUpAt = (...places: number[]) =>
      steady.map((lateMs, index) => lateMs + (places.includes(index) ? 200 : 0));
    expect(watched(heldUpAt(20, 40))).toBe(false);
    expect(watched(heldUpAt(10, 25, 40))).toBe(true);
    expect(watched(heldUpAt(20, 21, 22))).toBe(false);
  });
});

describe("a seat", () => {
  const seated = async (server: ToyServer) => {
    const hand = await openByHand(server);
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    const spare = async () => {
      const further = await openByHand(server);
      const asked = further.link.request("spare", { token: reply.token });
      await server.run(100);
      return { ...further, reply: await asked };
    };
    return { ...hand, reply, spare };
  };

  test("has copies of every later frame on a spare, and takes packets from it", async () => {
    const server = startToyServer();
    const hand = await seated(server);
    await server.run(200);
    const spare = await hand.spare();
    if (!spare.reply.ok) throw new Error(spare.reply.reason);
    const { tick: startTick } = spare.reply;
    await server.run(400);
    expect(spare.frames.length).toBeGreaterThan(5);
    expect(spare.frames).toEqual(hand.frames.filter((frame) => frameTickOf(frame, 0)! > startTick));
    const tick = hand.reply.tick + TICK_RATE;
    spare.link.sendPacket(packetBytes({ firstTick: tick }));
    hand.send({ firstTick: tick });
    await server.run(1_000);
    expect(server.tally.commands).toMatchObject({ onTime: 1, late: 0, refused: 0 });
  });

  test("hears a packet that comes late by another lane but once, and learns nothing from it", async () => {
    const server = startToyServer();
    const hand = await seated(server);
    const spare = await hand.spare();
    const tick = hand.reply.tick + 12;
    hand.send({ firstTick: tick });
    await server.run(1_000);
    spare.link.sendPacket(packetBytes({ firstTick: tick }));
    await server.run(100);
    expect(server.tally.commands).toMatchObject({ onTime: 1, late: 0, refused: 0 });
    const counts = hand.link.request("ping", {});
    await server.run(100);
    expect(await counts).toMatchObject({ onTime: 1, heldUp: 1 });
  });

  test("has four of them at most, for whoever knows its token and sits nowhere", async () => {
    const server = startToyServer();
    const hand = await seated(server);
    for (let count = 0; count < 4; count++) expect((await hand.spare()).reply.ok).toBe(true);
    expect((await hand.spare()).reply).toEqual({ ok: false, reason: "too-many-spares" });
    const stranger = await openByHand(server);
    const asked = [
      hand.link.request("spare", { token: hand.reply.token }),
      stranger.link.request("spare", { token: "made-up" }),
    ];
    await server.run(100);
    expect(await asked[0]).toEqual({ ok: false, reason: "already-joined" });
    expect(await asked[1]).toEqual({ ok: false, reason: "no-such-seat" });
    expect(stranger.frames).toEqual([]);
  });

  test("closes its spares when it is left, when a newer connection takes it, and with its server", async () => {
    const server = startToyServer();
    const left = await seated(server);
    const spareOfLeft = await left.spare();
    const asked = left.link.request("leave", {});
    await server.run(40);
    await asked;
    expect(spareOfLeft.heard.at(-1)).toBe("no-such-seat");
    const taken = await seated(server);
    const spareOfTaken = await taken.spare();
    await server.join({ token: taken.reply.token });
    expect(spareOfTaken.heard.at(-1)).toBe("replaced");
    const last = await seated(server);
    const spareOfLast = await last.spare();
    server.lobby.close();
    await server.run(40);
    expect(spareOfLast.heard).toContain("lost");
  });

  test("goes on over its own connection when a spare goes, and is away only when that one goes", async () => {
    const server = startToyServer();
    const hand = await seated(server);
    const spare = await hand.spare();
    spare.link.close();
    await server.run(200);
    const frames = hand.frames.length;
    await server.run(200);
    expect(hand.frames.length).toBeGreaterThan(frames);
    expect(server.matchmaker.occupancy().humans).toBe(1);
  });
});

describe("a client", () => {
  const lanesOf = (server: ToyServer) => {
    const connections: { isStalled: boolean }[] = [];
    const { clock, lobby } = server;
    const loopback = createLoopback({
      clock,
      accept: lobby.accept,
      openLanes: () => {
        const connection = { isStalled: false };
        connections.push(connection);
        const lane = (delayMs: number) => {
          const held: (() => void)[] = [];
          const send = (_bytes: number, deliver: () => void) => {
            clock.after(delayMs, () => {
              held.push(deliver);
              if (!connection.isStalled) for (const one of held.splice(0)) one();
            });
          };
          return { send };
        };
        return { up: lane(75), down: lane(75) };
      },
    });
    return { connections, openLink: loopback.openLink };
  };

  test("that is far begins with spares and closes them when nothing is held up; one that is near has none", async () => {
    const count = async (network: { delayMs: () => number }, ms: number) => {
      const server = startToyServer({}, network);
      let [opened, closed] = [0, 0];
      server.open({}, (handlers) => {
        opened++;
        const link = server.loopback.openLink(handlers);
        return {
          ...link,
          request: link.request.bind(link),
          sendPacket: link.sendPacket.bind(link),
          close: () => {
            closed++;
            link.close();
          },
        };
      });
      await server.run(ms);
      return [opened, closed];
    };
    expect(await count(FAR, 3_000)).toEqual([5, 0]);
    expect(await count(FAR, 9_000)).toEqual([5, 4]);
    expect(await count(NEAR, 9_000)).toEqual([1, 0]);
  });

  test("plays on while all of its lanes but one are held up, and no command is late", async () => {
    const server = startToyServer();
    const { connections, openLink } = lanesOf(server);
    const player = server.open({}, openLink);
    await server.run(3_000);
    expect(connections).toHaveLength(5);
    const { commands } = server.tally;
    const [late, missing] = [commands.late, commands.missing];
    const frames = matchOf(player).counts.frames;
    for (const connection of connections.slice(0, 4)) connection.isStalled = true;
    await server.run(2_000);
    expect(matchOf(player).counts.frames - frames).toBeGreaterThan(45);
    for (const connection of connections) connection.isStalled = false;
    await server.run(1_000);
    expect(commands).toMatchObject({ late, missing, refused: 0 });
    expect(matchOf(player).counts.malformedFrames).toBe(0);
  });
});
