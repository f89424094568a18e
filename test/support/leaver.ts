/**
 * Two ships that lie still among pilots: one whose player stays, and one whose player tries to get out of it at each
 * scratch. The real game in a real room, in virtual time.
 */
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { Link } from "@starwake/client/engine/link.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { findShip, isAlive, type World } from "@starwake/shared/game/world.ts";
import { createPilot } from "../../server/game/pilot.ts";
import { chanceOf } from "./chance.ts";
import { createHandClock } from "./hand-clock.ts";
import { createLoopback } from "./loopback.ts";
import { createServerByHand } from "./server-by-hand.ts";

const TICK_RATE = 60;
const TICK_MS = 1000 / TICK_RATE;
const SHIPS = 16;

/** How a player tries to get out of it. */
export type Escape = {
  /** Asks to leave, or just drops the connection. */
  readonly by: "leaving" | "cutting";
  /** Of the browser: kept, or made up for each visit. */
  readonly key: "same" | "fresh";
  /** Until the player joins again. */
  readonly backAfterMs: number;
};

/** What came of it for one player, over all their visits. */
export type Fate = {
  visits: number;
  deaths: number;
  /** Ticks. */
  dead: number;
  protected: number;
  absent: number;
  all: number;
  /** From each first scratch to the next whole ship that the player has, in ms. */
  readonly wholeAfterMs: number[];
};

type Visitor = {
  readonly fate: Fate;
  readonly numbers: Set<number>;
  readonly way: Escape | undefined;
  client: GameClient | undefined;
  link: Link | undefined;
  /** Of the ship at hand, as it was when the player joined. */
  healthBefore: number | undefined;
  scratchedMs: number | undefined;
  backMs: number;
};

export async function flyStill(seed: number, seconds: number, way: Escape): Promise<{ stayer: Fate; leaver: Fate }> {
  const clock = createHandClock();
  const chance = chanceOf();
  let world: World | undefined;
  const watched: GameDefinition = {
    ...(starwake as GameDefinition),
    createWorld(setup) {
      const made = starwake.createWorld(setup);
      if (setup.role === "authority") world = made;
      return made as EngineWorld;
    },
  };
  const setup = { seed, tickRate: TICK_RATE, capacity: SHIPS, mapSize: 2000, role: "authority" } as const;
  const rates = { frameRate: 30, packetRate: 60, budgetBytesPerSecond: 12_000, holdMs: 20_000 };
  const server = createServerByHand(clock, watched, createPilot as CreatePilot, { ...rates, setup, pilots: SHIPS });
  const loopback = createLoopback({ clock, accept: server.lobby.accept, delayMs: () => 15 });
  const visitors = [visitorWith(undefined), visitorWith(way)];
  for (let tick = 0; tick < seconds * TICK_RATE; tick++) {
    for (const [index, visitor] of visitors.entries()) {
      if (visitor.client === undefined && clock.now() >= visitor.backMs)
        join(visitor, visitor.way?.key === "fresh" ? `${index}-${tick}` : `${index}`);
      visitor.client?.update(() => NEUTRAL_COMMAND);
    }
    clock.advance(TICK_MS);
    // Replies are promises: those that are due are taken before the next frame.
    await new Promise((resolve) => setImmediate(resolve));
    for (const visitor of visitors) if (world !== undefined) follow(visitor, world);
  }
  server.lobby.close();
  return { stayer: visitors[0].fate, leaver: visitors[1].fate };

  function join(visitor: Visitor, key: string): void {
    visitor.fate.visits++;
    visitor.healthBefore = undefined;
    visitor.client = new GameClient({
      game: starwake as GameDefinition,
      openLink: (handlers) => {
        const link = loopback.openLink(handlers);
        visitor.link ??= link;
        return link;
      },
      now: clock.now,
      chance,
      name: "",
      room: { kind: "quick" },
      token: undefined,
      key: `key-${key}`.padEnd(32, "_"),
    });
  }

  function follow(visitor: Visitor, { ships, news }: World): void {
    const { fate, client, numbers } = visitor;
    fate.all++;
    fate.deaths += news.filter(({ victim }) => numbers.has(victim)).length;
    const player = client?.state.state === "playing" ? client.state.match.player : undefined;
    const ship = player === undefined ? undefined : findShip({ ships } as World, player);
    if (ship === undefined) {
      fate.absent++;
      return;
    }
    numbers.add(ship.id);
    if (ship.protection > 0) fate.protected++;
    if (!isAlive(ship)) fate.dead++;
    const isWhole = isAlive(ship) && ship.health === 100;
    if (isWhole && visitor.scratchedMs !== undefined) {
      fate.wholeAfterMs.push(clock.now() - visitor.scratchedMs);
      visitor.scratchedMs = undefined;
    }
    if (!isWhole) visitor.scratchedMs ??= clock.now();
    visitor.healthBefore ??= ship.health;
    if (ship.health < visitor.healthBefore && visitor.way !== undefined) flee(visitor, visitor.way);
    else visitor.healthBefore = ship.health;
  }

  function flee(visitor: Visitor, { by, backAfterMs }: Escape): void {
    if (by === "leaving") visitor.client?.leave();
    else visitor.link?.close();
    visitor.client = undefined;
    visitor.link = undefined;
    visitor.backMs = clock.now() + backAfterMs;
  }
}

function visitorWith(way: Escape | undefined): Visitor {
  const fate = { visits: 0, deaths: 0, dead: 0, protected: 0, absent: 0, all: 0, wholeAfterMs: [] };
  const nothing = { client: undefined, link: undefined, healthBefore: undefined, scratchedMs: undefined };
  return { fate, numbers: new Set(), way, ...nothing, backMs: 0 };
}
