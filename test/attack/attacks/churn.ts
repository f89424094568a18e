/** Connections that are opened and cut without end: each costs the server an accept, and what it does before it can say no. */
import type { Attack } from "../attack.ts";
import { type Field, Stage } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import { upgradeRequest } from "../wire-bytes.ts";

/** As fast as a core of attackers' opens them. */
const AS_FAST_AS_IT_GOES = 20_000;
const LANES = 200;
/** Between two pieces, so that each is read by itself. */
const PIECE_MS = 5;

const request = (path: string, rest = "") => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${rest}\r\n`);

export const CHURN: readonly Attack[] = [
  {
    name: "upgrade-churn",
    does: "upgrades, each cut at once",
    opensPerSecond: 500,
    run: (field) =>
      field.lanes(field.atLeast(100), (lane) =>
        field.connection(lane, async (peer) => {
          await field.bring(peer, Stage.Upgraded);
        }),
      ),
  },
  churn("tcp-churn", "TCP connections, each cut at once", () => Promise.resolve()),
  churn("request-churn", "connections with one HTTP request each, cut before it is answered", async (field, peer) => {
    peer.write(request("/"));
    await field.pause(PIECE_MS);
  }),
  churn("long-requests", "HTTP requests with paths of 6,000 characters, piece after piece", (field, peer) =>
    pieces(field, peer, request(`/${"x%41".repeat(1_500)}`)),
  ),
  churn("long-heads", "HTTP requests with heads of 9,000 bytes, piece after piece", (field, peer) =>
    pieces(field, peer, request("/healthz", "a: b\r\n".repeat(1_500))),
  ),
  churn("small-heaps", "HTTP requests, 15 in each piece", (field, peer) =>
    pieces(field, peer, Buffer.concat(new Array(15).fill(request("/healthz")))),
  ),
  churn("half-upgrade-pieces", "upgrades that come a byte at a time, as fast as they go", async (field, peer) => {
    for (const byte of upgradeRequest(field.options.port)) {
      if (!peer.isOpen || field.isOver) return;
      peer.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }),
];

function churn(name: string, does: string, use: (field: Field, peer: RawPeer) => Promise<void>): Attack {
  const run = (field: Field) =>
    field.lanes(field.atLeast(LANES), (lane) => field.connection(lane, (peer) => use(field, peer)));
  return { name, does, opensPerSecond: AS_FAST_AS_IT_GOES, run };
}

async function pieces(field: Field, peer: RawPeer, piece: Buffer): Promise<void> {
  while (peer.isOpen && field.goesOn()) {
    peer.write(piece);
    await field.pause(PIECE_MS);
  }
}
