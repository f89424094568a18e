/**
 * The announcer: tells a room's players, besides the frames, who is there, with which standing, and what happened. What
 * concerns a player they hear at once; the rest is gathered, and told to everybody with one bulletin a beat.
 *
 * In a crowd the beats are slow and bulletins short, so that they stay small beside the frames: everybody's standing is
 * news to everybody, which grows with the square of the players.
 */
import type { NewsItem, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { type RosterEntry, toStandingRow } from "@starwake/shared/engine/roster-row.ts";
import { Roster } from "./roster.ts";
import type { Session } from "./session.ts";

/** The players whom an item of news concerns: they hear it at once, and in any case. */
export type ConcernedBy = (item: NewsItem) => readonly PlayerId[];

type Bulletin = NoticeBody<"bulletin">;

/** What an announcer needs of its room. */
export type Audience = {
  readonly tickRate: number;
  readonly sessions: ReadonlyMap<PlayerId, Session>;
  readonly concernedBy: ConcernedBy;
  /** Everybody, pilots too, as they are now. */
  entries(): Iterable<RosterEntry>;
  entryOf(session: Session): RosterEntry;
};

/** Seconds between two beats, and what one bulletin may hold of what concerns others. */
const LIVELY = { beatSeconds: 1 / 4, mostStandings: Number.POSITIVE_INFINITY, mostNews: Number.POSITIVE_INFINITY };
/** With 1,158 players, however they fight, some 250 bytes and 0.6 messages a second to each. */
const CROWDED = { beatSeconds: 2, mostStandings: 16, mostNews: 4 };
/** More than so many players are a crowd. */
const CROWD = 100;

export class Announcer {
  private readonly audience: Audience;
  private readonly roster = new Roster();
  /** Since the last beat. */
  private news: NewsItem[] = [];
  private ticksSinceBeat = 0;

  constructor(audience: Audience) {
    this.audience = audience;
  }

  /** Tells all of the roster to someone who knows nothing. */
  welcome(session: Session): void {
    this.roster.put(this.audience.entryOf(session));
    session.notify("bulletin", this.roster.whole());
  }

  left(player: PlayerId): void {
    this.roster.remove(player);
  }

  /** To be called after each step, with its news. */
  tell(news: readonly NewsItem[]): void {
    if (news.length > 0) {
      this.tellConcerned(news);
      this.news.push(...news);
    }
    this.ticksSinceBeat++;
    const { beatSeconds, mostStandings, mostNews } = this.roster.size > CROWD ? CROWDED : LIVELY;
    if (this.ticksSinceBeat < this.audience.tickRate * beatSeconds) return;
    this.ticksSinceBeat = 0;
    for (const entry of this.audience.entries()) this.roster.put(entry);
    this.tellAll(this.roster.takeChanges(mostStandings), this.news.slice(-mostNews));
    this.news = [];
  }

  private tellConcerned(news: readonly NewsItem[]): void {
    const { sessions, concernedBy, entryOf } = this.audience;
    const concerned = new Set(news.flatMap((item) => [...concernedBy(item)]));
    for (const player of concerned) {
      const session = sessions.get(player);
      if (session === undefined) continue;
      const own = news.filter((item) => concernedBy(item).includes(player));
      session.notify("bulletin", { news: own, standings: [toStandingRow(player, entryOf(session).standing)] });
    }
  }

  /** One body for all but those who have heard some of the news already. */
  private tellAll(changes: Bulletin, news: NewsItem[]): void {
    const { sessions, concernedBy } = this.audience;
    const bulletin = withNews(changes, news);
    const concerned = new Set(news.flatMap((item) => [...concernedBy(item)]));
    for (const session of sessions.values()) {
      const { player } = session;
      if (!concerned.has(player)) notifyOf(session, bulletin);
      else
        notifyOf(
          session,
          withNews(
            changes,
            news.filter((item) => !concernedBy(item).includes(player)),
          ),
        );
    }
  }
}

function withNews(changes: Bulletin, news: NewsItem[]): Bulletin {
  return news.length > 0 ? { ...changes, news } : changes;
}

/** What holds nothing is not sent. */
function notifyOf(session: Session, bulletin: Bulletin): void {
  if (Object.keys(bulletin).length > 0) session.notify("bulletin", bulletin);
}
