import type { Connection } from "@starwake/server/engine/transport.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { createLoopback } from "../support/loopback.ts";

const COUNTS = { onTime: 1, missing: 2, late: 3, refused: 4, heldUp: 5 };

/** One client over a loopback, and what both ends saw. */
function connected(delayMs?: () => number) {
  const clock = createHandClock();
  const seen: string[] = [];
  const connections: Connection[] = [];
  const loopback = createLoopback({
    clock,
    delayMs,
    accept: (connection) => {
      connections.push(connection);
      return {
        packet: (bytes) => seen.push(`packet ${bytes}`) > 0,
        request: () => COUNTS as never,
        closed: () => seen.push("closed"),
      };
    },
  });
  const link = loopback.openLink({
    opened: () => seen.push("opened"),
    lost: () => seen.push("lost"),
    refused: (reason) => seen.push(`refused ${reason}`),
    frame: (bytes) => seen.push(`frame ${bytes}`),
    notice: (name, body) => seen.push(`${name} ${JSON.stringify(body)}`),
  });
  clock.advance(0);
  return { clock, seen, connections, loopback, link };
}

test("nothing arrives before the clock moves, then everything does in order, whatever its delay", () => {
  const delays = [0, 90, 10, 0, 5];
  const { clock, seen, connections, link } = connected(() => delays.shift() ?? 0);
  connections[0].sendFrame(new Uint8Array([1]));
  connections[0].notify("bulletin", { news: [{ a: 1 }] });
  connections[0].sendFrame(new Uint8Array([2]));
  link.sendPacket(new Uint8Array([3]));
  expect(seen).toEqual(["opened"]);
  clock.advance(100);
  expect(seen).toEqual(["opened", "packet 3", "frame 1", 'bulletin {"news":[{"a":1}]}', "frame 2"]);
});

test("a request is answered; one that does not fit its schema is dropped, and times out", async () => {
  const { clock, link, loopback } = connected();
  const answered = link.request("ping", {});
  clock.advance(0);
  expect(await answered).toEqual(COUNTS);
  const dropped = link.request("join", { name: 7 } as never);
  clock.advance(5_000);
  await expect(dropped).rejects.toThrow("no reply came in time");
  expect(loopback.refusals).toEqual(["malformed"]);
});

test("a cut is noticed at both ends, fails what was asked, loses what was on its way, and heals", async () => {
  const { clock, seen, connections, link, loopback } = connected(() => 50);
  clock.advance(50);
  const asked = link.request("ping", {});
  connections[0].sendFrame(new Uint8Array([1]));
  loopback.cut();
  await expect(asked).rejects.toThrow("the link went down");
  clock.advance(1_000);
  expect(seen).toEqual(["opened", "closed", "lost", "opened"]);
  expect(connections).toHaveLength(2);
});

test("the server's last word arrives after all it said before, and decides whether the client comes back", () => {
  const passing = connected();
  passing.connections[0].sendFrame(new Uint8Array([1]));
  passing.connections[0].close("server-closing");
  passing.clock.advance(1_000);
  expect(passing.seen).toEqual(["opened", "frame 1", "lost", "opened"]);
  const final = connected();
  final.connections[0].close("replaced");
  final.clock.advance(1_000);
  expect(final.seen).toEqual(["opened", "refused replaced"]);
});

test("a client that closes is not told so; the server is", () => {
  const { clock, seen, connections, link } = connected();
  link.close();
  connections[0].sendFrame(new Uint8Array([1]));
  clock.advance(1_000);
  expect(seen).toEqual(["opened", "closed"]);
});
