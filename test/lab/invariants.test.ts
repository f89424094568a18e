/** Each invariant holds in a fight, and is seen to fail: once for each of them, with a fault planted on purpose. */
import type { OpenLink } from "@starwake/client/engine/link.ts";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { MAX_PACKET_BYTES, readCommandPacket, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { commandSchema } from "@starwake/shared/game/command.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { expect, test } from "vitest";
import type { RuleName } from "./invariants/violation.ts";
import { Laboratory, type Plant } from "./laboratory.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const SEED = 5;
/** A screen of each shape. */
const FIGHT: Scenario = { ...SCENARIOS.brawl, players: 6, seconds: 6, shapes: (index) => index % SCREEN_SHAPES.length };

async function rulesBroken(plant: Plant | undefined, scenario = FIGHT): Promise<RuleName[]> {
  const { violations } = await new Laboratory({ scenario, seed: SEED, plant }).run();
  return [...new Set(violations.map(({ rule }) => rule))];
}

test("a sound game breaks no rule", async () => {
  expect(await rulesBroken(undefined)).toEqual([]);
});

test("nor does one whose players are sent far less than all, and most of that as sketches", async () => {
  expect(await rulesBroken(undefined, { ...FIGHT, players: 16, budgetBytesPerSecond: 1_200 })).toEqual([]);
});

/** A game that does one thing otherwise. */
const instead = (change: (game: GameDefinition) => Partial<GameDefinition>) => (game: GameDefinition) => ({
  ...game,
  ...change(game),
});

/** A link that loses some of what comes down: it is asked for each frame and each bulletin, with the frames so far. */
const deafTo =
  (isLost: (what: "frame" | "bulletin", frames: number) => boolean) =>
  (openLink: OpenLink): OpenLink =>
  (handlers) => {
    let frames = 0;
    return openLink({
      ...handlers,
      frame: (bytes) => isLost("frame", ++frames) || handlers.frame(bytes),
      notice: (name, body) => (name === "bulletin" && isLost("bulletin", frames)) || handlers.notice(name, body),
    });
  };

/** A link whose packets acknowledge frames half a second back, whatever was read. */
const acknowledging =
  (openLink: OpenLink): OpenLink =>
  (handlers) => {
    const link = openLink(handlers);
    const sendPacket = (bytes: Uint8Array) => {
      const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
      const packet = readCommandPacket(bytes, commandSchema, 0)!;
      writeCommandPacket(writer, commandSchema, { ...packet, ackTick: packet.firstTick - 30 });
      link.sendPacket(writer.bytes.slice(0, writer.byteLength));
    };
    return { sendPacket, request: link.request.bind(link), close: () => link.close() };
  };

const farSighted = instead((game) => ({
  space: (world) => {
    const space = game.space(world);
    const views = space.views?.map((view) => ({
      viewHalfWidth: view.viewHalfWidth * 2,
      viewHalfHeight: view.viewHalfHeight * 3,
    }));
    return { ...space, ...views?.[0], ...(views && { views }) };
  },
}));

/** As it was before sight was a rule: who touches a cell is told of all that stands there. */
const tellingCellsWhole = instead((game) => ({
  space: (world) => ({ ...game.space(world), leaveMargin: undefined as never }),
}));

type Case = { readonly fault: string; readonly plant: Plant; readonly scenario?: Scenario };

const CASES: Readonly<Record<RuleName, Case>> = {
  "decoded-is-true": {
    fault: "the client moves rows on otherwise than the server does",
    plant: {
      clientGame: instead((game) => ({
        advance: (world, kind, row, ticks) => {
          game.advance(world, kind, row, ticks);
          if (kind === Kind.Ship) row[shipKind.at.x] ^= 1;
        },
      })),
    },
  },
  "only-in-view": {
    fault: "both sides think the view much larger than it is",
    plant: { game: farSighted, clientGame: farSighted },
    scenario: { ...FIGHT, mapSize: 6_000 },
  },
  "within-the-table": {
    fault: "now and then a ship leaps",
    plant: {
      game: instead((game) => ({
        step: (world, commands, looks) => {
          game.step(world, commands, looks);
          const [ship] = (world as World).ships;
          if (world.tick % 100 === 0 && ship !== undefined) ship.x += ship.x > 20_000 ? -4_000 : 4_000;
        },
      })),
    },
  },
  "ids-rest": {
    fault: "clients are not told who has left",
    plant: { openLink: deafTo((what, frames) => what === "bulletin" && frames > 100) },
    scenario: {
      ...FIGHT,
      seconds: 30,
      happenings: [{ atSeconds: 5, act: (_lab, clients) => clients[0].client.leave() }],
      joinsAtSeconds: (index) => (index === 5 ? 25 : undefined),
    },
  },
  "used-once": {
    fault: "the room uses each command for two ticks",
    plant: {
      game: instead((game) => {
        let last: Parameters<GameDefinition["step"]>[1] = new Map();
        return {
          step: (world, commands, looks) => {
            if (world.tick % 2 === 0) last = structuredClone(commands);
            game.step(world, last, looks);
          },
        };
      }),
    },
  },
  "queues-are-bounded": {
    fault: "a client that reads nothing says that it has read everything",
    plant: { openLink: acknowledging },
    scenario: {
      ...FIGHT,
      // A claim is believed only while claims keep coming: none is held up.
      network: { ...FIGHT.network, loss: 0 },
      seconds: 30,
      happenings: [
        {
          atSeconds: 3,
          act: (_lab, clients) => {
            clients[0].down.unreadUntilMs = Number.MAX_SAFE_INTEGER;
          },
        },
      ],
    },
  },
  "rest-is-equal": {
    fault: "the last frames are lost",
    plant: { openLink: deafTo((what, frames) => what === "frame" && frames > 150) },
  },
};

test.for(Object.entries(CASES))("%s is seen to fail", async ([rule, { plant, scenario }]) => {
  expect(await rulesBroken(plant, scenario)).toContain(rule);
});

test("so is it that cells are told whole", { timeout: 600_000 }, async () => {
  const plant = { game: tellingCellsWhole };
  expect(await rulesBroken(plant, { ...FIGHT, mapSize: 3_000, seconds: 3 })).toEqual(["only-in-view"]);
});
