/**
 * The announcer: tells a room's players, besides the frames, who is there, with which standing, what happened, and about
 * where in the world ships are. What concerns a player they hear at once; the rest is gathered, and told to everybody with
 * one bulletin a beat.
 *
 * In a crowd the beats are slow and bulletins short, so that they stay small beside the frames: everybody's standing is
 * news to everybody, which grows with the square of the players.
 */
import type { NewsItem, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { type RosterEntry, toStandingRow } from "@starwake/shared/engine/roster-row.ts";
import { Roster } from "./roster.ts";
import type { Session } from "./session.ts";

type Bulletin = NoticeBody<"bulletin">;

/** What an announcer needs of its room. */
export type Audience = {
  readonly tickRate: number;
  readonly sessions: ReadonlyMap<PlayerId, Session>;
  /** See GameDefinition.concernedBy. */
  readonly concernedBy: (item: NewsItem) => readonly PlayerId[];
  /** Everybody, pilots too, as they are now. */
  entries(): Iterable<RosterEntry>;
  entryOf(session: Session): RosterEntry;
  /** The whole world, coarsely, see GameDefinition.overview; undefined: nobody is told of that. */
  overview(): string | undefined;
};

/** Seconds between two beats, those over which a beat's bulletins go out, and what one may hold of what concerns others. */
const LIVELY = {
  beatSeconds: 1 / 4,
  deliverySeconds: 0,
  mostStandings: Number.POSITIVE_INFINITY,
  mostNews: Number.POSITIVE_INFINITY,
};
/** With 1,158 players, however they fight, some 250 bytes and 0.6 messages a second to each; all in one tick took 16 ms. */
const CROWDED = { beatSeconds: 2, deliverySeconds: 1, mostStandings: 16, mostNews: 4 };
/** Everybody is told of the whole world with the first beat after this. */
const OVERVIEW_SECONDS = 1;
/** More than so many players are a crowd. */
const CROWD = 100;

export class Announcer {
  private readonly audience: Audience;
  private readonly roster = new Roster();
  /** Since the last beat. */
  private news: NewsItem[] = [];
  private ticksSinceBeat = 0;
  private ticksSinceOverview = 0;
  /** Each player's bulletin of the last beat; undefined: there is none, or it went out. Kept, for a Map that is emptied is made anew. */
  private readonly outbox = new Map<PlayerId, Bulletin | undefined>();
  /** Whose bulletins are still to go out, and how many of them go with each tick. */
  private waiting: Iterator<PlayerId> = this.outbox.keys();
  private sharePerTick = 0;

  constructor(audience: Audience) {
    this.audience = audience;
  }

  /** Tells all of the roster to someone who knows nothing. */
  welcome(session: Session): void {
    this.roster.put(this.audience.entryOf(session));
    this.outbox.delete(session.player);
    session.notify("bulletin", this.roster.whole());
  }

  left(player: PlayerId): void {
    this.roster.remove(player);
    this.outbox.delete(player);
  }

  /** To be called after each step, with its news. */
  tell(news: readonly NewsItem[]): void {
    if (news.length > 0) {
      this.tellConcerned(news);
      this.news.push(...news);
    }
    this.ticksSinceBeat++;
    this.ticksSinceOverview++;
    const pace = this.roster.size > CROWD ? CROWDED : LIVELY;
    if (this.ticksSinceBeat >= this.audience.tickRate * pace.beatSeconds) this.beat(pace);
    this.deliver(this.sharePerTick);
  }

  private beat({ deliverySeconds, mostStandings, mostNews }: typeof LIVELY): void {
    this.ticksSinceBeat = 0;
    this.deliver(this.outbox.size);
    for (const entry of this.audience.entries()) this.roster.put(entry);
    const changes = this.roster.takeChanges(mostStandings);
    this.addOverview(changes);
    this.addressAll(changes, this.news.slice(-mostNews));
    this.news = [];
    this.waiting = this.outbox.keys();
    this.sharePerTick = Math.ceil(this.outbox.size / Math.max(1, deliverySeconds * this.audience.tickRate));
  }

  private addOverview(bulletin: Bulletin): void {
    if (this.ticksSinceOverview < this.audience.tickRate * OVERVIEW_SECONDS) return;
    this.ticksSinceOverview = 0;
    const overview = this.audience.overview();
    if (overview !== undefined) bulletin.overview = overview;
  }

  private tellConcerned(news: readonly NewsItem[]): void {
    const { sessions, concernedBy, entryOf } = this.audience;
    const concerned = new Set(news.flatMap((item) => [...concernedBy(item)]));
    for (const player of concerned) {
      const session = sessions.get(player);
      if (session === undefined) continue;
      // First what is older, lest it should overwrite what is newer.
      this.send(player);
      const own = news.filter((item) => concernedBy(item).includes(player));
      session.notify("bulletin", { news: own, standings: [toStandingRow(player, entryOf(session).standing)] });
    }
  }

  /** One body for all but those who have heard some of the news already. */
  private addressAll(changes: Bulletin, news: NewsItem[]): void {
    const { sessions, concernedBy } = this.audience;
    const bulletin = withNews(changes, news);
    const concerned = new Set(news.flatMap((item) => [...concernedBy(item)]));
    for (const player of sessions.keys()) {
      const unheard = () => news.filter((item) => !concernedBy(item).includes(player));
      this.outbox.set(player, concerned.has(player) ? withNews(changes, unheard()) : bulletin);
    }
  }

  private deliver(most: number): void {
    for (let left = most; left > 0; left--) {
      const { done, value: player } = this.waiting.next();
      if (done) return;
      this.send(player);
    }
  }

  private send(player: PlayerId): void {
    const bulletin = this.outbox.get(player);
    if (bulletin === undefined) return;
    this.outbox.set(player, undefined);
    this.audience.sessions.get(player)?.notify("bulletin", bulletin);
  }
}

/** @returns undefined where there is nothing to tell */
function withNews(changes: Bulletin, news: NewsItem[]): Bulletin | undefined {
  if (news.length > 0) return { ...changes, news };
  return Object.keys(changes).length > 0 ? changes : undefined;
}
