/** What waits for peers that do not read: how it is counted, and how much of it there may be. */
import type { Socket } from "node:net";
import { Duplex, Writable } from "node:stream";
import { Backlog, bytesWaitingIn, WAITING_WRITE_BYTES } from "@starwake/server/engine/backlog.ts";
import { createConnectionCounts } from "@starwake/server/engine/connection-limits.ts";
import { RestingStreams } from "@starwake/server/engine/resting-streams.ts";
import { WireEnd } from "@starwake/server/engine/wire-end.ts";
import { FRAME_TAG } from "@starwake/shared/engine/frame.ts";
import { describe, expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { handlers, NO_LIMITS, startTransport } from "../support/live-transport.ts";
import { createLoopback } from "../support/loopback.ts";
import { connectByHand } from "../support/peer-by-hand.ts";
import { matchOf, startToyServer } from "../support/toy-server.ts";
import { Kind } from "./toy-game.ts";

const KB = 1024;
const MB = 1024 * KB;

/** A stream whose kernel takes one write at a time, and that when it is told to. */
function slowStream() {
  const taken: (() => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void taken.push(done) });
  return { stream, takeOne: () => taken.shift()!() };
}

describe("what waits in a stream", () => {
  test("is its bytes and what each write takes beside them, one that is under way among them", () => {
    const { stream } = slowStream();
    for (let write = 0; write < 100; write++) stream.write(Buffer.alloc(3));
    expect(bytesWaitingIn(stream)).toBe(100 * (3 + WAITING_WRITE_BYTES));
  });

  test("is nothing where the kernel has taken all", () => {
    const { stream, takeOne } = slowStream();
    stream.write(Buffer.alloc(3));
    takeOne();
    expect(bytesWaitingIn(stream)).toBe(0);
  });
});

describe("what may wait for one peer", () => {
  /** Peers come one after the other, and for each of them as much waits as may. */
  const fill = (peers: number) => {
    const backlog = new Backlog();
    let bytes = 0;
    for (let peer = 0; peer < peers; peer++)
      for (let own = KB; own <= backlog.share - KB; own += KB) {
        backlog.add(KB);
        bytes += KB;
      }
    return { bytes, share: backlog.share };
  };

  test("is 128 KB where nothing else waits", () => {
    expect(new Backlog().share).toBe(128 * KB);
  });

  test("is still nearly that where a hundred have all that they may", () => {
    const backlog = new Backlog();
    for (let peer = 0; peer < 100; peer++) backlog.add(backlog.share);
    expect(backlog.share).toBeGreaterThan(100 * KB);
  });

  test.for([1_000, 5_000, 100_000])("shrinks, so that for %i peers that do not read less than 64 MB wait", (peers) => {
    const { bytes, share } = fill(peers);
    expect(bytes).toBeLessThan(64 * MB);
    expect(share).toBeGreaterThan(0);
  });
});

describe("a wire", () => {
  /** A wire to a seat whose peer does not read, while so much waits for others. */
  const open = (bytesForOthers: number) => {
    const backlog = new Backlog();
    backlog.add(bytesForOthers);
    const clock = createHandClock();
    const counts = createConnectionCounts<WireEnd>(NO_LIMITS, clock);
    const quiet = () => {};
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const refusals: string[] = [];
    const countRefusal = (reason: string) => void refusals.push(reason);
    // Without a handle, as a socket that is closed: nothing is to be read from it.
    const stream = Object.assign(new Duplex({ read: quiet, write: quiet }), { _handle: null }) as unknown as Socket;
    const resting = new RestingStreams(clock);
    const surroundings = { backlog, resting, clock, counts, log, countRefusal, packetTaken: quiet };
    const wire = new WireEnd(surroundings, stream, "203.0.113.1", "203.0.113.1");
    wire.setSeated(true);
    const write = (bytes: number) => {
      stream.write(Buffer.alloc(bytes));
      wire.checkWaiting();
    };
    return { backlog, stream, write, refusals };
  };

  test("keeps up to 128 KB for its peer where little waits for others, and is left beyond", () => {
    const { write, refusals, stream } = open(0);
    write(120 * KB);
    expect(refusals).toEqual([]);
    write(10 * KB);
    expect(refusals).toEqual(["not-responding"]);
    expect(stream.destroyed).toBe(true);
  });

  test("keeps less for its peer where much waits for others, but the picture that a seat begins with", () => {
    const { write, refusals } = open(44 * MB);
    write(35 * KB);
    expect(refusals).toEqual([]);
    write(10 * KB);
    expect(refusals).toEqual(["not-responding"]);
  });

  test("gives back what waited for its peer when it ends", async () => {
    const { backlog, write, stream } = open(0);
    write(100 * KB);
    expect(backlog.share).toBeLessThan(128 * KB);
    stream.destroy();
    await new Promise((resolve) => stream.once("close", resolve));
    expect(backlog.share).toBe(128 * KB);
  });
});

