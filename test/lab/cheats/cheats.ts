/**
 * The cheats: what each of them says in place of the truth about the frames that it holds and the tick that it sees the
 * others at. All of them act on the newest frame at once, whatever they say.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Network } from "../scenario.ts";

/** The word of a command packet on time. */
export type Claim = {
  readonly ackTick: Tick;
  /** The tick that others are drawn at. */
  readonly lookTick: number;
};

export type Moment = {
  readonly nowMs: number;
  /** What the client's engine would say. */
  readonly honest: Claim;
  /** The tick of the packet's first command. */
  readonly tick: Tick;
  readonly isFiring: boolean;
  /** 0: the first link; further ones are spares. */
  readonly lane: number;
  /** Whole seconds since the seat was taken. */
  readonly seconds: number;
  /** The newest frame that had come some milliseconds ago. */
  frameBefore(ms: number): Tick;
};

export type Cheat = {
  readonly summary: string;
  readonly network: Network;
  readonly claim: (moment: Moment) => Claim;
  /** Ticks that are added to the stamp of every command. */
  readonly ahead?: number;
  /** Each packet tells of so many ticks, as one from a slow page does, and all of them are decided when it is sent. */
  readonly ticksPerPacket?: number;
  /** Whom it is held against; otherwise who says the truth over the same network. */
  readonly against?: Cheat;
  /** The connection is cut, and the seat taken again, each time that so many seconds have passed. */
  readonly cutSeconds?: number;
  /** Each packet is sent twice. */
  readonly isDoubled?: true;
  /** One more command, for a tick so far ahead of its own, goes out each time that so many ticks have passed. */
  readonly leap?: { readonly ahead: number; readonly everyTicks: number };
};

const NEAR: Network = { rttMs: 50, jitterMs: 0, loss: 0 };
const MOST_AGE = 63;
const honest = ({ honest: claim }: Moment): Claim => claim;
const oldest = ({ honest: { ackTick } }: Moment): Claim => ({ ackTick, lookTick: ackTick - MOST_AGE });
/** So many ticks before the command's. */
const behind =
  (lag: number) =>
  ({ honest: { ackTick }, tick }: Moment): Claim => ({ ackTick, lookTick: tick - lag });
/** As an honest one who hears of every frame so much later. */
const answering = (moment: Moment, lateMs: number): Claim => {
  const { honest: said } = moment;
  const ackTick = moment.frameBefore(lateMs);
  return { ackTick, lookTick: ackTick - (said.ackTick - said.lookTick) };
};

const HONEST_PACKED: Cheat = {
  summary: "sends three ticks at once, as a page with 20 pictures a second does, and says what its engine says",
  network: NEAR,
  claim: honest,
  ticksPerPacket: 3,
};

export const CHEATS: Readonly<Record<string, Cheat>> = {
  honest: { summary: "says what its engine says", network: NEAR, claim: honest },
  oldest: { summary: "claims the oldest look that a packet can say", network: NEAR, claim: oldest },
  quarter: { summary: "claims a look of 15 ticks", network: NEAR, claim: behind(15) },
  firing: {
    summary: "claims 15 ticks when it fires only",
    network: NEAR,
    claim: (moment) => (moment.isFiring ? behind(15)(moment) : moment.honest),
  },
  turns: {
    summary: "claims 15 ticks in every other packet, none in the others",
    network: NEAR,
    claim: (moment) => behind(moment.tick % 2 === 0 ? 15 : 2)(moment),
  },
  leading: {
    summary: "claims to see the newest frame",
    network: NEAR,
    claim: ({ honest: { ackTick } }) => ({ ackTick, lookTick: ackTick }),
  },
  ahead: {
    summary: "stamps commands 40 ticks ahead, and claims 15 ticks",
    network: NEAR,
    claim: behind(15),
    ahead: 40,
  },
  "late-stamps": {
    summary: "stamps commands a tick later than its clock, and claims 15 ticks",
    network: NEAR,
    claim: behind(15),
    ahead: -1,
  },
  "old-ack": {
    summary: "acknowledges every frame 200 ms late, with an honest look age",
    network: NEAR,
    claim: (moment) => answering(moment, 200),
  },
  "old-ack-at-times": {
    summary: "acknowledges 200 ms late for half a second of every two",
    network: NEAR,
    claim: (moment) => (moment.nowMs % 2000 < 500 ? answering(moment, 200) : behind(15)(moment)),
  },
  "ten-seconds": {
    summary: "acknowledges 200 ms late for ten seconds, then at once, with a look of 15 ticks throughout",
    network: NEAR,
    claim: (moment) => (moment.seconds % 20 < 10 ? answering(moment, 200) : behind(15)(moment)),
  },
  jittered: {
    summary: "acknowledges each frame 0 to 100 ms late, and claims 15 ticks",
    network: NEAR,
    claim: (moment) => ({
      ackTick: moment.frameBefore((moment.tick * 37) % 100),
      lookTick: moment.tick - 15,
    }),
  },
  stalls: {
    summary: "acknowledges nothing for 100 ms of each second, as if a loss had held it up, and claims 15 ticks",
    network: NEAR,
    claim: (moment) => ({
      ackTick: moment.frameBefore(moment.nowMs % 1000 < 100 ? moment.nowMs % 1000 : 0),
      lookTick: moment.tick - 15,
    }),
  },
  lanes: {
    summary: "at 130 ms: the first link says 15 ticks, its spares the truth",
    network: { rttMs: 130, jitterMs: 0, loss: 0 },
    claim: (moment) => (moment.lane === 0 ? behind(15)(moment) : moment.honest),
  },
  "honest-packed": HONEST_PACKED,
  packed: {
    summary: "sends three ticks at once and claims 15 ticks: held against who sends so and says the truth",
    network: NEAR,
    claim: behind(15),
    ticksPerPacket: 3,
    against: HONEST_PACKED,
  },
  delayed: {
    summary: "delays all of its traffic by 200 ms, and claims 15 ticks",
    network: { rttMs: 250, jitterMs: 0, loss: 0 },
    claim: behind(15),
  },
  leaps: {
    summary:
      "says the truth, and once in two seconds sends a command for 40 ticks later, whose view is that old by then",
    network: NEAR,
    claim: honest,
    leap: { ahead: 40, everyTicks: 120 },
  },
  doubled: {
    summary: "sends each packet twice, and claims 15 ticks",
    network: NEAR,
    claim: behind(15),
    isDoubled: true,
  },
  resets: {
    summary: "claims 15 ticks, and takes its seat again every 5 s",
    network: NEAR,
    claim: behind(15),
    cutSeconds: 5,
  },
};

/** What a cheat is held against. */
export function honestLike({ network, against }: Cheat): Cheat {
  return against ?? { ...CHEATS.honest, network };
}
