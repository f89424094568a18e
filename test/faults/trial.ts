/**
 * The trial: functions of a running server throw, one after the other, while people play in three rooms and visitors come
 * and go. Whatever throws may cost one connection, or one room; the others, and the process, must not notice.
 */
import { Bot } from "../bots/bot.ts";
import type { Site } from "./fault-hooks.ts";
import { FaultyServer, PEER_TIMEOUT_SECONDS } from "./faulty-server.ts";
import { startVisiting, type Visiting } from "./visitors.ts";

export type TrialOptions = {
  /** Only functions that Node or a library calls: listeners, timers, continuations of promises. */
  readonly entriesOnly: boolean;
  /** Of all functions, each so-manieth. */
  readonly every: number;
  /** Told before each function, and of each that is at fault. */
  readonly tell: (line: string) => void;
};

export type Finding = { readonly name: string; readonly problem: string };

export type TrialResult = {
  readonly sites: number;
  readonly fired: number;
  /** Functions whose errors only the process's last resort caught. */
  readonly strays: readonly string[];
  readonly findings: readonly Finding[];
};

const TICK_MS = 1000 / 60;
/** Has called what serves people and visitors: every visit so often, and for what timers call, so long. */
const WARM_UP = { rounds: 3, ms: 12_000 };
/** A function that is not called meanwhile is left out. */
const UNCALLED = { rounds: 2, ms: 6_000 };
/** Whoever was sent so many frames since the fault was not harmed by it. */
const UNHARMED_FRAMES = 15;
/** Longer than the server waits for a peer that is silent: who is not back by then never will be. */
const HANGING_MS = 1000 * (PEER_TIMEOUT_SECONDS + 240);
const ROOMS = ["FAULTA", "FAULTB", undefined] as const;
const BOTS_A_ROOM = 2;

/** With the losses and frames that it had when a function threw. */
type Player = { readonly bot: Bot; readonly room: number; losses: number; frames: number };

export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const findings: Finding[] = [];
  let field = await Field.open();
  await field.passVisits(WARM_UP);
  const sites = chosen(await field.server.sites(), options);
  let fired = 0;
  const strays: string[] = [];
  for (const [index, { site, name }] of sites.entries()) {
    if (index % 25 === 0) options.tell(`${index} of ${sites.length}, ${findings.length} at fault`);
    const outcome = await field.try(site);
    if (outcome.hasFired) fired++;
    if (outcome.isStray) strays.push(name);
    for (const problem of outcome.problems) {
      findings.push({ name, problem });
      options.tell(`${name}: ${problem}`);
    }
    if (field.isSound) continue;
    await field.close();
    field = await Field.open();
  }
  await field.close();
  return { sites: sites.length, fired, strays, findings };
}

function chosen(sites: readonly Site[], { entriesOnly, every }: TrialOptions): Site[] {
  return sites.filter(({ isEntry }) => isEntry || !entriesOnly).filter((_, index) => index % every === 0);
}

/** A server with people in three rooms, and visitors. */
class Field {
  readonly server: FaultyServer;
  private readonly players: readonly Player[];
  private readonly visiting: Visiting;
  private readonly updating: NodeJS.Timeout;

  private constructor(server: FaultyServer, players: readonly Player[]) {
    this.server = server;
    this.players = players;
    this.visiting = startVisiting(server.url);
    this.updating = setInterval(() => {
      for (const { bot } of players) bot.update();
    }, TICK_MS);
  }

  static async open(): Promise<Field> {
    const server = await FaultyServer.start();
    const players = ROOMS.flatMap((code, room) =>
      Array.from({ length: BOTS_A_ROOM }, (_, seed) => {
        const wish = code === undefined ? ({ kind: "quick" } as const) : ({ kind: "code", code } as const);
        return {
          bot: new Bot({ url: server.url, name: `Bot ${room} ${seed}`, room: wish, seed }),
          room,
          losses: 0,
          frames: 0,
        };
      }),
    );
    const field = new Field(server, players);
    await field.until(() => field.areAllPlaying);
    if (!field.isSound) throw new Error("not everybody came in, before any fault");
    return field;
  }

  /** Whether it can be gone on with. */
  get isSound(): boolean {
    return this.server.isAlive && this.areAllPlaying;
  }

  private get areAllPlaying(): boolean {
    return this.players.every(({ bot }) => bot.match !== undefined);
  }

  /** Waits while visits are made, until they are enough or it is so. */
  async passVisits({ rounds, ms }: typeof WARM_UP, isSo: () => boolean = () => false): Promise<void> {
    const { visiting } = this;
    const endMs = performance.now() + ms;
    const endRounds = visiting.rounds() + rounds;
    await this.until(() => isSo() || (visiting.rounds() >= endRounds && performance.now() >= endMs));
  }

  /** Has one function throw. */
  async try(site: number): Promise<{ hasFired: boolean; isStray: boolean; problems: string[] }> {
    const { server, players } = this;
    server.strays.length = 0;
    for (const player of players) player.losses = player.bot.client.losses;
    server.arm(site);
    await this.passVisits(UNCALLED, () => server.hasFired(site));
    if (!server.hasFired(site)) {
      server.arm(-1);
      return { hasFired: false, isStray: false, problems: server.isAlive ? [] : ["the process ended"] };
    }
    const problems = await this.harm();
    this.visiting.breakOff();
    return { hasFired: true, isStray: server.strays.length > 0 || !server.isAlive, problems };
  }

  /** What becomes of everybody after a fault. */
  private async harm(): Promise<string[]> {
    const { server, players } = this;
    await this.frames(({ bot, losses }) => bot.client.losses > losses || bot.match === undefined);
    await this.until(() => this.areAllPlaying);
    const goOn = await this.frames();
    if (!server.isAlive) return ["the process ended"];
    const problems: string[] = [];
    const harmed = players.filter(({ bot, losses }) => bot.client.losses > losses || bot.match === undefined);
    const rooms = new Set(harmed.map(({ room }) => room));
    if (rooms.size > 1) problems.push(`${harmed.length} players of ${rooms.size} rooms were harmed`);
    if (!this.areAllPlaying) problems.push("not all play again");
    if (!goOn) problems.push("somebody is sent no frames any more");
    return problems;
  }

  /** Waits until everybody was sent frames from now on, those aside of whom it need not be. @returns whether it came to that */
  private async frames(needNot: (player: Player) => boolean = () => false): Promise<boolean> {
    const framesOf = ({ bot }: Player) => bot.match?.counts.frames ?? 0;
    for (const player of this.players) player.frames = framesOf(player);
    return this.until(() =>
      this.players.every((player) => needNot(player) || framesOf(player) - player.frames >= UNHARMED_FRAMES),
    );
  }

  /** Waits until it is so, the server has ended, or something hangs. @returns whether it is so */
  private async until(isSo: () => boolean): Promise<boolean> {
    const endMs = performance.now() + HANGING_MS;
    while (!isSo() && this.server.isAlive && performance.now() < endMs) await pause(5);
    return isSo();
  }

  async close(): Promise<void> {
    clearInterval(this.updating);
    await this.server.end();
    await this.visiting.stop();
    for (const { bot } of this.players) bot.client.leave();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
