/** The frames that one player of a crowded brawl of pilots is sent, kept for clients that read them again and again. */
import { Match } from "@starwake/client/engine/match.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Joined } from "@starwake/shared/engine/protocol.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Brawl } from "./brawl.ts";
import { FRAME_RATE, PACKET_RATE, TICK_RATE } from "./orders.ts";

export type RecordedFrame = { readonly bytes: Uint8Array; readonly nowMs: number; readonly ships: number };

export type RecordedBrawl = { readonly joined: Joined; readonly frames: readonly RecordedFrame[] };

/** Chosen so that hardly a frame shows fewer than 200 ships. */
const CROWDED = { players: 360, mapSize: 1920 };
const SECONDS = 12;
const PLAYER = 1;
const RTT_MS = 60;

const msOf = (tick: Tick) => (tick / TICK_RATE) * 1000;

export function recordBrawl(seed: number): RecordedBrawl {
  const rates = { tickRate: TICK_RATE, frameRate: FRAME_RATE };
  const brawl = new Brawl({ ...CROWDED, ...rates, seed, readers: PLAYER }, starwake as GameDefinition);
  const frames: RecordedFrame[] = [];
  brawl.received = (_, { head, kinds }, bytes) =>
    frames.push({ bytes: bytes.slice(), nowMs: msOf(head.tick), ships: kinds[Kind.Ship].size });
  brawl.run(SECONDS * TICK_RATE);
  const setup = { seed, tickRate: TICK_RATE, capacity: CROWDED.players, mapSize: CROWDED.mapSize };
  const seat = { player: PLAYER, token: "", resumed: false, room: "BENCH", isPrivate: false, tick: 0 };
  const joined = { ok: true, ...seat, frameRate: FRAME_RATE, packetRate: PACKET_RATE, holdSeconds: 20, setup } as const;
  return { joined, frames };
}

/** A client that has just joined the brawl, before its first frame. */
export function joinAgain({ joined }: RecordedBrawl): Match {
  return new Match(starwake as GameDefinition, joined, RTT_MS, 0, () => {});
}
