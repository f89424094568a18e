/** The network model against what it stands for. */
import { createRandom } from "@starwake/shared/engine/random.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { type Arrival, ageAt, type LaneTrial, staleTime, tryLanes } from "./lane-trial.ts";
import { createDatagramLane } from "./network/datagram-lane.ts";
import { shakeHands } from "./network/handshake.ts";
import { createConnection } from "./network/ordered-lane.ts";
import { createRoute, type Route } from "./network/path.ts";
import { PROFILES } from "./profiles.ts";
import type { Network } from "./scenario.ts";

const MESSAGES_PER_SECOND = 30;
const MESSAGE_BYTES = 300;
const CALM: Network = { rttMs: 100, jitterMs: 0, loss: 0 };

function over(network: Network, seed = 11) {
  const clock = createHandClock();
  return { clock, route: createRoute(clock, network, createRandom(seed)) };
}

/** Messages at an even rate down one lane, and when each came. */
function sendOver(network: Network, messages: number, prepare: (route: Route) => void = () => {}) {
  const { clock, route } = over(network);
  prepare(route);
  const { down } = createConnection(clock, route);
  const arrivals: Arrival[] = [];
  for (let message = 0; message < messages; message++) {
    const sentMs = clock.now();
    down.send(MESSAGE_BYTES, () => arrivals.push({ sentMs, atMs: clock.now() }));
    clock.advance(1000 / MESSAGES_PER_SECOND);
  }
  clock.advance(60_000);
  return { arrivals, route, figures: down.figures };
}

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
const FIGURES = ["p50", "p95", "p99", "stale200", "stale300", "stale350", "first99", "first120", "first150"] as const;
type Figure = (typeof FIGURES)[number];
type Figures = Partial<Readonly<Record<Figure, number>>>;

