/**
 * The trial: functions of a running server throw, one after the other, while people play in three rooms and visitors come
 * and go. Whatever throws may cost one connection, or one room; the others, and the process, must not notice.
 */
import { Bot } from "../bots/bot.ts";
import type { Site } from "./fault-hooks.ts";
import { FaultyServer } from "./faulty-server.ts";
import { startVisiting } from "./visitors.ts";

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
const WARM_UP_MS = 12_000;
/** A function that is not called for so long is left out. */
const FIRE_MS = 6_000;
/** Time for the harm that a fault does to show. */
const HARM_MS = 250;
/** Time for everybody to be back. */
const RECOVERY_MS = 20_000;
const ROOMS = ["FAULTA", "FAULTB", undefined] as const;
const BOTS_A_ROOM = 2;

type Player = { readonly bot: Bot; readonly room: number; losses: number };

export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const findings: Finding[] = [];
  let field = await Field.open();
  await pause(WARM_UP_MS);
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
  private readonly visiting: ReturnType<typeof startVisiting>;
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
        return { bot: new Bot({ url: server.url, name: `Bot ${room} ${seed}`, room: wish, seed }), room, losses: 0 };
      }),
    );
    const field = new Field(server, players);
    await until(() => field.areAllPlaying, RECOVERY_MS);
    return field;
  }

  /** Whether it can be gone on with. */
  get isSound(): boolean {
    return this.server.isAlive && this.areAllPlaying;
  }

  private get areAllPlaying(): boolean {
    return this.players.every(({ bot }) => bot.match !== undefined);
  }

  /** Has one function throw. */
  async try(site: number): Promise<{ hasFired: boolean; isStray: boolean; problems: string[] }> {
    const { server, players } = this;
    server.strays.length = 0;
    for (const player of players) player.losses = player.bot.client.losses;
    const frames = players.map(({ bot }) => bot.match?.counts.frames ?? 0);
    server.arm(site);
    await until(() => server.hasFired(site) || !server.isAlive, FIRE_MS);
    if (!server.hasFired(site)) {
      server.arm(-1);
      return { hasFired: false, isStray: false, problems: server.isAlive ? [] : ["the process ended"] };
    }
    await pause(HARM_MS);
    if (!server.isAlive) return { hasFired: true, isStray: true, problems: ["the process ended"] };
    const harmed = players.filter(({ bot, losses }) => bot.client.losses > losses || bot.match === undefined);
    const rooms = new Set(harmed.map(({ room }) => room));
    const problems: string[] = [];
    if (rooms.size > 1) problems.push(`${harmed.length} players of ${rooms.size} rooms were harmed`);
    await until(() => this.areAllPlaying || !server.isAlive, RECOVERY_MS);
    if (!this.areAllPlaying) problems.push("not all play again");
    const before = players.map(({ bot }) => bot.match?.counts.frames ?? 0);
    const goOn = () => players.every(({ bot }, index) => (bot.match?.counts.frames ?? 0) !== before[index]);
    await until(goOn, RECOVERY_MS);
    if (!goOn()) problems.push(`somebody is sent no frames any more (had ${frames})`);
    return { hasFired: true, isStray: server.strays.length > 0, problems };
  }

  async close(): Promise<void> {
    clearInterval(this.updating);
    await this.server.end();
    await this.visiting.stop();
    for (const { bot } of this.players) bot.client.leave();
  }
}

async function until(isSo: () => boolean, mostMs: number): Promise<void> {
  const endMs = performance.now() + mostMs;
  while (!isSo() && performance.now() < endMs) await pause(5);
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
