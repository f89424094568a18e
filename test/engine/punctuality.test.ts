/** A server that is late again and again takes no spares, and lets those go that it has: it has no time to hear all five times. */
import type { Link } from "@starwake/client/engine/link.ts";
import { Punctuality } from "@starwake/server/engine/punctuality.ts";
import { expect, test } from "vitest";
import { startStoppingServer } from "../support/stopping-server.ts";

test("ticks are late when they were in three of the last ten seconds", () => {
  const punctuality = new Punctuality();
  punctuality.note(80, 1_000);
  punctuality.note(80, 2_500);
  expect(punctuality.isLate(2_500)).toBe(false);
  punctuality.note(49, 3_500);
  expect(punctuality.isLate(3_500)).toBe(false);
  punctuality.note(50, 4_500);
  expect(punctuality.isLate(4_500)).toBe(true);
  expect(punctuality.isLate(10_900)).toBe(true);
  expect(punctuality.isLate(11_100)).toBe(false);
});

test("ticks are strained sooner than late", () => {
  const punctuality = new Punctuality();
  for (const [lateness, nowMs] of [
    [30, 1_000],
    [29, 2_000],
    [31, 3_000],
    [49, 4_000],
  ])
    punctuality.note(lateness, nowMs);
  expect([punctuality.isStrained(4_000), punctuality.isLate(4_000)]).toEqual([true, false]);
  expect(punctuality.isStrained(11_100)).toBe(false);
});

test("ticks that are late with little to do strain nothing: somebody stops the process now and then", () => {
  const punctuality = new Punctuality(() => 0.5);
  let overloads = 0;
  punctuality.overloaded = () => void overloads++;
  for (let second = 0; second < 10; second++) punctuality.note(90, second * 1_000);
  expect([punctuality.isLate(9_000), punctuality.isStrained(9_000), overloads]).toEqual([true, false, 0]);
});

test("an overload is told once a second, from the third late one on", () => {
  const punctuality = new Punctuality();
  let overloads = 0;
  punctuality.overloaded = () => void overloads++;
  for (let tick = 0; tick < 60 * 5; tick++) punctuality.note(50, (tick * 1_000) / 60);
  expect(overloads).toBe(3);
});

test("one long pause is no lateness, however many ticks it made late", () => {
  const punctuality = new Punctuality();
  for (let tick = 0; tick < 50; tick++) punctuality.note(900 - tick, 5_000 + tick);
  expect(punctuality.isLate(5_100)).toBe(false);
});

/** A server on which somebody plays, and a link that may ask to carry copies for them. */
async function startWithSpare() {
  const server = startStoppingServer();
  const tokens: string[] = [];
  const client = server.open({ seated: (token) => void tokens.push(token) });
  await server.run(1_000);
  const open = () => {
    const lastWords: unknown[] = [];
    const quiet = () => {};
    const link: Link = server.openLink({
      ...{ opened: quiet, refused: (word) => void lastWords.push(word), frame: quiet, notice: quiet },
      lost: (word) => void lastWords.push(word),
    });
    const ask = async () => {
      await server.run(200);
      const reply = link.request("spare", { token: tokens[0] });
      await server.run(200);
      return reply;
    };
    return { ask, lastWords };
  };
  const beLate = async () => {
    for (let second = 0; second < 3; second++) {
      await server.stop(100);
      await server.run(1_000);
    }
  };
  return { server, client, open, beLate };
}

test("a spare is let go while the server is late, and taken again when it is not any more", async () => {
  const { server, client, open, beLate } = await startWithSpare();
  const spare = open();
  expect(await spare.ask()).toMatchObject({ ok: true });
  await beLate();
  expect(spare.lastWords).toEqual(["server-busy"]);
  expect(await open().ask()).toEqual({ ok: false, reason: "server-busy" });
  await server.run(10_000);
  expect(await open().ask()).toMatchObject({ ok: true });
  expect(client.state.state).toBe("playing");
});
