/**
 * A play: from the Play button back to the menu. It runs the client for each rendered frame, opens a view for each
 * match, and says what the interface shows.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { type ClientState, GameClient } from "@starwake/client/engine/game-client.ts";
import type { OpenLink } from "@starwake/client/engine/link.ts";
import type { Match } from "@starwake/client/engine/match.ts";
import { SmoothClock } from "@starwake/client/engine/smooth-clock.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { shapeFor } from "@starwake/shared/game/sight.ts";
import type { ScreenSize } from "./camera-lead.ts";
import { Controls } from "./controls.ts";
import { FrameGuard } from "./frame-guard.ts";
import type { InterfaceState, KillReplayState, MatchInstruments, RoomLabel } from "./interface/interface-state.ts";
import type { Interface } from "./interface/mount-interface.tsx";
import { KillReplay } from "./kill-replay.ts";
import { CARD_LOST, LivePicture, type PictureProblem } from "./live-picture.ts";
import { loadViews, type MatchSettings } from "./match-view.ts";
import { toNetFigures } from "./net-figures.ts";
import { PaintWatch, UNPAINTED_MS } from "./paint-watch.ts";
import { ReachWatch, type Trouble } from "./reach.ts";
import type { ArenaView, Scene } from "./scene.ts";
import { SceneBuilder } from "./scene-builder.ts";
import { ScoreKeeper } from "./score-keeper.ts";

export type PlayOptions = {
  readonly game: GameDefinition;
  readonly openLink: OpenLink;
  /** Why the server cannot be reached. Never rejects. */
  readonly findTrouble: () => Promise<Trouble>;
  /** The link that leads friends to a room. */
  readonly linkTo: (code: string) => string;
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
  scene: Scene | undefined;
};

/** A connection that is back by then was never gone, for all that the player sees. */
const BLINK_MS = 300;
/** Long enough to read a line over the match. */
const TOLD_MS = 6_000;
const UNKNOWN_GAMEPAD =
  "This browser does not know that gamepad's buttons. Another browser may; keyboard and mouse fly.";

export class Play {
  private readonly options: PlayOptions;
  /** Undefined until there is a view to play in: nobody's ship waits, defenceless, for a slow download. */
  private client: GameClient | undefined;
  private readonly picture: LivePicture;
  private readonly clock = new SmoothClock(() => performance.now());
  private readonly guard = new FrameGuard(
    () => performance.now(),
    () => this.fail("broken"),
  );
  private readonly scores = new ScoreKeeper();
  private readonly controls = new Controls();
  private readonly reach: ReachWatch;
  private readonly unpaintedTimer: number;
  private readonly paint = new PaintWatch(
    () => performance.now(),
    () => document.hidden,
  );
  private open: OpenMatch | undefined;
  private isOver = false;
  private failure: PictureProblem | undefined;
  private invitation: string | undefined;
  private told: { readonly text: string; readonly sinceMs: number } | undefined;

  constructor(options: PlayOptions) {
    this.options = options;
    this.reach = new ReachWatch(() => performance.now(), options.findTrouble);
    this.picture = new LivePicture(options.canvasParent, options.view, (problem, error) => {
      console.error(error);
      this.fail(problem);
    });
    this.unpaintedTimer = window.setInterval(() => {
      this.paint.tick();
      this.moveOnUnpainted();
    }, UNPAINTED_MS);
    loadViews().then(
      () => {
        if (!this.isOver) this.client = this.openClient();
      },
      () => this.fail("not-loaded"),
    );
    this.loop();
  }

  private openClient(): GameClient {
    const { options } = this;
    return new GameClient({
      game: options.game,
      openLink: options.openLink,
      now: () => this.clock.now(),
      name: options.name,
      room: options.room,
      token: options.token,
      key: options.browserKey,
      shape: () => shapeFor(innerWidth, innerHeight),
      seated: (token, room, isPrivate) => options.seated({ token, room, isPrivate }),
      news: (items) => this.client && this.scores.hear(items, this.client.roster, this.ownPlayer),
      heard: () => this.moveOnUnpainted(),
    });
  }

