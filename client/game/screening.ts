/**
 * A screening: a replay from its opening back to the menu. It plays, jumps and looks as the controls say, makes a scene
 * for each rendered frame, and says what the interface shows.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { ReplayPlayer } from "@starwake/client/engine/replay-player.ts";
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import type { ScreenSize } from "./camera-lead.ts";
import { FreeCamera } from "./free-camera.ts";
import type { ReplayControls } from "./interface/interface-state.ts";
import type { Interface } from "./interface/mount-interface.tsx";
import { CARD_LOST, LivePicture, type PictureProblem } from "./live-picture.ts";
import type { MatchSettings } from "./match-view.ts";
import { ReplayRoster } from "./replay-roster.ts";
import { ReplaySceneBuilder, type ReplayView } from "./replay-scene.ts";
import { ReplayScores } from "./replay-scores.ts";
import { replaySound } from "./replay-sound.ts";
import type { ArenaView, Scene } from "./scene.ts";

export type ScreeningOptions = {
  readonly game: GameDefinition;
  readonly replay: Replay;
  readonly canvasParent: HTMLElement;
  readonly page: Interface;
  readonly devices: DeviceInput;
  readonly view: MatchSettings;
  readonly isMuted: () => boolean;
  /** The picture cannot be drawn. */
  readonly failed: (problem: PictureProblem, error: unknown) => void;
};

/** Time for the index in a frame that plays, in one that does not, and while nothing is drawn. */
const PLAYING_WORK_MS = 3;
const PAUSED_WORK_MS = 10;
const HIDDEN_WORK_MS = 30;
/** A jump has the frame to itself. */
const JUMP_WORK_MS = 24;
/** A frame after a long wait does not make up for it. */
const MAX_ELAPSED_MS = 250;
const DIFFERS = "From here on the match went another way than this replay shows.";
const CUT_SHORT = "This recording was cut short: it plays as far as it goes.";

export class Screening {
  readonly controls: ReplayControls;
  /** The newest scene. */
  scene: Scene | undefined;
  private readonly options: ScreeningOptions;
  private readonly player: ReplayPlayer;
  private readonly builder: ReplaySceneBuilder;
  private readonly scores: ReplayScores;
  private readonly roster: ReplayRoster;
  private readonly arena: ArenaView;
  private readonly camera: FreeCamera;
  private readonly picture: LivePicture;
  private isOver = false;
  private isPlaying = true;
  private speed = 1;
  private followed: PlayerId;
  private isFree = false;
  private lastMs: number | undefined;

  constructor(options: ScreeningOptions) {
    const { game, replay, canvasParent, devices } = options;
    this.options = options;
    this.player = new ReplayPlayer(game, replay, () => performance.now());
    this.roster = new ReplayRoster(replay);
    this.builder = new ReplaySceneBuilder(this.player, this.roster);
    this.scores = new ReplayScores(game, this.player, this.roster);
    this.arena = this.builder.arena();
    this.followed = (replay.players.find(({ isPilot }) => !isPilot) ?? replay.players[0])?.player ?? 0;
    this.camera = new FreeCamera(this.arena, canvasParent, devices, {
      place: () => (this.isFree ? this.camera.place : (this.scene?.camera ?? { x: 0, y: 0 })),
      taken: () => {
        this.isFree = true;
      },
      pressed: (clientX, clientY) => this.followAt(clientX, clientY),
    });
    this.controls = this.makeControls();
    this.picture = this.openPicture();
    this.loop();
  }

  close(): void {
    this.isOver = true;
    this.camera.close();
    this.picture.close();
  }

  private openPicture(): LivePicture {
    const { view: settings, canvasParent, failed } = this.options;
    const sound = settings.sound && replaySound(settings.sound, () => (this.isMoving ? this.speed : 0));
    const picture = new LivePicture(canvasParent, { ...settings, sound }, failed);
    picture.show("replay", { arena: this.arena, nextScene: (nowMs, screen) => this.nextScene(screen, nowMs) });
    return picture;
  }

  private get isMoving(): boolean {
    return this.isPlaying && this.player.jumpProgress === undefined;
  }

  /** Runs the index while nothing is drawn yet; a hidden page has no frames, and the timer is its own. */
  private loop(): void {
    if (this.isOver) return;
    if (this.picture.view === undefined || document.hidden) this.player.work(HIDDEN_WORK_MS);
    setTimeout(() => this.loop(), HIDDEN_WORK_MS);
  }

