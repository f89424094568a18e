/**
 * A bot: the page's own client engine over a real socket, flown by a brain that sees what a player's screen would.
 */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { Link } from "@starwake/client/engine/link.ts";
import type { Match } from "@starwake/client/engine/match.ts";
import { Brain } from "@starwake/server/game/brain.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash, type Refusal, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { look } from "./sight.ts";

const PROTOCOL = protocolHash(starwake as GameDefinition);

export type BotOptions = {
  readonly url: string;
  readonly name: string;
  readonly room: RoomWish;
  readonly seed: number;
  /** The address of this machine that it comes from; any unless told. */
  readonly localAddress?: string;
};

export class Bot {
  readonly client: GameClient;
  /** Its connections, spares included, which it has not closed. */
  readonly links = new Set<Link>();
  private readonly brain: Brain;

  constructor(options: BotOptions) {
    this.brain = new Brain(options.seed);
    this.client = new GameClient({
      game: starwake as GameDefinition,
      openLink: (handlers) => {
        const link = openSocketLink(options.url, PROTOCOL, handlers, options.localAddress);
        this.links.add(link);
        return { ...link, close: () => this.links.delete(link) && link.close() };
      },
      now: () => performance.now(),
      name: options.name,
      room: options.room,
      token: undefined,
    });
  }

  get match(): Match | undefined {
    return this.client.state.state === "playing" ? this.client.state.match : undefined;
  }

  /** Why it does not play: for good, or until that has passed. */
  get refusal(): Refusal | undefined {
    const { state } = this.client;
    if (state.state === "refused") return state.reason;
    return state.state === "playing" ? undefined : state.waitsFor;
  }

  update(): void {
    this.client.update(() => this.decide());
    // What a page would draw and then forget, or events would gather.
    this.match?.prediction.takeEvents();
  }

  private decide(): Command {
    const sight = this.match && look(this.match, this.match.picture());
    return sight === undefined ? NEUTRAL_COMMAND : this.brain.decide(sight);
  }
}
