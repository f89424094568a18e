/** Connections that are held and come to nothing: each costs a descriptor and memory, and is in somebody's way. */
import type { Attack } from "../attack.ts";
import { type Field, Stage } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import { DISCONNECT, frame, LEAVE, Opcode, repeated, text, upgradeRequest } from "../wire-bytes.ts";

const MANY = 5_000;
const SOME = 1_000;
/** Fast enough to have 5,000 within 20 s. */
const OPENS_PER_SECOND = 250;
const DRIP_MS = 1_000;
/** Longer than any attack: they are held until the server has had enough. */
const HOLD_MS = 3_600_000;

export const HOLDERS: readonly Attack[] = [
  held("idle-tcp", "5,000 TCP connections that say nothing", MANY, () => Promise.resolve()),
  held("half-requests", "HTTP requests whose header does not end, a byte a second", SOME, drip("GET / HTTP/1.1\r\nX-")),
  held(
    "half-bodies",
    "HTTP requests whose body does not end, a byte a second",
    SOME,
    drip("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"),
  ),
  held("half-upgrades", "upgrades that lack their last line", SOME, (field, peer) => {
    peer.write(upgradeRequest(field.options.port).subarray(0, -2));
    return Promise.resolve();
  }),
  held("no-hello", "sockets that were upgraded and say no hello", MANY, (field, peer) =>
    brought(field, peer, Stage.Upgraded),
  ),
  held("never-join", "5,000 sockets that say hello and never join", MANY, (field, peer) =>
    brought(field, peer, Stage.Greeted),
  ),
  held(
    "no-heartbeat",
    "sockets that say hello, answer no heartbeat, and do not go when they are sent away",
    SOME,
    (field, peer) => brought(field, peer, Stage.Greeted),
    false,
  ),
  {
    name: "after-farewell",
    does: "peers that were sent away, in every way that there is, and then say more than ever",
    run: (field) =>
      field.lanes(field.atLeast(8), (lane) =>
        field.connection(lane, (peer) => outstay(field, peer, FAREWELLS[lane % FAREWELLS.length])),
      ),
  },
];

/** What a connection is ended by, from the server's side or in agreement. */
const FAREWELLS: readonly Buffer[] = [
  repeated(text('4[2,["ping",{}],1]'), 1_700 * 24),
  text('4[0,{"protocol":"abc"},null]'),
  text(DISCONNECT),
  text("1"),
  frame(Opcode.Close, Buffer.from([3, 232])),
  frame(Opcode.Text, "x", { mask: undefined }),
  frame(Opcode.Text, "x", { reserved: 7 }),
  text(`4${"x".repeat(40_000)}`),
  Buffer.concat([text(LEAVE), text("2")]),
];
const AFTERWARDS = repeated(Buffer.concat([text("6"), frame(Opcode.Pong), frame(Opcode.Ping)]), 64 * 1024);
const GOODBYE_MS = 2_000;

async function outstay(field: Field, peer: RawPeer, farewell: Buffer): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  peer.write(farewell);
  await peer.sentAway(GOODBYE_MS);
  await peer.pour(AFTERWARDS, field.goesOn);
}

async function brought(field: Field, peer: RawPeer, stage: Stage): Promise<void> {
  await field.bring(peer, stage);
}

function drip(beginning: string) {
  return async (field: Field, peer: RawPeer): Promise<void> => {
    peer.write(Buffer.from(beginning));
    while (peer.isOpen && field.goesOn()) {
      peer.write(Buffer.from("x"));
      await peer.gone(DRIP_MS, field.goesOn);
    }
  };
}

function held(
  name: string,
  does: string,
  count: number,
  begin: (field: Field, peer: RawPeer) => Promise<void>,
  keepsAlive = true,
): Attack {
  const run = (field: Field) =>
    field.lanes(count, (lane) =>
      field.connection(
        lane,
        async (peer) => {
          await begin(field, peer);
          await peer.gone(HOLD_MS, field.goesOn);
        },
        { keepsAlive },
      ),
    );
  return { name, does, opensPerSecond: OPENS_PER_SECOND, run };
}
