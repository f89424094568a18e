/**
 * One player over a real socket: the page's own client engine, rendering sixty frames a second, flown as in the laboratory
 * (test/lab/lab-client.ts is its twin in virtual time).
 */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { Link, LinkHandlers } from "@starwake/client/engine/link.ts";
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { fighter } from "../lab/flyers.ts";
import type { PlayerOrder, PlayerReport } from "./player-words.ts";

const PROTOCOL = protocolHash(starwake as GameDefinition);

export class NetworkPlayer {
  /** From beginning to connect to the first picture; undefined: it has not come yet. */
  joinMs: number | undefined;
  private readonly order: PlayerOrder;
  private readonly now: () => number;
  private readonly beganMs: number;
  private readonly client: GameClient;
  private readonly decide: ReturnType<typeof fighter>;
  /** Connections that are up, each by a key of its own. */
  private readonly connections = new Set<object>();
  private mostConnections = 0;
  private picturesWithSpares = 0;
  private readonly pictures: [number, number, number][] = [];
  private pictured: { readonly match: Match; readonly picture: Picture } | undefined;

  /** It begins to connect at once. */
  constructor(order: PlayerOrder, now: () => number) {
    this.order = order;
    this.now = now;
    this.beganMs = now();
    this.decide = fighter(order.seed);
    this.client = new GameClient({
      game: starwake as GameDefinition,
      openLink: (handlers) => this.openLink(handlers),
      now,
      name: order.name,
      room: { kind: "quick" },
      token: undefined,
    });
  }

  /** Why the server does not let it in for good; undefined: it does, or has not said. */
  get refusal(): string | undefined {
    const { state } = this.client;
    return state.state === "refused" ? state.reason : undefined;
  }

  /** One rendered frame. */
  render(): void {
    const wish = this.wish();
    this.client.update(() => wish);
    const { match } = this;
    if (match === undefined) return;
    const picture = match.picture();
    this.pictured = { match, picture };
    if (picture.own !== undefined) this.note(picture);
  }

  leave(): void {
    this.client.leave();
  }

  /** @throws when it never had a picture */
  report(): PlayerReport {
    const { match, client, pictures } = this;
    const last = match ?? this.pictured?.match;
    if (last === undefined) throw new Error("there was no match to report of");
    const { counts, prediction, renderClock, player } = last;
    return {
      player,
      pictures,
      playedMs: this.now() - pictures[0][0],
      frames: counts.frames,
      frameBytes: counts.downBytes,
      comparedTicks: prediction.comparedTicks,
      mispredictedTicks: prediction.mispredictedTicks,
      correctionUnits: counts.correctionQuanta.map((quanta) => quanta / QUANTA_PER_UNIT),
      starvedMs: renderClock.starvedMs,
      elapsedMs: renderClock.elapsedMs,
      rttMs: client.rttSamplesMs,
      picturesWithSpares: this.picturesWithSpares,
      mostConnections: this.mostConnections,
      losses: client.losses,
    };
  }

  private get match(): Match | undefined {
    return this.client.state.state === "playing" ? this.client.state.match : undefined;
  }

  /** From the picture before, as a person does. */
  private wish(): Command {
    const { match, pictured } = this;
    if (match === undefined || pictured?.match !== match) return NEUTRAL_COMMAND;
    return this.decide(match, pictured.picture);
  }

  private note({ renderTick, newestTick }: Picture): void {
    const nowMs = this.now();
    this.joinMs ??= nowMs - this.beganMs;
    this.pictures.push([nowMs, renderTick, newestTick]);
    if (this.connections.size > 1) this.picturesWithSpares++;
    this.mostConnections = Math.max(this.mostConnections, this.connections.size);
  }

  private openLink(handlers: LinkHandlers): Link {
    const connection = {};
    const gone = () => this.connections.delete(connection);
    const watching: LinkHandlers = {
      ...handlers,
      opened: () => {
        this.connections.add(connection);
        handlers.opened();
      },
      lost: (lastWord) => {
        gone();
        handlers.lost(lastWord);
      },
      refused: (reason) => {
        gone();
        handlers.refused(reason);
      },
    };
    const { url, localAddress } = this.order;
    const link = openSocketLink(url, PROTOCOL, watching, localAddress);
    return {
      ...link,
      close: () => {
        gone();
        link.close();
      },
    };
  }
}
