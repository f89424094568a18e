/**
 * Bad input, each against a live server of the toy game: it is dropped or refused with a reason and counted, the room
 * keeps its tick, and the honest player who sits in the same room does not notice.
 */
import type { JoinReply } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { askRaw, expectRefused, openRawJoined, startLiveGame } from "../support/live-game.ts";
import { closed, next, nextMessage, openClient, openRaw, openRawSeated } from "../support/live-transport.ts";
import { packetBytes, TICK_RATE } from "../support/toy-server.ts";

const QUICK = { kind: "quick" };
const PACKET = packetBytes({ firstTick: 100, commands: [{ heading: 1, facing: 200, throws: 1 }] });
const request = (name: string, body: string, id = "7") => `4[2,["${name}",${body}],${id}]`;
const joinAs = (fields: string) => request("join", `{"name":"x","room":{"kind":"quick"},${fields}}`);

const fieldsOf = (count: number) => Array.from({ length: count }, (_, index) => `"${index}":0`).join(",");

type BadMessage = [what: string, reason: string, message: string | Uint8Array<ArrayBuffer>];

const badPackets: BadMessage[] = [
  ["a packet cut short", "malformed", PACKET.slice(0, PACKET.length - 1)],
  ["a packet of its tag alone", "malformed", PACKET.slice(0, 1)],
  ["a packet with a byte too many", "malformed", Uint8Array.from([...PACKET, 0])],
  ["a packet longer than any", "malformed", Uint8Array.from({ length: 600 }, () => 2)],
  ["a packet of 16 KB", "malformed", Uint8Array.from({ length: 16_000 }, () => 2)],
  ["a command that is out of range", "malformed", packetBytes({ commands: [{ heading: 15, facing: 0, throws: 0 }] })],
  ["a frame, which only servers send", "malformed", new Uint8Array([1, 2, 3])],
  ["bytes of no known kind", "malformed", new Uint8Array([99, 2, 3])],
];
const badMessages: BadMessage[] = [
  ["nothing at all", "malformed", new Uint8Array(0)],
  ["text cut short", "malformed", request("ping", "{}").slice(0, -3)],
  ["text where a body goes", "malformed", request("ping", '"text"')],
  ["a number where a name goes", "malformed", request("join", '{"name":7,"room":{"kind":"quick"}}')],
  ["a list where a room goes", "malformed", request("join", '{"name":"x","room":[]}')],
  ["a room of no known kind", "malformed", request("join", '{"name":"x","room":{"kind":"admin"}}')],
  ["a room's code with signs", "malformed", request("join", '{"name":"x","room":{"kind":"code","code":"../.."}}')],
  ["a field that nobody knows", "malformed", joinAs('"admin":true')],
  ["an own key __proto__", "malformed", joinAs('"__proto__":{"admin":true}')],
  ["NaN", "malformed", request("ping", "NaN")],
  ["10^999 as a value", "malformed", joinAs('"token":1e999')],
  ["10^999 as a number of an answer", "malformed", request("ping", "{}", "1e999")],
  ["a body nested 5,000 deep", "malformed", request("join", `${"[".repeat(5_000)}${"]".repeat(5_000)}`)],
  ["objects nested 2,000 deep", "malformed", request("join", `${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`)],
  ["an unknown event", "unknown-event", request("obey", "{}")],
  ["an event named like what every object has", "unknown-event", request("constructor", "{}")],
  ["an event that only the library may raise", "unknown-event", request("disconnect", "{}")],
  ["a notice, which only servers send", "unknown-event", request("farewell", '{"reason":"flooding"}')],
  [
    "a name of 10,000 characters",
    "malformed",
    request("join", `{"name":"${"x".repeat(10_000)}","room":{"kind":"quick"}}`),
  ],
  ["1,500 fields that nobody knows", "malformed", joinAs(fieldsOf(1_500))],
  ["a ping with 1,500 fields", "malformed", request("ping", `{${fieldsOf(1_500)}}`)],
];

describe("a message is dropped and counted, and its sender stays:", () => {
  test.for([...badPackets, ...badMessages])("%s", async ([, reason, message]) => {
    const game = await startLiveGame();
    const { socket } = await openRawJoined(game);
    socket.send(message);
    await expectRefused(game, reason);
    expect([...game.tally.refusals]).toEqual([[reason, 1]]);
    expect(await askRaw(socket, 9, "ping", {})).toMatchObject({ onTime: 0 });
    await game.expectToGoOn();
  });
});

describe("who goes on with what no client sends is told and sent away:", () => {
  /** Far fewer than the flood guard would object to. */
  const FROM_A_SEAT = 80;
  const WITHOUT_A_SEAT = 8;

  test.for<[string, Uint8Array<ArrayBuffer>]>([
    ["packets that are malformed", PACKET.slice(0, 2)],
    ["packets of bytes that are of no known kind", new Uint8Array([99])],
    ["packets longer than any", Uint8Array.from({ length: 600 }, () => 2)],
  ])("%s", async ([, packet]) => {
    const game = await startLiveGame();
    const { socket } = await openRawJoined(game);
    const [told, gone] = [nextMessage(socket, (text) => text.includes("farewell")), closed(socket)];
    for (let sent = 0; sent < FROM_A_SEAT; sent++) socket.send(packet);
    expect(await told).toContain("flooding");
    await gone;
    await game.expectToGoOn();
  });

  test.for([
    ["texts that are malformed", request("ping", "[]")],
    ["texts that are no JSON", "4["],
    ["events that are unknown", request("obey", "{}")],
    ["texts longer than any", request("ping", `{${fieldsOf(400)}}`)],
  ])("%s", async ([, text]) => {
    const game = await startLiveGame();
    const socket = await openRawSeated(game.transport);
    const [told, gone] = [nextMessage(socket, (text) => text.includes("farewell")), closed(socket)];
    for (let sent = 0; sent < WITHOUT_A_SEAT; sent++) socket.send(text);
    expect(await told).toContain("flooding");
    await gone;
    await game.expectToGoOn();
  });
});

