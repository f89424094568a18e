/**
 * A play: from the Play button back to the menu. It runs the client for each rendered frame, opens a view for each
 * match, and says what the interface shows.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { type ClientState, GameClient } from "@starwake/client/engine/game-client.ts";
import type { OpenLink } from "@starwake/client/engine/link.ts";
import type { Match } from "@starwake/client/engine/match.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { shapeFor } from "@starwake/shared/game/sight.ts";
import type { ScreenSize } from "./camera-lead.ts";
import { Controls } from "./controls.ts";
import type { InterfaceState, KillReplayState, MatchInstruments, RoomLabel } from "./interface/interface-state.ts";
import type { Interface } from "./interface/mount-interface.tsx";
import { KillReplay } from "./kill-replay.ts";
import { type MatchSettings, type MatchSource, type MatchView, openMatchView } from "./match-view.ts";
import { toNetFigures } from "./net-figures.ts";
import type { ArenaView, Scene } from "./scene.ts";
import { SceneBuilder } from "./scene-builder.ts";
import { ScoreKeeper } from "./score-keeper.ts";

export type PlayOptions = {
  readonly game: GameDefinition;
  readonly openLink: OpenLink;
  readonly name: string;
  readonly room: RoomWish;
  readonly token: string | undefined;
  /** Of this browser, see memory.ts. */
  readonly browserKey: string;
  readonly canvasParent: HTMLElement;
  readonly page: Interface;
  readonly devices: DeviceInput;
  readonly view: MatchSettings;
  readonly isMuted: () => boolean;
  readonly hasKillReplays: () => boolean;
  /** The server does not take the name: the play is over, and another name may be given. */
  readonly nameRefused: (problem: string) => void;
  /** The player has a seat: what to keep to find it again. */
  readonly seated: (seat: { token: string; room: string; isPrivate: boolean }) => void;
};

type OpenMatch = {
  readonly match: Match;
  readonly builder: SceneBuilder;
  readonly arena: ArenaView;
  readonly room: RoomLabel;
  readonly killReplay: KillReplay;
  view: MatchView | undefined;
  scene: Scene | undefined;
};

/** A hidden page draws nothing, but it goes on answering, about twice a second. */
const HIDDEN_UPDATE_MS = 500;

const UNKNOWN_GAMEPAD =
  "This browser does not know that gamepad's buttons. Another browser may; keyboard and mouse fly.";

export class Play {
  private readonly options: PlayOptions;
  private readonly client: GameClient;
  private readonly scores = new ScoreKeeper();
  private readonly controls = new Controls();
  private readonly hiddenTimer: number;
  private open: OpenMatch | undefined;
  private isOver = false;
  private failure: "no-webgl" | undefined;

  constructor(options: PlayOptions) {
    this.options = options;
    this.client = new GameClient({
      game: options.game,
      openLink: options.openLink,
      now: () => performance.now(),
      name: options.name,
      room: options.room,
      token: options.token,
      key: options.browserKey,
      shape: () => shapeFor(innerWidth, innerHeight),
      seated: (token, room, isPrivate) => options.seated({ token, room, isPrivate }),
      news: (items) => this.scores.hear(items, this.client.roster, this.ownPlayer),
    });
    this.hiddenTimer = window.setInterval(
      () => document.hidden && this.client.update(() => NEUTRAL_COMMAND),
      HIDDEN_UPDATE_MS,
    );
    this.loop();
  }

  /** Ends the play, with the seat given up. */
  leave(): void {
    this.isOver = true;
    clearInterval(this.hiddenTimer);
    this.client.leave();
    this.open?.view?.close();
    this.open = undefined;
  }

  /** Shows the last death again, if there is still time. */
  watchKillReplay(): void {
    this.open?.killReplay.watch();
  }

  skipKillReplay(): void {
    this.open?.killReplay.skip();
  }

  /** The newest scene of the match, if there is one. */
  get scene(): Scene | undefined {
    return this.open?.scene;
  }

  private get ownPlayer(): number {
    return this.open?.match.player ?? 0;
  }

  /** Shows where the player is while no match draws; the match's own frames do it otherwise. */
  private loop(): void {
    if (this.isOver) return;
    const { state } = this.client;
    if (state.state === "playing" && this.open?.match !== state.match) this.openMatch(state.match);
    if (state.state !== "playing" || this.open?.view === undefined) this.frame();
    requestAnimationFrame(() => this.loop());
  }

  private openMatch(match: Match): void {
    this.open?.view?.close();
    const builder = new SceneBuilder(match);
    const killReplay = new KillReplay();
    const made = { match, builder, arena: builder.arena(), room: labelOf(match), killReplay };
    const open: OpenMatch = { ...made, view: undefined, scene: undefined };
    this.open = open;
    const source: MatchSource = {
      arena: open.arena,
      nextScene: (nowMs, screen) => this.nextScene(open, screen, nowMs),
    };
    openMatchView(this.options.canvasParent, source, this.options.view).then(
      (view) => {
        if (this.open === open) open.view = view;
        else view.close();
      },
      (error: unknown) => {
        console.error(error);
        this.failure = "no-webgl";
        this.client.leave();
      },
    );
  }