  /** Ends the play, with the seat given up. */
  leave(): void {
    this.isOver = true;
    clearInterval(this.unpaintedTimer);
    this.client?.leave();
    this.picture.close();
    this.open = undefined;
  }

  /** Asks whether the player would rather be in another room; undefined: no more. */
  invite(code: string | undefined): void {
    this.invitation = code;
  }

  /** Shows a line over the match for a while. */
  tell(text: string): void {
    this.told = { text, sinceMs: performance.now() };
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

  /** What cannot be mended from here: the seat is given up, and the player is told. */
  private fail(problem: PictureProblem): void {
    if (this.isOver || this.failure !== undefined) return;
    this.failure = problem;
    this.client?.leave();
    this.picture.close();
    try {
      this.show();
    } catch {
      // The interface itself is what broke.
      document.body.textContent = "Starwake broke. Reload the page to play on.";
    }
  }

  /** Moves on while no match draws; the match's own frames do it otherwise. */
  private loop(): void {
    if (this.isOver) return;
    // First: a frame that throws is not to be the last.
    requestAnimationFrame(() => this.loop());
    if (this.isDrawing) return;
    this.paint.painted();
    this.clock.frame();
    this.guard.run(() => this.frame(() => this.command()));
  }

  /** The server is answered, and the page told, by timers and by what comes in, where nothing is painted. */
  private moveOnUnpainted(): void {
    if (this.isOver || !this.paint.isDue) return;
    this.paint.moved();
    this.clock.frame();
    this.guard.run(() => this.frame(() => NEUTRAL_COMMAND));
  }

  private get isDrawing(): boolean {
    const state = this.client?.state;
    const isOpen = this.picture.view !== undefined && !document.hidden;
    return isOpen && state?.state === "playing" && this.open?.match === state.match;
  }

  private openMatch(match: Match): void {
    const builder = new SceneBuilder(match);
    const open: OpenMatch = {
      match,
      builder,
      arena: builder.arena(),
      room: this.labelOf(match),
      killReplay: new KillReplay(),
      scene: undefined,
    };
    this.open = open;
    this.picture.show(JSON.stringify(match.joined.setup), {
      arena: open.arena,
      nextScene: (nowMs, screen) => this.nextScene(open, screen, nowMs),
    });
  }

  private nextScene(open: OpenMatch, screen: ScreenSize, nowMs: number): Scene {
    const state = this.client?.state;
    if (this.client === undefined || state?.state !== "playing" || state.match !== open.match) return still(open);
    this.paint.painted();
    this.clock.frame();
    this.frame(() => this.command());
    const { roster, overview } = this.client;
    const told = { roster, killerName: this.scores.killerName, overview };
    const live = open.builder.build(open.match.picture(), told, screen, nowMs);
    const scene = open.killReplay.show(live, this.killReplayWish(), screen, nowMs);
    // The picture before it may be another match's, in the same arena.
    open.scene = open.scene === undefined ? { ...scene, isCut: true } : scene;
    return open.scene;
  }

  /** Who asked for little motion is shown none unasked. */
  private killReplayWish(): "automatic" | "asked" | "off" {
    const { hasKillReplays, view } = this.options;
    if (!hasKillReplays()) return "off";
    return view.isMotionReduced ? "asked" : "automatic";
  }

  /** Moves the client on, and has the interface show where that leads. */
  private frame(sample: () => Command): void {
    const { client } = this;
    client?.update(sample);
    this.reach.note(client === undefined || client.isConnected, client?.failedAttempts ?? 0);
    if (client?.state.state === "playing" && this.open?.match !== client.state.match)
      this.openMatch(client.state.match);
    this.show();
  }

  private show(): void {
    const state = this.client?.state;
    if (state?.state === "refused" && state.reason === "name-refused" && state.detail !== undefined) {
      this.options.nameRefused(state.detail);
      return;
    }
    const shown = this.describe(state);
    if (shown !== undefined) this.options.page.show(shown);
  }

  private command(): Command {
    const { page, devices } = this.options;
    if (page.isModalShown()) return NEUTRAL_COMMAND;
    return this.controls.command(devices, page.touch(), this.pointerFromShip());
  }

  /** From the own ship to the mouse, in units. */
  private pointerFromShip(): { x: number; y: number } | undefined {
    const { pointer } = this.options.devices;
    const own = this.open?.match.prediction.newestRow;
    const { view } = this.picture;
    if (pointer === undefined || own === undefined || view === undefined) return undefined;
    const world = view.toWorld(pointer.x, pointer.y);
    const { at } = shipKind;
    return { x: world.x - own[at.x] / QUANTA_PER_UNIT, y: world.y - own[at.y] / QUANTA_PER_UNIT };
  }

  /** Undefined: what is shown stays, for a moment. */
  private describe(state: ClientState | undefined): InterfaceState | undefined {
    if (this.failure !== undefined) return { state: "refused", reason: this.failure, detail: undefined };
    switch (state?.state) {
      case "refused":
        return { state: "refused", reason: state.reason, detail: state.detail };
      case "reconnecting": {
        const goneMs = this.clock.now() - state.sinceMs;
        const { isServerClosing, waitsFor } = state;
        if (goneMs < BLINK_MS && !isServerClosing && waitsFor === undefined) return undefined;
        const heldForSeconds = Math.max(0, state.holdSeconds - goneMs / 1000);
        return { state: "reconnecting", heldForSeconds, isServerClosing, waitsFor, trouble: this.reach.trouble };
      }
      case "playing":
        if (this.open?.scene !== undefined) return this.describeMatch(this.open, this.open.scene);
        // Back in the arena that is still drawn: the next frame has a scene.
        if (this.picture.view !== undefined && !document.hidden) return undefined;
        break;
    }
    const { room } = this.options;
    return {
      state: "connecting",
      roomCode: room.kind === "code" ? room.code : undefined,
      isLoading: state === undefined || state.state === "playing",
      isSlow: (this.client?.failedAttempts ?? 0) > 0,
      waitsFor: state?.state === "connecting" ? state.waitsFor : undefined,
      trouble: this.reach.trouble,
    };
  }

  private describeMatch({ match, arena, room, killReplay }: OpenMatch, scene: Scene): InterfaceState {
    const instruments: MatchInstruments = {
      arena,
      scene,
      room,
      standings: this.scores.standings(this.client?.roster ?? new Map(), match.player),
      kills: this.scores.kills,
      net: toNetFigures(match.netGraph),
      notice: this.notice(),
      invitation: this.invitation,
      isMuted: this.options.isMuted(),
      hasKillReplays: this.options.hasKillReplays(),
    };
    if (scene.own.state === "alive") return { state: "playing", match: instruments };
    const { killerName, respawnInSeconds } = scene.own;
    const shown = this.describeKillReplay(killReplay);
    return { state: "dead", match: instruments, killerName, respawnInSeconds, killReplay: shown };
  }

  private labelOf({ joined: { room, isPrivate } }: Match): RoomLabel {
    return { code: room, link: this.options.linkTo(room), isPrivate };
  }

  private notice(): string | undefined {
    if (this.picture.isLost) return CARD_LOST;
    if (this.told !== undefined && performance.now() - this.told.sinceMs < TOLD_MS) return this.told.text;
    return this.options.devices.isUnknownGamepadTried ? UNKNOWN_GAMEPAD : undefined;
  }

  private describeKillReplay({ state, lengthMs }: KillReplay): KillReplayState {
    if (state === "none") return { state };
    // One that comes by itself needs no button.
    if (state === "offered") return { state: this.killReplayWish() === "asked" ? "offered" : "none" };
    const { killerName = "", weapon = "none" } = this.scores.lastDeath ?? {};
    return { state, killerName, weapon, lengthMs };
  }
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