describe("a name is refused with a reason, and counted:", () => {
  test.for([
    ["as long as may be typed", "\u0001".repeat(256)],
    ["longer than is shown", "x".repeat(40)],
    ["with a control character", "a\u0007b"],
    ["with a line break", "a\nb"],
    ["with a character that turns the text around it", "\u202egnp.exe"],
    ["with an isolate", "a\u2067b\u2069"],
    ["with HTML", "<img src=x onerror=alert(1)>"],
    ["with an HTML entity", "&amp;"],
  ])("%s", async ([, name]) => {
    const game = await startLiveGame();
    const socket = await openRawSeated(game.transport);
    expect(await askRaw(socket, 1, "join", { name, room: QUICK })).toMatchObject({ ok: false, reason: "name-refused" });
    expect([...game.tally.refusals]).toEqual([["name-refused", 1]]);
    expect(await askRaw(socket, 2, "join", { name: "Ada", room: QUICK })).toMatchObject({ ok: true });
    await game.expectToGoOn();
  });
});

describe("a client is not let in, and counted:", () => {
  test("of another version, which is told so", async () => {
    const game = await startLiveGame();
    const socket = await openRaw(game);
    const told = nextMessage(socket, (text) => text.startsWith("4[4,"));
    socket.send('4[0,{"protocol":"another"},null]');
    expect(await told).toContain("version-mismatch");
    expect([...game.tally.refusals]).toEqual([["version-mismatch", 1]]);
    await game.expectToGoOn();
  });

  test("from a page of an origin that is not allowed", async () => {
    const game = await startLiveGame();
    const client = openClient(game, { extraHeaders: { origin: "https://elsewhere.example" } });
    await next(client, "connect_error");
    expect([...game.tally.refusals]).toEqual([["origin-not-allowed", 1]]);
    await game.expectToGoOn();
  });

  test("that never says hello, and talks all the same", async () => {
    const game = await startLiveGame();
    const socket = await openRaw(game);
    const gone = closed(socket);
    socket.send(request("ping", "{}"));
    await gone;
    await game.expectToGoOn();
  });
});

describe("commands", () => {
  test.for([
    ["long past are dropped and counted as late", -10_000, "late"],
    ["just past are dropped and counted as late", -20, "late"],
    ["far ahead are refused and counted", 10_000, "refused"],
    ["two seconds ahead are refused and counted", 2 * TICK_RATE, "refused"],
  ] as const)("for ticks %s, and their ship does not move", async ([, ahead, outcome]) => {
    const game = await startLiveGame();
    const { socket, joined } = await openRawJoined(game);
    const commands = Array.from({ length: 16 }, () => ({ heading: 1, facing: 9, throws: 1 }));
    socket.send(packetBytes({ firstTick: joined.tick + ahead, commands }));
    // On a busy machine a command of the honest player may come late, too.
    await expect.poll(() => game.tally.commands[outcome], { interval: 5 }).toBeGreaterThanOrEqual(16);
    await game.expectToGoOn();
    expect(headingSeen(game, joined)).toBe(0);
  });

  test("at a hundred times their rate are dropped and counted, and who goes on is told and sent away", async () => {
    const game = await startLiveGame();
    const { socket, joined } = await openRawJoined(game);
    const [told, gone] = [nextMessage(socket, (text) => text.includes("farewell")), closed(socket)];
    for (let sent = 0; sent < 100 * TICK_RATE; sent++)
      socket.send(packetBytes({ firstTick: joined.tick + 5 + (sent % 40) }));
    expect(await told).toContain("flooding");
    await gone;
    await expectRefused(game, "flooding", 1_500);
    // A tick takes one command of each.
    expect(game.tally.commands.onTime).toBeLessThanOrEqual(2 * game.tally.ticks);
    await game.expectToGoOn();
  });

  test("of somebody who has no seat are dropped and counted", async () => {
    const game = await startLiveGame();
    const socket = await openRawSeated(game.transport);
    socket.send(PACKET);
    await expectRefused(game, "not-joined");
    await game.expectToGoOn();
  });
});

test("a message that is too large ends its own connection, and is counted", async () => {
  const game = await startLiveGame();
  const { socket } = await openRawJoined(game);
  const gone = closed(socket);
  socket.send(request("join", `{"name":"${"x".repeat(20_000)}"}`));
  await gone;
  expect([...game.tally.refusals]).toEqual([["oversized", 1]]);
  await game.expectToGoOn();
});

/** The heading of a player's dot as the honest player sees it; 0 where it is out of sight. */
function headingSeen(
  game: Awaited<ReturnType<typeof startLiveGame>>,
  joined: Extract<JoinReply, { ok: true }>,
): number {
  const { state } = game.honest.client;
  if (state.state !== "playing") throw new Error(state.state);
  const dot = state.match
    .picture()
    .moving(0)
    .find(({ id }) => id === joined.player);
  return dot?.row[1] ?? 0;
}