  private nextScene(screen: ScreenSize, nowMs: number): Scene {
    const elapsedMs = Math.max(0, Math.min(MAX_ELAPSED_MS, nowMs - (this.lastMs ?? nowMs)));
    this.lastMs = nowMs;
    if (this.isMoving) this.player.play((elapsedMs / 1000) * this.speed * this.player.tickRate);
    this.player.work(this.workMs());
    if (this.player.isAtEnd) this.isPlaying = false;
    this.camera.move(elapsedMs, screen);
    this.scene = this.builder.build(this.chooseView(), screen, nowMs);
    this.options.page.show({ state: "replay", replay: this.describe(this.scene), controls: this.controls });
    return this.scene;
  }

  private workMs(): number {
    if (this.player.jumpProgress !== undefined) return JUMP_WORK_MS;
    return this.isPlaying ? PLAYING_WORK_MS : PAUSED_WORK_MS;
  }

  /** Who is followed may have gone, or not have come yet: then the best one is shown for the time being. */
  private chooseView(): ReplayView {
    if (this.isFree) return { kind: "free", ...this.camera.place };
    return { kind: "player", player: this.shownPlayer };
  }

  private get shownPlayer(): PlayerId {
    const standings = this.scores.standings(this.followed);
    const isThere = standings.some(({ playerId }) => playerId === this.followed);
    return isThere ? this.followed : (standings[0]?.playerId ?? this.followed);
  }

  private describe(scene: Scene) {
    const { player, roster } = this;
    const viewer = this.isFree ? undefined : this.shownPlayer;
    const seconds = (ticks: number) => ticks / player.tickRate;
    return {
      arena: this.arena,
      scene,
      room: player.replay.head.room,
      startedAtMs: player.replay.head.startedAtMs,
      standings: this.scores.standings(viewer ?? 0),
      kills: this.scores.kills(viewer ?? 0),
      marks: this.scores.marks(viewer ?? 0),
      playedSeconds: seconds(player.aimedTick),
      lengthSeconds: seconds(player.lastTick),
      indexedSeconds: seconds(player.index.tick),
      jumpProgress: player.jumpProgress,
      isPlaying: this.isPlaying,
      speed: this.speed,
      viewer,
      viewerName: viewer === undefined ? "" : (roster.at(viewer, player.playhead)?.name ?? ""),
      notice: this.notice(),
      isMuted: this.options.isMuted(),
    };
  }

  private notice(): string | undefined {
    if (this.picture.isLost) return CARD_LOST;
    const { playhead, index, replay } = this.player;
    if (index.differsFromTick !== undefined && index.differsFromTick <= playhead) return DIFFERS;
    return replay.isComplete ? undefined : CUT_SHORT;
  }

  private makeControls(): ReplayControls {
    const { player } = this;
    const follow = (id: PlayerId): void => {
      this.followed = id;
      this.isFree = false;
    };
    return {
      togglePlaying: () => {
        if (player.isAtEnd) player.seek(0);
        this.isPlaying = !this.isPlaying;
      },
      setSpeed: (speed) => {
        this.speed = speed;
      },
      seek: (seconds) => player.seek(seconds * player.tickRate),
      nudge: (ticks) => {
        this.isPlaying = false;
        if (ticks > 0) player.play(Math.floor(player.playhead) + ticks - player.playhead);
        else player.seek(Math.ceil(player.playhead) + ticks);
      },
      follow,
      followNext: (way) => follow(this.neighbourOf(this.shownPlayer, way)),
      toggleFreeCamera: () => {
        this.isFree = !this.isFree;
        this.camera.place = this.scene?.camera ?? this.camera.place;
      },
    };
  }

  /** The next one in the room, in the order of their numbers. */
  private neighbourOf(player: PlayerId, way: 1 | -1): PlayerId {
    const ids = this.scores
      .standings(this.followed)
      .map(({ playerId }) => playerId)
      .sort((one, other) => one - other);
    return ids.at((ids.indexOf(player) + way) % ids.length) ?? player;
  }

  /** A ship that is pressed is followed. */
  private followAt(clientX: number, clientY: number): void {
    const place = this.picture.view?.toWorld(clientX, clientY);
    if (place === undefined) return;
    const near = this.scene?.ships.find((ship) => Math.hypot(ship.x - place.x, ship.y - place.y) < PRESS_REACH_UNITS);
    if (near !== undefined) this.controls.follow(near.id);
  }
}

const PRESS_REACH_UNITS = 50;