  private nextScene(open: OpenMatch, screen: ScreenSize, nowMs: number): Scene {
    if (this.client.state.state !== "playing" || this.client.state.match !== open.match) return still(open);
    this.frame();
    const { roster, overview } = this.client;
    const told = { roster, killerName: this.scores.killerName, overview };
    const live = open.builder.build(open.match.picture(), told, screen, nowMs);
    const scene = open.killReplay.show(live, this.killReplayWish(), screen, nowMs);
    open.scene = scene;
    return scene;
  }

  /** Who asked for little motion is shown none unasked. */
  private killReplayWish(): "automatic" | "asked" | "off" {
    const { hasKillReplays, view } = this.options;
    if (!hasKillReplays()) return "off";
    return view.isMotionReduced ? "asked" : "automatic";
  }

  /** Moves the client on, and has the interface show where that leads. */
  private frame(): void {
    this.client.update(() => this.command());
    const { state } = this.client;
    if (state.state === "refused" && state.reason === "name-refused" && state.detail !== undefined)
      this.options.nameRefused(state.detail);
    else this.options.page.show(this.describe(state));
  }

  private command(): Command {
    const { page, devices } = this.options;
    if (page.isMenuOpen()) return NEUTRAL_COMMAND;
    return this.controls.command(devices, page.touch(), this.pointerFromShip());
  }

  /** From the own ship to the mouse, in units. */
  private pointerFromShip(): { x: number; y: number } | undefined {
    const { pointer } = this.options.devices;
    const own = this.open?.match.prediction.newestRow;
    if (pointer === undefined || own === undefined || this.open?.view === undefined) return undefined;
    const world = this.open.view.toWorld(pointer.x, pointer.y);
    const { at } = shipKind;
    return { x: world.x - own[at.x] / QUANTA_PER_UNIT, y: world.y - own[at.y] / QUANTA_PER_UNIT };
  }

  private describe(state: ClientState): InterfaceState {
    if (this.failure !== undefined) return { state: "refused", reason: this.failure, detail: undefined };
    switch (state.state) {
      case "refused":
        return { state: "refused", reason: state.reason, detail: state.detail };
      case "reconnecting": {
        const heldForSeconds = Math.max(0, state.holdSeconds - (performance.now() - state.sinceMs) / 1000);
        const { isServerClosing, waitsFor } = state;
        return { state: "reconnecting", heldForSeconds, isServerClosing, waitsFor };
      }
      case "playing":
        if (this.open?.scene !== undefined) return this.describeMatch(this.open, this.open.scene);
        break;
    }
    const { room } = this.options;
    return {
      state: "connecting",
      roomCode: room.kind === "code" ? room.code : undefined,
      isSlow: this.client.losses > 0,
      waitsFor: state.state === "connecting" ? state.waitsFor : undefined,
    };
  }

  private describeMatch({ match, arena, room, killReplay }: OpenMatch, scene: Scene): InterfaceState {
    const instruments: MatchInstruments = {
      arena,
      scene,
      room,
      standings: this.scores.standings(this.client.roster, match.player),
      kills: this.scores.kills,
      net: toNetFigures(match.netGraph),
      notice: this.options.devices.isUnknownGamepadTried ? UNKNOWN_GAMEPAD : undefined,
      isMuted: this.options.isMuted(),
      hasKillReplays: this.options.hasKillReplays(),
    };
    if (scene.own.state === "alive") return { state: "playing", match: instruments };
    const { killerName, respawnInSeconds } = scene.own;
    const shown = this.describeKillReplay(killReplay);
    return { state: "dead", match: instruments, killerName, respawnInSeconds, killReplay: shown };
  }

  private describeKillReplay({ state, lengthMs }: KillReplay): KillReplayState {
    if (state === "none") return { state };
    // One that comes by itself needs no button.
    if (state === "offered") return { state: this.killReplayWish() === "asked" ? "offered" : "none" };
    const { killerName = "", weapon = "none" } = this.scores.lastDeath ?? {};
    return { state, killerName, weapon, lengthMs };
  }
}

function labelOf({ joined: { room, isPrivate } }: Match): RoomLabel {
  return { code: room, link: `${location.origin}${location.pathname}#room=${room}`, isPrivate };
}

/** The last picture, with nothing new in it: what stands behind a lost connection. */
function still({ scene }: OpenMatch): Scene {
  const nowhere: Scene = {
    camera: { x: 0, y: 0 },
    own: { state: "dead", respawnInSeconds: 0, killerName: undefined },
    ships: [],
    shots: [],
    events: [],
  };
  return { ...(scene ?? nowhere), events: [] };
}
