/**
 * The honest: bots on the page's own client engine, each from an address of its own, who play all the while; and newcomers,
 * who look in now and then to see whether they are let in.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Match } from "@starwake/client/engine/match.ts";
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { Bot } from "../bots/bot.ts";
import type { HonestFigures, NewcomerFigures } from "./figures.ts";

/** As often as a page is drawn. At 6 ms, twenty bots took more of the core that they share with the server than it did. */
const UPDATE_INTERVAL_MS = 16;
const JOIN_SPACING_MS = 50;
/** Ends what hangs. */
const JOIN_TIMEOUT_MS = 240_000;
const NEWCOMER_STAY_MS = 1_000;

type Player = { readonly bot: Bot; begun: Beginning | undefined };

/** Until a newcomer saw a frame, and which states it was in till then, or why it had to wait. */
type Visit = { readonly ms: number; readonly heard: string };

/** Where a bot stood when the watch began. */
type Beginning = {
  readonly match: Match;
  readonly atMs: number;
  readonly tick: number;
  readonly frames: number;
  readonly losses: number;
  readonly onTime: number;
  readonly missing: number;
};

export class Honest {
  private readonly url: string;
  private readonly seed: number;
  private readonly players: Player[] = [];
  private readonly guests = new Set<Bot>();
  private readonly updating: NodeJS.Timeout;
  private readonly visits: Visit[] = [];
  private readonly problems: string[] = [];
  private newcomers = 0;

  constructor(url: string, seed: number) {
    this.url = url;
    this.seed = seed;
    this.updating = setInterval(() => {
      for (const { bot } of this.players) bot.update();
      for (const bot of this.guests) bot.update();
    }, UPDATE_INTERVAL_MS);
  }

  /** Resolves when all play. @throws when one cannot */
  async join(rooms: readonly RoomWish[]): Promise<void> {
    for (const [index, room] of rooms.entries()) {
      this.players.push({ bot: this.open(`Honest ${index + 1}`, room, `127.1.0.${1 + index}`), begun: undefined });
      await pause(JOIN_SPACING_MS);
    }
    const deadline = performance.now() + JOIN_TIMEOUT_MS;
    while (!this.players.every(({ bot }) => (bot.match?.counts.frames ?? 0) > 0)) {
      const refused = this.players.find(({ bot }) => bot.client.state.state === "refused");
      const state = refused?.bot.client.state;
      if (state?.state === "refused") throw new Error(`an honest bot was refused before any attack: ${state.reason}`);
      if (performance.now() > deadline) throw new Error("the honest bots did not come in, before any attack");
      await pause(50);
    }
  }

  /** From now on it counts what becomes of them. */
  begin(): void {
    for (const player of this.players) {
      const { bot } = player;
      const { match } = bot;
      const { onTime = 0, missing = 0 } = bot.client.commandCounts ?? {};
      player.begun = match && {
        ...{ match, atMs: performance.now(), tick: tickOf(match), frames: match.counts.frames },
        ...{ losses: bot.client.losses, onTime, missing },
      };
    }
  }

  get count(): number {
    return this.players.length;
  }

  get playing(): number {
    return this.players.filter(({ bot }) => bot.match !== undefined).length;
  }

  /** Connections that they have open, or wish to. */
  get links(): number {
    const bots = [...this.players.map(({ bot }) => bot), ...this.guests];
    return bots.reduce((sum, { links }) => sum + links.size, 0);
  }

  figures(): Omit<HonestFigures, "playingAfterwards"> {
    const begun = this.players.flatMap(({ bot, begun }) => {
      // Of who has a new seat since, the server counts anew.
      const { onTime = 0, missing = 0 } = bot.client.commandCounts ?? {};
      return begun === undefined ? [] : [{ bot, begun, commands: { onTime, missing } }];
    });
    const still = begun.filter(({ bot, begun: { match } }) => bot.match === match);
    const sum = (pick: (one: (typeof begun)[number]) => number) => begun.reduce((all, one) => all + pick(one), 0);
    const nowMs = performance.now();
    const rates = still.map(({ begun: { match, atMs, tick, frames } }) => {
      const seconds = (nowMs - atMs) / 1000;
      return { ticks: (tickOf(match) - tick) / seconds, frames: (match.counts.frames - frames) / seconds };
    });
    return {
      asked: this.players.length,
      joined: begun.length,
      stillPlaying: still.length,
      losses: sum(({ bot, begun: { losses } }) => bot.client.losses - losses),
      malformedFrames: sum(({ begun: { match } }) => match.counts.malformedFrames),
      framesPerSecond: rates.reduce((all, { frames }) => all + frames, 0) / Math.max(1, rates.length),
      commandsOnTime: sum(({ commands, begun: { onTime } }) => Math.max(0, commands.onTime - onTime)),
      commandsMissing: sum(({ commands, begun: { missing } }) => Math.max(0, commands.missing - missing)),
      tickHz: rates.length === 0 ? 0 : Math.min(...rates.map(({ ticks }) => ticks)),
    };
  }

  /**
   * One more comes, from an address that nobody used, and goes as soon as they have seen that they are in.
   * @param patienceMs who has seen nothing by then is not let in
   */
  async newcomer(room: RoomWish, patienceMs: number): Promise<void> {
    const number = ++this.newcomers;
    const bot = this.open(`New ${number}`, room, `127.9.${number >> 7}.${1 + (number & 127)}`);
    this.guests.add(bot);
    const startMs = performance.now();
    const hasSeen = () => (bot.match?.counts.frames ?? 0) > 0;
    const heard = new Map<string, string>();
    while (!hasSeen() && performance.now() - startMs < patienceMs) {
      await pause(10);
      const word = bot.refusal ?? bot.client.state.state;
      if (!heard.has(word)) heard.set(word, `${word} from ${(performance.now() - startMs).toFixed(0)} ms on`);
    }
    if (hasSeen()) this.visits.push({ ms: performance.now() - startMs, heard: [...heard.values()].join(", ") });
    else this.problems.push(wordOn(bot));
    await pause(NEWCOMER_STAY_MS);
    this.guests.delete(bot);
    bot.client.leave();
  }

  get newcomerFigures(): NewcomerFigures {
    const { visits, problems } = this;
    const slowest = visits.toSorted((one, other) => other.ms - one.ms).at(0);
    const tried = visits.length + problems.length;
    return { tried, seen: visits.length, slowestMs: slowest?.ms ?? 0, slowestHeard: slowest?.heard ?? "", problems };
  }

  leave(): void {
    clearInterval(this.updating);
    for (const { bot } of this.players) bot.client.leave();
    for (const bot of this.guests) bot.client.leave();
  }

  private open(name: string, room: RoomWish, localAddress: string): Bot {
    const seed = this.seed * 10_007 + this.players.length + this.newcomers;
    return new Bot({ url: this.url, name, room, seed, localAddress });
  }
}

function tickOf({ snapshot, joined }: Match): number {
  return snapshot?.head.tick ?? joined.tick;
}

function wordOn({ client: { state } }: Bot): string {
  return state.state === "refused" ? state.reason : `still ${state.state}`;
}
