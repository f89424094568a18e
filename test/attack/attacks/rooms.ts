/** Rooms, seats and player numbers: there is an end to each, and nobody may come to it alone. */
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { type Command, NEUTRAL_COMMAND, thrustTowards } from "@starwake/shared/game/command.ts";
import type { Attack } from "../attack.ts";
import { commandPacket } from "../command-bytes.ts";
import { type Field, Stage } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import { frame, JOIN_NUMBER, joinText, LEAVE, Opcode, text } from "../wire-bytes.ts";

const NEW_ROOM = joinText({ kind: "new" });
const QUICK = joinText({ kind: "quick" });
const FRIENDS_ROOM = "FRIENDS";
const LEAVE_NUMBER = 9_001;
const HOLD_MS = 3_600_000;
/** Before it asks again for what it was refused. */
const AGAIN_MS = 500;
const COMMAND_MS = 50;
const TICKS_A_COMMAND = 3;
const VISITORS = 22;
const CROWD = 5_000;
const CROWD_OF_ADDRESS = 64;
/** Between two commands of a crowd, so that one core can fly them all. */
const CROWD_MS = 400;
const QUESTION_MS = 105;
const SLEEPERS = 1_500;
/** The part of the attack until they wake. */
const SLEPT = 0.4;
const TICKS_A_SECOND = 60;
const AWAKE_MS = 50;
const HEARTBEAT = "3";
const HEARTBEAT_MS = 3_000;

export const ROOMS: readonly Attack[] = [
  {
    name: "private-rooms-held",
    does: "private rooms by the hundred, each with a player who stays",
    run: (field) => field.lanes(400, (lane) => field.connection(lane, (peer) => hold(field, peer, NEW_ROOM))),
  },
  {
    name: "private-rooms-left",
    does: "private rooms by the hundred, each opened and its socket cut at once",
    run: (field) =>
      field.lanes(field.atLeast(20), (lane) => field.connection(lane, (peer) => visit(field, peer, NEW_ROOM))),
  },
  {
    name: "cut-joins",
    does: "joins into a friend's room, their sockets cut at once",
    room: FRIENDS_ROOM,
    run: (field) =>
      field.lanes(field.atLeast(20), (lane) =>
        field.connection(lane, (peer) => visit(field, peer, joinText({ kind: "code", code: FRIENDS_ROOM }))),
      ),
  },
  {
    name: "cut-quick-joins",
    does: "quick play, the socket cut at once",
    run: (field) =>
      field.lanes(field.atLeast(20), (lane) => field.connection(lane, (peer) => visit(field, peer, QUICK))),
  },
  {
    name: "join-churn",
    does: "join and leave, as fast as it is answered, to use up the player numbers",
    opensPerSecond: 100,
    run: (field) =>
      field.lanes(field.atLeast(VISITORS), (lane) => field.connection(lane, (peer) => churn(field, peer))),
  },
  {
    name: "silent-seats",
    does: "seats that are taken and never send a command",
    run: (field) => field.lanes(200, (lane) => field.connection(lane, (peer) => hold(field, peer, QUICK))),
  },
  {
    name: "flown-seats",
    does: "seats that are taken and send commands, as players would",
    run: (field) => field.lanes(200, (lane) => field.connection(lane, (peer) => fly(field, peer))),
  },
  {
    name: "crowded-seats",
    does: "as many seats as each address gets, flown as players would, five thousand at most",
    opensPerSecond: 150,
    run: (field) => field.lanes(crowdOf(field), (lane) => field.connection(lane, (peer) => fly(field, peer, CROWD_MS))),
  },
  {
    name: "sleeping-seats",
    does: "seats by the thousand that sit silent, until all of them fly and fire at once",
    opensPerSecond: 100,
    run: (field) =>
      field.lanes(Math.min(SLEEPERS, crowdOf(field)), (lane) => field.connection(lane, (peer) => sleep(field, peer))),
  },
  {
    name: "brisk-questions",
    does: "seats by the thousand, each with as many questions as a seat may ask in the long run",
    opensPerSecond: 150,
    run: (field) =>
      field.lanes(field.atLeast(1_500), (lane) => field.connection(lane, (peer) => question(field, peer))),
  },
  {
    name: "forged-addresses",
    does: "joins that claim, by X-Forwarded-For, to come from everywhere",
    run: (field) => {
      const random = createRandom(field.options.seed, 1);
      const claim = () => Array.from({ length: 4 }, () => nextBelow(random, 256)).join(".");
      return field.lanes(300, (lane) =>
        field.connection(lane, (peer) =>
          visitAs(field, peer, [`X-Forwarded-For: ${claim()}`, `Forwarded: for=${claim()}`]),
        ),
      );
    },
  },
];

