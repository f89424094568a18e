/**
 * The process of one player. It loads all that it needs and says so, and connects when it is told to: what its start costs is in
 * no figure. It ends with the program that started it.
 */
import { setTimeout as pause } from "node:timers/promises";
import { monotonicMs } from "./monotonic.ts";
import { NetworkPlayer } from "./network-player.ts";
import type { PlayerCall, PlayerOrder, PlayerWord } from "./player-words.ts";

const FRAME_MS = 1000 / 60;
/** Ends what hangs: who has no picture by then gives up. */
const PATIENCE_MS = 240_000;
/** Between two joins of one process: the connection before it is closed by then, on the slowest path that is measured. */
const BETWEEN_JOINS_MS = 1_500;

const order = JSON.parse(process.argv.at(-1)!) as PlayerOrder;
let isStopped = false;
process.on("disconnect", () => process.exit());
process.on("message", ({ kind }: PlayerCall) => {
  if (kind === "stop") isStopped = true;
  else begin().catch(fail);
});
say({ kind: "loaded" });

async function begin(): Promise<void> {
  if (order.joins === undefined) await play();
  else await joinAgainAndAgain(order.joins);
  say({ kind: "done" });
}

async function play(): Promise<void> {
  const player = new NetworkPlayer(order, monotonicMs);
  await renderUntil(player, () => player.joinMs !== undefined || isStopped);
  say({ kind: "joined", joinMs: player.joinMs });
  await renderUntil(player, () => isStopped);
  if (player.joinMs !== undefined) say({ kind: "report", report: player.report() });
  player.leave();
}

async function joinAgainAndAgain(joins: number): Promise<void> {
  for (let join = 0; join < joins; join++) {
    const player = new NetworkPlayer(order, monotonicMs);
    await renderUntil(player, () => player.joinMs !== undefined);
    say({ kind: "joined", joinMs: player.joinMs });
    player.leave();
    await pause(BETWEEN_JOINS_MS);
  }
}

/** Renders on time: a frame that comes late makes none after it late. Gives up where no picture comes. */
async function renderUntil(player: NetworkPlayer, isOver: () => boolean): Promise<void> {
  const givenUpMs = monotonicMs() + PATIENCE_MS;
  for (let dueMs = monotonicMs(); !isOver(); dueMs = Math.max(dueMs + FRAME_MS, monotonicMs())) {
    await pause(dueMs - monotonicMs());
    player.render();
    if (player.joinMs === undefined && (monotonicMs() > givenUpMs || player.refusal !== undefined)) return;
  }
}

function say(word: PlayerWord): void {
  process.send?.(word);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
