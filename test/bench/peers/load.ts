/**
 * The load generator: all players of a run in one process. Most are cheap and decode nothing; a few are real clients,
 * which decode and check everything. They come in a few at a time, and then send their packets evenly spread.
 */
import type { LoadFigures, LoadMessage, LoadOrder, Signal } from "../orders.ts";
import { PACKET_RATE } from "../orders.ts";
import type { Entrance, PlayerClient } from "../player-client.ts";
import { addSamples, SampleWatch } from "../sample-watch.ts";
import type { SystemName } from "../systems.ts";
import { Traffic } from "../traffic.ts";
import { colyseusEntrance } from "./colyseus-players.ts";
import { jsonEntrance } from "./json-players.ts";
import { starwakeEntrance } from "./starwake-players.ts";
import { wsEntrance } from "./ws-players.ts";

const ENTRANCES: Readonly<Record<SystemName, Entrance>> = {
  starwake: starwakeEntrance,
  ws: wsEntrance,
  colyseus: colyseusEntrance,
  "colyseus-all": colyseusEntrance,
  json: jsonEntrance,
};

/** Players who are let in at the same time, and the least time for each. */
const JOINING_AT_ONCE = 8;
const JOIN_SPACING_MS = 20;
const SEND_INTERVAL_MS = 2;
/** Who was held up for longer lets what is overdue go, rather than sending it all at once. */
const MAX_OVERDUE_MS = 100;

const order = JSON.parse(process.argv[2]) as LoadOrder;
const traffic = new Traffic();
const watches: SampleWatch[] = [];
const players: PlayerClient[] = [];
const tell = (message: LoadMessage) => void process.send?.(message);

process.on("disconnect", () => process.exit());
process.on("message", (signal: Signal) => {
  if (signal === "end") return tell({ kind: "figures", figures: figures() });
  traffic.begin();
  for (const watch of watches) watch.begin();
});
sendPackets();
await joinAll().then(
  () => tell({ kind: "joined" }),
  (error: Error) => tell({ kind: "failed", reason: error.message }),
);

async function joinAll(): Promise<void> {
  let next = 0;
  const joinSome = async () => {
    while (next < order.players) {
      const place = next++;
      const earliest = new Promise((resolve) => setTimeout(resolve, JOIN_SPACING_MS));
      players.push(await join(place));
      if (players.length % 50 === 0) tell({ kind: "joining", joined: players.length });
      await earliest;
    }
  };
  await Promise.all(Array.from({ length: JOINING_AT_ONCE }, joinSome));
}

/** Samples are spread over all places. */
function join(place: number): Promise<PlayerClient> {
  const { openCheap, openSample } = ENTRANCES[order.system];
  const stride = Math.max(1, Math.floor(order.players / Math.max(1, order.sample)));
  const isSample = place % stride === 0 && place < stride * order.sample;
  if (!isSample || openSample === undefined) return openCheap(order, place, traffic);
  const watch = new SampleWatch();
  watches.push(watch);
  return openSample(order, place, watch);
}

/** Each player's packets at their own moment of the interval between two. */
function sendPackets(): void {
  let turn = 0;
  let dueMs = performance.now();
  const send = () => {
    const nowMs = performance.now();
    dueMs = Math.max(dueMs, nowMs - MAX_OVERDUE_MS);
    for (; players.length > 0 && dueMs <= nowMs; dueMs += 1000 / (PACKET_RATE * players.length))
      players[turn++ % players.length].sendPacket(nowMs);
    setTimeout(send, SEND_INTERVAL_MS);
  };
  send();
}

function figures(): LoadFigures {
  const { frames, frameBytes, bytes, packets, lost, frameSizes } = traffic;
  const clients = order.players - watches.length;
  return {
    clients,
    frames,
    frameBytes,
    bytes,
    packets,
    lost,
    frameSizes,
    sample: addSamples(watches.map((watch) => watch.figures)),
  };
}
