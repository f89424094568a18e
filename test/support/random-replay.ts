/** Random replays of the toy game: anything that a room could be given, and more. */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Replay, ReplayPlayer, ReplayStep, SeatChange } from "@starwake/shared/engine/replay.ts";
import fc from "fast-check";
import type { Wish } from "../engine/toy-game.ts";
import { PROTOCOL } from "./replay-bytes.ts";

type Happening = {
  readonly toggled: readonly { readonly player: PlayerId; readonly name: string; readonly isPilot: boolean }[];
  /** In turn for the players who are in; undefined: none. */
  readonly wishes: readonly (Wish | undefined)[];
  readonly lookAges: readonly (number | undefined)[];
};

const player = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 4095));
const wish: fc.Arbitrary<Wish> = fc.record({
  heading: fc.integer({ min: 0, max: 8 }),
  facing: fc.integer({ min: 0, max: 255 }),
  throws: fc.integer({ min: 0, max: 1 }),
});
const often = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 4 });
const happening: fc.Arbitrary<Happening> = fc.record({
  toggled: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ player, name: fc.string({ unit: "binary", maxLength: 16 }), isPilot: fc.boolean() }),
        {
          maxLength: 4,
        },
      ),
    },
  ),
  wishes: fc.array(often(wish), { maxLength: 4 }),
  lookAges: fc.array(often(fc.integer({ min: -3, max: 2000 })), { maxLength: 3 }),
});
const head = fc.record({
  game: fc.constant("dots"),
  protocol: fc.constant(PROTOCOL),
  room: fc.string({ unit: "binary" }),
  startedAtMs: fc.integer({ min: 0, max: 2 ** 45 }),
  setup: fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    tickRate: fc.integer({ min: 1, max: 120 }),
    capacity: fc.integer({ min: 1, max: 4095 }),
    mapSize: fc.integer({ min: 0, max: 4095 }),
  }),
});

export const randomReplay: fc.Arbitrary<Replay> = fc
  .record({
    head,
    happenings: fc.array(happening, { maxLength: 150, size: "max" }),
    hash: fc.nat(),
    hashEvery: fc.integer({ min: 1, max: 70 }),
  })
  .map(({ head, happenings, hash, hashEvery }) => {
    const players: ReplayPlayer[] = [];
    const seated = new Set<PlayerId>();
    const steps = happenings.map((one, tick) => stepOf(one, tick, seated, players));
    const ticks = steps.map((_, tick) => tick + 1).filter((tick) => tick % hashEvery === 0);
    const hashes = ticks.map((tick) => ({ tick, hash: (hash * 2 + tick) >>> 0 }));
    return { head, players, steps, hashes, isComplete: true };
  });

function stepOf(
  { toggled, wishes, lookAges }: Happening,
  tick: number,
  seated: Set<PlayerId>,
  players: ReplayPlayer[],
): ReplayStep {
  const changes = toggled.map((who): SeatChange => {
    if (seated.delete(who.player)) return { kind: "removed", player: who.player };
    seated.add(who.player);
    players.push(who);
    return { kind: "added", player: who.player };
  });
  const inTurn = [...seated];
  const commands = inTurn.flatMap((player, place) => {
    const given = wishes.length === 0 ? undefined : wishes[place % wishes.length];
    return given === undefined ? [] : [[player, given] as const];
  });
  const looks = inTurn.flatMap((player, place) => {
    const age = lookAges.length === 0 ? undefined : lookAges[place % lookAges.length];
    return age === undefined ? [] : [[player, tick - age] as const];
  });
  return { changes, commands: new Map(commands), looks: new Map(looks) };
}
