/**
 * What limits hold for sockets and connections, in all and for each address group. A socket is any TCP socket; a connection
 * is one that was upgraded to a WebSocket; an unseated one neither sits in a room nor carries copies for a seat.
 */
import { AskingRate } from "./asking-rate.ts";
import type { Clock } from "./clock.ts";
import { FairLimit } from "./fair-limit.ts";

/** Infinity lifts a limit. */
export type ConnectionLimits = {
  readonly maxSockets: number;
  readonly maxSocketsPerAddress: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly maxUnseatedPerAddress: number;
  /** New connections a second, in all and for each group. */
  readonly maxConnects: number;
  readonly maxConnectsPerAddress: number;
};

/** Of all connections, this part may be without a seat: the others stay free for players. */
const UNSEATED_SHARE = 1 / 2;
/** So many connections that are refused are let in all the same, for as long as it takes to tell them why. */
const MOST_TURNED_AWAY = { inAll: 64, ofGroup: 8 } as const;
/** New connections may come at once for as many seconds' worth: after a restart all behind an address come back. */
const CONNECT_BURST_SECONDS = 5;
/** Of all together fewer: one takes up to a millisecond, and the rooms' ticks wait for those that come at once. */
const ALL_CONNECTS_BURST_SECONDS = 2;

/**
 * Questions are texts, and most of them are answered: a ping takes some 30 microseconds, mostly the kernel's, and what three
 * libraries read takes 50. What a connection asks beyond its own allowance (question-allowance.ts), which no client of
 * ours does, is limited by these. All together may have a fiftieth of the process's time for it, and no more at once than ticks can
 * wait for.
 */
const QUESTIONS_PER_SECOND = { ofConnection: 2, inAll: 500 } as const;
const QUESTION_BURST_SECONDS = { ofGroup: 20, inAll: 2 } as const;

/** Who is counted. `Member` is whatever stands for a connection and can be sent away. */
export type ConnectionCounts<Member> = {
  readonly connections: FairLimit<Member>;
  readonly unseated: FairLimit<Member>;
  readonly turnedAway: FairLimit<Member>;
  readonly connects: AskingRate;
  readonly questions: AskingRate;
};

export function createConnectionCounts<Member>(limits: ConnectionLimits, clock: Clock): ConnectionCounts<Member> {
  const { maxConnections, maxConnectionsPerAddress, maxUnseatedPerAddress } = limits;
  return {
    connections: new FairLimit(maxConnections, maxConnectionsPerAddress),
    unseated: new FairLimit(Math.ceil(maxConnections * UNSEATED_SHARE), maxUnseatedPerAddress),
    turnedAway: new FairLimit(MOST_TURNED_AWAY.inAll, MOST_TURNED_AWAY.ofGroup),
    connects: new AskingRate(
      {
        perSecond: { ofGroup: limits.maxConnectsPerAddress, inAll: limits.maxConnects },
        burstSeconds: { ofGroup: CONNECT_BURST_SECONDS, inAll: ALL_CONNECTS_BURST_SECONDS },
      },
      clock.now(),
    ),
    questions: new AskingRate(
      {
        perSecond: {
          ofGroup: maxConnectionsPerAddress * QUESTIONS_PER_SECOND.ofConnection,
          inAll: QUESTIONS_PER_SECOND.inAll,
        },
        burstSeconds: QUESTION_BURST_SECONDS,
      },
      clock.now(),
    ),
  };
}