/** Ages in milliseconds; parts of the time, in percent, that are stale at so many milliseconds, of one lane and of five. */
function figuresOf({ lanes, first }: LaneTrial): Record<Figure, number> {
  const all = lanes.flat();
  const meanStale = (delayMs: number) => lanes.reduce((sum, lane) => sum + staleTime(lane, delayMs), 0) / lanes.length;
  return {
    ...{ p50: ageAt(0.5, all), p95: ageAt(0.95, all), p99: ageAt(0.99, all) },
    ...{ stale200: meanStale(200) * 100, stale300: meanStale(300) * 100, stale350: meanStale(350) * 100 },
    ...{ first99: ageAt(0.99, first), first120: staleTime(first, 120) * 100, first150: staleTime(first, 150) * 100 },
  };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

// Measured on Linux 6.18's TCP with CUBIC: five lanes of one player for 75 s, 300 bytes down and 30 up, 30 times a second.
// Bursts differ from run to run by more than the rest: what was measured there are ranges.
const MEASURED: readonly { name: string; network: Network; within: number; low: Figures; high?: Figures }[] = [
  {
    name: "150±50 ms and 5 % loss",
    network: PROFILES.C,
    within: 1.5,
    low: {
      ...{ p50: 100, p95: 339, p99: 474, stale200: 23.4, stale300: 10.5, stale350: 5.8 },
      ...{ first99: 123, first120: 4.6, first150: 0.7 },
    },
    high: { p95: 348, p99: 525 },
  },
  {
    name: "150±50 ms and 1 % loss",
    network: { ...PROFILES.B, loss: 0.01 },
    within: 1.5,
    // Not held: 0.6 % of the time without newer state at 120 ms from the first of five, where the model has 0.1 %.
    low: { p50: 80, p95: 190, p99: 305, stale200: 5.3, stale300: 1.7, stale350: 0.4, first99: 91, first150: 0.04 },
  },
  {
    name: "60±20 ms and 1 % loss",
    network: PROFILES.A,
    within: 1.5,
    low: { p50: 31, p95: 44, p99: 109, stale200: 0, first99: 35, first120: 0.01, first150: 0 },
  },
  {
    name: "bursts of 200 ms for 5 % of the time",
    network: PROFILES["bursts-heavy"],
    within: 1.3,
    // Not held: 23 to 28 % at 120 ms from the first of five, where the model has 16 %.
    low: { p50: 95, p95: 475, p99: 850, stale200: 12, stale300: 9, stale350: 8, first99: 750, first150: 13 },
    high: { p95: 660, p99: 1_090, stale200: 17, stale300: 13, stale350: 11, first99: 980, first150: 18 },
  },
];

const POINTS_WITHIN = 0.5;

describe.for(MEASURED)("five lanes over $name are as a kernel's TCP was", ({ network, within, low, high }) => {
  let figures: Record<Figure, number>;
  beforeAll(() => {
    const runs = SEEDS.map((seed) => figuresOf(tryLanes(network, { seed, lanes: 5, seconds: 75 })));
    figures = Object.fromEntries(
      FIGURES.map((name) => [name, medianOf(runs.map((run) => run[name]))]),
    ) as typeof figures;
  });

  test.for(Object.keys(low) as Figure[])("%s", (name) => {
    const isAge = name.startsWith("p") || name === "first99";
    const [least, most] = [low[name]!, high?.[name] ?? low[name]!];
    const room = isAge ? 0 : POINTS_WITHIN;
    expect(figures[name]).toBeGreaterThanOrEqual(Math.min(least / within, least - room));
    expect(figures[name]).toBeLessThanOrEqual(Math.max(most * within, most + room));
  });
});

test("nothing is lost on an ordered lane, and nothing overtakes", () => {
  const { arrivals } = sendOver({ rttMs: 150, jitterMs: 50, loss: 0.2 }, 2_000);
  expect(arrivals).toHaveLength(2_000);
  for (let index = 1; index < arrivals.length; index++) {
    expect(arrivals[index].sentMs).toBeGreaterThan(arrivals[index - 1].sentMs);
    expect(arrivals[index].atMs).toBeGreaterThanOrEqual(arrivals[index - 1].atMs);
  }
});

test("what waits for the window leaves merged: fewer segments than messages", () => {
  const { figures } = sendOver(PROFILES.C, 2_250);
  expect(figures.segments).toBeLessThan(0.9 * 2_250);
  expect(figures.segments).toBeGreaterThan(0.65 * 2_250);
});

test("a datagram lane loses and reorders, and holds up nothing", () => {
  const { clock, route } = over(PROFILES.C);
  const lane = createDatagramLane(route.down);
  const arrivals: Arrival[] = [];
  for (let message = 0; message < 20_000; message++) {
    const sentMs = clock.now();
    lane.send(MESSAGE_BYTES, () => arrivals.push({ sentMs, atMs: clock.now() }));
    clock.advance(1000 / MESSAGES_PER_SECOND);
  }
  expect(arrivals.length / 20_000).toBeCloseTo(0.95, 2);
  expect(ageAt(1, arrivals)).toBeLessThanOrEqual(100);
  expect(arrivals.some(({ sentMs }, index) => index > 0 && sentMs < arrivals[index - 1].sentMs)).toBe(true);
});

describe("a player's line", () => {
  test("carries its rate and no more, over however many lanes", () => {
    for (const lanes of [1, 2, 5]) {
      const { clock, route } = over({ ...CALM, bytesPerSecond: 8_000 });
      let taken = 0;
      const connections = Array.from({ length: lanes }, () => createConnection(clock, route));
      const fill = () => {
        for (const { down } of connections)
          if (down.figures.waitingBytes < 30_000) down.send(1_000, () => (taken += clock.now() < 30_000 ? 1_000 : 0));
      };
      for (let step = 0; step < 600; step++) {
        fill();
        clock.advance(50);
      }
      expect(taken).toBeGreaterThan(0.85 * 240_000);
      expect(taken).toBeLessThanOrEqual(240_000);
    }
  });

  test("keeps 16 KB of what it cannot send yet, and drops the rest", () => {
    const { clock, route } = over({ ...CALM, bytesPerSecond: 8_000 });
    let arrived = 0;
    for (let packet = 0; packet < 40; packet++) route.down.send(1_000, () => arrived++);
    clock.advance(10_000);
    expect(arrived).toBe(16);
  });

  test("of one player is not another player's", () => {
    const clock = createHandClock();
    const [one, other] = [1, 2].map((seed) =>
      createRoute(clock, { ...CALM, bytesPerSecond: 8_000 }, createRandom(seed)),
    );
    for (let packet = 0; packet < 16; packet++) one.down.send(1_000, () => {});
    let arrivedMs = 0;
    other.down.send(800, () => (arrivedMs = clock.now()));
    clock.advance(5_000);
    expect(arrivedMs).toBe(150);
  });
});

test("a burst takes all lanes of a player at once, and not another player's", () => {
  const clock = createHandClock();
  const routes = [1, 2].map((seed) => createRoute(clock, PROFILES["bursts-heavy"], createRandom(seed)));
  const lanesHit: [number, number][] = [];
  for (let step = 0; step < 20_000; step++) {
    const arrived = [0, 0];
    routes.forEach(({ down }, player) => {
      for (let lane = 0; lane < 5; lane++) down.send(100, () => arrived[player]++);
    });
    clock.after(1_000, () => lanesHit.push([5 - arrived[0], 5 - arrived[1]]));
    clock.advance(10);
  }
  expect(lanesHit.filter(([one]) => one === 5).length).toBeGreaterThan(200);
  expect(lanesHit.every(([one, other]) => one % 5 === 0 && other % 5 === 0)).toBe(true);
  const together = lanesHit.filter(([one, other]) => one === 5 && other === 5).length;
  expect(together).toBeLessThan(0.3 * lanesHit.filter(([one]) => one === 5).length);
});

describe("the bytes on the wire", () => {
  test("are a segment's 52 of headers, WebSocket's, and an acknowledgement's 52 the other way", () => {
    const { route } = sendOver(CALM, 1);
    expect(route.down.sentBytes).toBe(MESSAGE_BYTES + 4 + 52);
    expect(route.up.sentBytes).toBe(52);
  });

  test("have no acknowledgement by itself where something goes the other way soon enough", () => {
    const { clock, route } = over(CALM);
    const { up, down } = createConnection(clock, route);
    for (let message = 0; message < 300; message++) {
      up.send(20, () => {});
      down.send(20, () => {});
      clock.advance(20);
    }
    clock.advance(1_000);
    expect(route.up.sentPackets).toBeLessThanOrEqual(302);
    expect(route.up.sentBytes).toBeLessThanOrEqual(300 * (20 + 6 + 52) + 2 * 52);
  });
});

describe("the handshake", () => {
  /** When a hello can be said; a number of SYNs is lost. */
  function openedMs(lostSyns: number): number {
    const { clock, route } = over(CALM);
    const connection = createConnection(clock, route);
    let atMs = Number.NaN;
    if (lostSyns > 0) route.up.downUntilMs = [0, 500, 1_500, 3_500][lostSyns];
    shakeHands(clock, route, connection, () => (atMs = clock.now()));
    clock.advance(20_000);
    return atMs;
  }

  test("takes two round trips until a hello can be said", () => {
    expect(openedMs(0)).toBeCloseTo(200, 6);
  });

  test("takes a second more when the SYN is lost, and two more when the next one is", () => {
    expect(openedMs(1)).toBeCloseTo(1_200, 6);
    expect(openedMs(2)).toBeCloseTo(3_200, 6);
  });

  test("that is given up takes nothing and leaves nothing to send", () => {
    const { clock, route } = over(CALM);
    let isOpened = false;
    const giveUp = shakeHands(clock, route, createConnection(clock, route), () => (isOpened = true));
    clock.advance(120);
    giveUp();
    const { sentPackets } = route.up;
    clock.advance(10_000);
    expect([isOpened, route.up.sentPackets]).toEqual([false, sentPackets]);
  });
});

test("over a path that is down nothing comes until it is up again and has been tried again", () => {
  const { arrivals } = sendOver(CALM, 150, ({ up, down }) => (up.downUntilMs = down.downUntilMs = 3_000));
  expect(arrivals[0].atMs).toBeGreaterThan(3_000);
  expect(arrivals[0].atMs).toBeLessThan(7_500);
  expect(arrivals).toHaveLength(150);
});

test("whoever does not read gets all at once, when they read again", () => {
  const { arrivals } = sendOver(CALM, 90, ({ down }) => (down.unreadUntilMs = 2_000));
  expect(arrivals.filter(({ atMs }) => atMs < 2_000)).toEqual([]);
  expect(arrivals.filter(({ atMs }) => atMs === 2_000).length).toBeGreaterThan(55);
});

test("whoever reads slowly gets no more than they read, and what waits for them is counted", () => {
  const { arrivals, figures } = sendOver(CALM, 300, ({ down }) => (down.readBytesPerSecond = 3_040));
  expect(arrivals.at(-1)!.atMs - arrivals[0].atMs).toBeCloseTo(29_900, 3);
  expect(figures.mostWaitingBytes).toBeGreaterThan(50_000);
  expect(figures.waitingBytes).toBe(0);
});
