/**
 * One player of the laboratory: the production client engine, rendering frames in virtual time over simulated lanes.
 */
import { type Attempt, dial } from "@starwake/client/engine/dialling.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { LinkHandlers, OpenLink } from "@starwake/client/engine/link.ts";
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { AcceptConnection } from "@starwake/server/engine/transport.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, type Random } from "@starwake/shared/engine/random.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import type { HandClock } from "../support/hand-clock.ts";
import { createLoopback, type Loopback } from "../support/loopback.ts";
import { chance } from "./network/chance.ts";
import { shakeHands } from "./network/handshake.ts";
import { type Connection, createConnection } from "./network/ordered-lane.ts";
import { createRoute, type Path, type Route } from "./network/path.ts";
import type { Flyer, Network } from "./scenario.ts";

export type LabClientOptions = {
  readonly index: number;
  readonly seed: number;
  readonly game: GameDefinition;
  readonly clock: HandClock;
  readonly accept: AcceptConnection;
  readonly network: Network;
  readonly flyer: Flyer;
  /** The shape of its screen. */
  readonly shape: number;
  /** Told of each packet as it is sent, each frame as it was read, and each rendered frame. */
  readonly watcher: ClientWatcher;
  /** Stands between the client and its link, where a fault is planted on purpose. */
  readonly plant?: (openLink: OpenLink) => OpenLink;
};

export type ClientWatcher = {
  packetSent(client: LabClient, bytes: Uint8Array): void;
  frameRead(client: LabClient): void;
  rendered(client: LabClient, match: Match, picture: Picture, wish: Command): void;
};

const FRAME_MS = 1000 / 60;
/** A hidden page is not drawn; it goes on answering, about twice a second. */
const HIDDEN_UPDATE_MS = 500;

export class LabClient {
  readonly index: number;
  readonly client: GameClient;
  /** The lanes of all connections so far. */
  readonly lanes: Connection[] = [];
  isHidden = false;
  /** Holds nothing, whatever its flyer would do. */
  isResting = false;
  readonly openedMs: number;
  private readonly options: LabClientOptions;
  /** What all of its lanes share. */
  private readonly route: Route;
  private readonly loopback: Loopback;
  private readonly random: Random;
  /** By which waits are spread: apart, so that the network's chance is the same whatever is waited for. */
  private readonly waitChance: Random;
  private picture: Picture | undefined;
  private pictured: Match | undefined;
  private nextHiddenMs = 0;
  private links = 0;

  constructor(options: LabClientOptions) {
    const { clock, network, game, index, plant = (openLink) => openLink } = options;
    this.options = options;
    this.index = index;
    this.openedMs = clock.now();
    this.random = createRandom(options.seed, 100 + index);
    this.waitChance = createRandom(options.seed, 100_000 + index);
    this.route = createRoute(clock, network, this.random);
    this.loopback = createLoopback({ clock, accept: options.accept, dialLanes: (...told) => this.dialLanes(...told) });
    const name = `Player ${index + 1}`;
    this.client = new GameClient({
      game,
      openLink: plant((handlers) => this.openLink(handlers)),
      now: clock.now,
      name,
      room: { kind: "quick" },
      token: undefined,
      chance: () => chance(this.waitChance),
      shape: () => options.shape,
    });
    clock.after(chance(this.random) * FRAME_MS, () => this.frame());
  }

  get match(): Match | undefined {
    return this.client.state.state === "playing" ? this.client.state.match : undefined;
  }

  get up(): Path {
    return this.route.up;
  }

  get down(): Path {
    return this.route.down;
  }

  /** What was sent in one direction, headers and acknowledgements included, and the most that may have waited there. */
  carried(direction: "up" | "down"): { readonly bytes: number; readonly mostWaitingBytes: number } {
    const mostWaitingBytes = this.lanes.reduce((sum, lanes) => sum + lanes[direction].figures.mostWaitingBytes, 0);
    return { bytes: this.route[direction].sentBytes, mostWaitingBytes };
  }

  /** What its page has taken of what came, in the mean. */
  get takenBytesPerSecond(): number {
    return (this.down.readBytes * 1000) / (this.options.clock.now() - this.openedMs);
  }

  /** Replies that its promises wait for. */
  get replies(): number {
    return this.loopback.replies();
  }

  /** Both ends notice that the connection is gone, and the client comes back. */
  cut(): void {
    this.loopback.cut();
  }

  /** Nothing gets through for so long, either way; a connection that is silent for too long is given up. */
  suffer(outageMs: number): void {
    const untilMs = this.options.clock.now() + outageMs;
    this.up.downUntilMs = this.down.downUntilMs = untilMs;
    if (outageMs > HEARTBEAT_MS) this.options.clock.after(HEARTBEAT_MS, () => this.cut());
  }

  /** As the page's own connections are opened. */
  private dialLanes(isOneOfMany: boolean, opened: (lanes: Connection) => void): () => void {
    const { clock } = this.options;
    const attempt: Attempt<Connection> = (taken) => {
      const connection = createConnection(clock, this.route);
      this.lanes.push(connection);
      return shakeHands(clock, this.route, connection, () => taken(connection));
    };
    return dial(attempt, !isOneOfMany, { opened, failed: () => {} }, (ms, act) => clock.after(ms, act));
  }

  private openLink(handlers: LinkHandlers) {
    const { watcher } = this.options;
    const isSpare = this.links++ > 0;
    const link = this.loopback.openLink({
      ...handlers,
      frame: (bytes) => {
        const before = this.match?.snapshot;
        handlers.frame(bytes);
        if (this.match?.snapshot !== before) watcher.frameRead(this);
      },
    });
    return {
      sendPacket: (bytes: Uint8Array) => {
        if (!isSpare) watcher.packetSent(this, bytes);
        link.sendPacket(bytes);
      },
      request: link.request.bind(link),
      close: () => link.close(),
    };
  }

  private frame(): void {
    const { clock } = this.options;
    clock.after(FRAME_MS, () => this.frame());
    if (this.isHidden) this.updateHidden(clock.now());
    else this.render();
  }

  private updateHidden(nowMs: number): void {
    if (nowMs < this.nextHiddenMs) return;
    this.nextHiddenMs = nowMs + HIDDEN_UPDATE_MS;
    this.client.update(() => NEUTRAL_COMMAND);
  }

  private render(): void {
    const wish = this.decide();
    this.client.update(() => wish);
    const { match } = this;
    if (match === undefined) return;
    this.picture = match.picture();
    this.pictured = match;
    this.options.watcher.rendered(this, match, this.picture, wish);
  }

  private decide(): Command {
    const { match, picture } = this;
    if (this.isResting || match === undefined || picture === undefined || this.pictured !== match)
      return NEUTRAL_COMMAND;
    return this.options.flyer(match, picture);
  }
}

/** When a silent connection is given up: the interval of socket.io's pings and their time-out, as the server sets them. */
const HEARTBEAT_MS = 9_000;