/** Asks until it is let in, and stays. */
async function hold(field: Field, peer: RawPeer, request: string): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  while (peer.isOpen && field.goesOn() && !(await field.join(peer, request))) await field.pause(AGAIN_MS);
  await peer.gone(HOLD_MS, field.goesOn);
}

/** Cut as soon as the answer is there. */
async function visit(field: Field, peer: RawPeer, request: string, headers: readonly string[] = []): Promise<void> {
  if (await field.bring(peer, Stage.Greeted, true, headers)) await field.reply(peer, request, JOIN_NUMBER);
}

async function visitAs(field: Field, peer: RawPeer, headers: readonly string[]): Promise<void> {
  await visit(field, peer, QUICK, headers);
  await peer.gone(AGAIN_MS, field.goesOn);
}

async function churn(field: Field, peer: RawPeer): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  while (peer.isOpen && field.goesOn()) {
    if (await field.join(peer, QUICK)) await field.reply(peer, LEAVE, LEAVE_NUMBER);
    else await field.pause(AGAIN_MS / 5);
  }
}

async function fly(field: Field, peer: RawPeer, commandMs = COMMAND_MS): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  const first = await sitDown(field, peer);
  const step = (commandMs / COMMAND_MS) * TICKS_A_COMMAND;
  for (let ticks = TICKS_A_COMMAND; peer.isOpen && field.goesOn(); ticks += step) {
    peer.write(frame(Opcode.Binary, commandPacket(first + ticks, anyCommand(field))));
    await field.pause(commandMs);
  }
}

/** Takes a seat, does what keeps it for the first part of the attack, and then flies. */
async function sleep(field: Field, peer: RawPeer): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  const first = await sitDown(field, peer);
  const beganMs = performance.now();
  const command = () => {
    const tick = first + TICKS_A_COMMAND + Math.round(((performance.now() - beganMs) * TICKS_A_SECOND) / 1000);
    peer.write(frame(Opcode.Binary, commandPacket(tick, anyCommand(field))));
  };
  command();
  while (peer.isOpen && field.goesOn() && field.passed < SLEPT) {
    peer.write(text(HEARTBEAT));
    await field.pause(HEARTBEAT_MS);
  }
  for (; peer.isOpen && field.goesOn(); await field.pause(AWAKE_MS)) command();
}

/** Whoever flies and fires costs the most. */
function anyCommand({ random }: Field): Command {
  const aim = nextBelow(random, TURN);
  return { thrust: thrustTowards(aim), boost: nextBelow(random, 2), triggers: 1, aim };
}

/** One command, so that it may stay, and then one ping after the other. */
async function question(field: Field, peer: RawPeer): Promise<void> {
  if (!(await field.bring(peer, Stage.Greeted))) return;
  const first = await sitDown(field, peer);
  peer.write(frame(Opcode.Binary, commandPacket(first + TICKS_A_COMMAND, NEUTRAL_COMMAND)));
  for (let asked = 0; peer.isOpen && field.goesOn(); asked++) {
    peer.write(text(`4${JSON.stringify([2, ["ping", {}], asked])}`));
    await field.pause(QUESTION_MS);
  }
}

/** @returns the tick at which it sat down, or 0: it did not */
async function sitDown(field: Field, peer: RawPeer): Promise<number> {
  const reply = await field.reply(peer, QUICK, JOIN_NUMBER);
  return Number(/"tick":(\d+)/.exec(reply ?? "")?.[1] ?? 0);
}

function crowdOf({ options }: Field): number {
  return Math.min(CROWD, CROWD_OF_ADDRESS * options.addresses.length);
}