describe("a seat for which much waits", () => {
  test("is sent no frame until that has gone; then one frame tells all, and it was never sent away", async () => {
    const server = startToyServer({ mapSize: 100 });
    let isCongested = false;
    const { openLink } = createLoopback({ ...server, accept: server.lobby.accept, isCongested: () => isCongested });
    const slow = await server.join({}, openLink);
    const other = await server.join();
    other.wish = () => ({ heading: 1, facing: 7, throws: 0 });
    isCongested = true;
    await server.run(200);
    const { frames } = matchOf(slow).counts;
    await server.run(4_000);
    expect(matchOf(slow).counts.frames).toBe(frames);
    isCongested = false;
    await server.run(200);
    const seenBy = (toy: typeof slow) =>
      [...matchOf(toy).picture().moving(Kind.Dot)].find(({ id }) => id === matchOf(other).player)?.row[0];
    expect(seenBy(slow)).toBe(7);
    expect(matchOf(slow).counts.frames).toBeGreaterThan(frames);
  });

  test("is sent frames as long as a spare takes them", async () => {
    const server = startToyServer();
    const { openLink } = createLoopback({ ...server, accept: server.lobby.accept, isCongested: () => true });
    const slow = await server.join({}, openLink);
    expect(matchOf(slow).counts.frames).toBe(0);
    const heard = { frames: 0 };
    const nothing = () => {};
    const ways = { opened: nothing, lost: nothing, refused: nothing, notice: nothing };
    const spare = server.loopback.openLink({ ...ways, frame: () => void heard.frames++ });
    await server.run(40);
    const asked = spare.request("spare", { token: matchOf(slow).joined.token });
    await server.run(1_000);
    expect(await asked).toMatchObject({ ok: true });
    expect(heard.frames).toBeGreaterThan(10);
  });
});

describe("a peer that never reads", () => {
  const start = async () => {
    const heard = { closings: 0 };
    const transport = await startTransport((connection) => {
      connection.setSeated(true);
      return handlers({ closed: () => void heard.closings++ });
    });
    await connectByHand(transport.port, { reads: false });
    await expect.poll(() => transport.connections.length, { interval: 5 }).toBe(1);
    const [connection] = transport.connections;
    return { connection, heard };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("is congested before it is lost, so that no frame waits behind many others", async () => {
    const { connection, heard } = await start();
    const frame = new Uint8Array(20).fill(FRAME_TAG);
    for (let sent = 0; !connection.isCongested && sent < 1_000_000; sent++) {
      connection.sendFrame(frame);
      if (sent % 100 === 0) await turn();
    }
    expect(connection.isCongested).toBe(true);
    expect(heard.closings).toBe(0);
  });

  test("is lost when some hundred small notices wait for it: they are counted with what they take beside their bytes", async () => {
    const { connection, heard } = await start();
    let waiting = 0;
    for (let sent = 0; heard.closings === 0 && sent < 1_000_000; sent++) {
      connection.notify("bulletin", { gone: [sent] });
      if (connection.isCongested) waiting++;
      if (sent % 100 === 0) await turn();
    }
    expect(heard.closings).toBe(1);
    expect(waiting).toBeLessThan((128 * KB) / WAITING_WRITE_BYTES);
    expect(waiting).toBeGreaterThan(100);
  });
});
