/**
 * Lines of the roster on the wire: `[player, name, marks, …standing]`, and `[player, …standing]` where the standing alone
 * is news. The names of a standing's numbers are told once, with the whole roster.
 */
import type { PlayerId, Standing } from "./game-definition.ts";
import type { NoticeBody } from "./protocol.ts";

/** What the roster says of a player. */
export type RosterEntry = {
  readonly player: PlayerId;
  readonly name: string;
  readonly isPilot: boolean;
  /** The connection is lost, and the seat is held. */
  readonly isAway: boolean;
  readonly standing: Standing;
};

export type RosterRow = NonNullable<NoticeBody<"bulletin">["changed"]>[number];

const Mark = { Pilot: 1, Away: 2 } as const;

export function toRosterRow({ player, name, isPilot, isAway, standing }: RosterEntry): RosterRow {
  return [player, name, (isPilot ? Mark.Pilot : 0) | (isAway ? Mark.Away : 0), ...Object.values(standing)];
}

export function fromRosterRow([player, name, marks, ...numbers]: RosterRow, names: readonly string[]): RosterEntry {
  const isPilot = (marks & Mark.Pilot) !== 0;
  const isAway = (marks & Mark.Away) !== 0;
  return { player, name, isPilot, isAway, standing: toStanding(numbers, names) };
}

export function toStandingRow(player: PlayerId, standing: Standing): number[] {
  return [player, ...Object.values(standing)];
}

export function toStanding(numbers: readonly number[], names: readonly string[]): Standing {
  return Object.fromEntries(names.map((name, index) => [name, numbers[index] ?? 0]));
}
