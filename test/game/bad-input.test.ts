/**
 * Bad input, each against Starwake as a host runs it: it is dropped or refused with a reason and counted, the room
 * keeps its tick, and the honest player who sits in the same room all the while does not notice.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askRaw } from "../support/live-game.ts";
import {
  counted,
  type HonestPlayer,
  type LiveServer,
  openRawGreeted,
  openRawSeated,
  packetOf,
  seatHonestPlayer,
  startLiveServer,
} from "../support/live-server.ts";
import { closed, next, nextMessage, openClient, openRaw } from "../support/live-transport.ts";

const TICK_RATE = 60;
const ROOM = ["--seed", "7", "--capacity", "64", "--pilots", "4", "--tick-rate", `${TICK_RATE}`];
const QUICK = { kind: "quick" };
const PATIENCE = { interval: 10, timeout: 10_000 };
const BOOST = { thrust: 1, boost: 1, triggers: 1, aim: 100 };
const SIXTEEN = Array.from({ length: 16 }, () => BOOST);
const JOIN = '"name":"x","room":{"kind":"quick"}';
const request = (name: string, body: string, id = "7") => `4[2,["${name}",${body}],${id}]`;
const refusalsFor = (reason: string) => `starwake_refusals_total{reason="${reason}"}`;
const commandsThatWere = (outcome: string) => `starwake_commands_total{outcome="${outcome}"}`;

let live: LiveServer;
let honest: HonestPlayer;

beforeAll(async () => {
  live = await startLiveServer(ROOM);
  honest = await seatHonestPlayer(live);
}, 30_000);

afterEach(async () => {
  await honest.expectToPlayOn();
  // All that was done was done to the room that the honest player is in.
  expect(await counted(live, "starwake_rooms")).toBe(1);
});

afterAll(async () => {
  honest.leave();
  expect(await live.stop()).toBe(0);
});

describe("dropped and counted, and its sender may stay:", () => {
  test.for([
    ["a command of the wrong type, which is text", "unknown-event", request("command", '{"thrust":"full"}')],
    ["a message of the wrong type, a number where a name goes", "malformed", request("join", '{"name":7,"room":{}}')],
    ["a message of the wrong type, text where a body goes", "malformed", request("ping", '"text"')],
    ["a message cut short", "malformed", request("ping", "{}").slice(0, -3)],
    ["NaN", "malformed", request("join", `{${JOIN},"token":NaN}`)],
    ["10^999 as a value", "malformed", request("join", `{${JOIN},"token":1e999}`)],
    ["10^999 as the number of an answer", "malformed", request("ping", "{}", "1e999")],
    ["lists nested 5,000 deep", "malformed", request("join", `${"[".repeat(5_000)}${"]".repeat(5_000)}`)],
    ["objects nested 2,000 deep", "malformed", request("join", `${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`)],
    ["an unknown event", "unknown-event", request("teleport", '{"x":1,"y":1}')],
    ["a name of 10,000 characters", "malformed", request("join", `{"name":"${"x".repeat(10_000)}","room":{}}`)],
    ["a frame, which only servers send", "malformed", Uint8Array.from([1, 2, 3])],
    ["a packet with a byte too many", "malformed", Uint8Array.from([...packetOf({}), 0])],
  ] as const)("%s", async ([, reason, message]) => {
    const { socket } = await openRawSeated(live);
    const before = await counted(live, refusalsFor(reason));
    socket.send(message);
    expect(await askRaw(socket, 9, "ping", {})).toMatchObject({ onTime: 0, late: 0, refused: 0 });
    expect(await counted(live, refusalsFor(reason))).toBe(before + 1);
  });

  test("a packet cut short, wherever it is cut", async () => {
    const { socket, joined } = await openRawSeated(live);
    const before = await counted(live, refusalsFor("malformed"));
    const packet = packetOf({ ackTick: joined.tick, firstTick: joined.tick + 20, commands: [BOOST, BOOST] });
    for (let length = 0; length < packet.length; length++) socket.send(packet.slice(0, length));
    expect(await askRaw(socket, 9, "ping", {})).toMatchObject({ onTime: 0, late: 0, refused: 0 });
    expect(await counted(live, refusalsFor("malformed"))).toBe(before + packet.length);
  });
});

describe("a name is refused with a reason, and counted:", () => {
  test.for([
    ["with a control character", "a\u0007b"],
    ["with a zero", "a\u0000b"],
    ["with a line break", "a\nb"],
    ["with a character that turns the text around it", "\u202egnp.exe"],
    ["with a mark that turns the text after it", "a\u200fb"],
    ["with an isolate", "a\u2067b\u2069"],
    ["with HTML", "<img src=x onerror=alert(1)>"],
    ["with a tag short enough for a name", "<b>x</b>"],
    ["with an HTML entity", "&lt;b&gt;"],
    ["longer than is shown", "x".repeat(17)],
  ])("%s", async ([, name]) => {
    const socket = await openRawGreeted(live);
    const before = await counted(live, refusalsFor("name-refused"));
    expect(await askRaw(socket, 1, "join", { name, room: QUICK })).toEqual({ ok: false, reason: "name-refused" });
    expect(await counted(live, refusalsFor("name-refused"))).toBe(before + 1);
    expect(await askRaw(socket, 2, "join", { name: "Ada", room: QUICK })).toMatchObject({ ok: true });
  });
});

describe("not let in, told why, and counted:", () => {
  test("a client of another version", async () => {
    const socket = await openRaw(live);
    const before = await counted(live, refusalsFor("version-mismatch"));
    const told = nextMessage(socket, (text) => text.startsWith("4[4,"));
    socket.send('4[0,{"protocol":"0123456789ab"},null]');
    expect(await told).toContain("version-mismatch");
    expect(await counted(live, refusalsFor("version-mismatch"))).toBe(before + 1);
  });

  test("a page of an origin that is not allowed", async () => {
    const before = await counted(live, refusalsFor("origin-not-allowed"));
    const client = openClient(live, { extraHeaders: { origin: "https://elsewhere.example" } });
    await next(client, "connect_error");
    expect(await counted(live, refusalsFor("origin-not-allowed"))).toBe(before + 1);
  });
});

describe("commands", () => {
  test.for([
    ["long past", -10_000, "late"],
    ["just past", -20, "late"],
    ["two seconds ahead", 2 * TICK_RATE, "refused"],
    ["far ahead", 10_000, "refused"],
  ] as const)("for ticks %s are dropped and counted, and their player is told how many", async ([, ahead, outcome]) => {
    const { socket, joined } = await openRawSeated(live);
    const before = await counted(live, commandsThatWere(outcome));
    socket.send(packetOf({ firstTick: joined.tick + ahead, commands: SIXTEEN }));
    expect(await askRaw(socket, 9, "ping", {})).toMatchObject({ onTime: 0, [outcome]: SIXTEEN.length });
    expect(await counted(live, commandsThatWere(outcome))).toBeGreaterThanOrEqual(before + SIXTEEN.length);
  });

  test("at a hundred times their rate are dropped and counted, and who goes on is told and sent away", async () => {
    const { socket, joined } = await openRawSeated(live);
    const before = await counted(live, refusalsFor("flooding"));
    const [told, gone] = [nextMessage(socket, (text) => text.includes("farewell")), closed(socket)];
    for (let sent = 0; sent < 100 * TICK_RATE; sent++)
      socket.send(packetOf({ firstTick: joined.tick + 5 + (sent % 40), commands: [BOOST] }));
    expect(await told).toContain("flooding");
    await gone;
    expect(await counted(live, refusalsFor("flooding"))).toBeGreaterThan(before + 1_500);
  });

  test("of somebody who has no seat are dropped and counted", async () => {
    const socket = await openRawGreeted(live);
    const before = await counted(live, refusalsFor("not-joined"));
    socket.send(packetOf({ commands: [BOOST] }));
    await expect.poll(() => counted(live, refusalsFor("not-joined")), PATIENCE).toBe(before + 1);
  });
});

test("a message that is too large ends its own connection, and is counted", async () => {
  const { socket } = await openRawSeated(live);
  const before = await counted(live, refusalsFor("oversized"));
  const gone = closed(socket);
  socket.send(request("join", `{"name":"${"x".repeat(20_000)}"}`));
  await gone;
  expect(await counted(live, refusalsFor("oversized"))).toBe(before + 1);
});
