/** A player's process, from its namespace and an address of its own. */
import { Child } from "./children.ts";
import { inside, OWN, playerAddress } from "./namespaces.ts";
import type { PlayerCall, PlayerOrder, PlayerReport, PlayerWord } from "./player-words.ts";
import { SERVER_URL } from "./server.ts";

const PROGRAM = "test/real-network/player-process.ts";

export class Player {
  private readonly child: Child<PlayerWord>;

  /** @param joins to be measured one after the other; undefined: it plays */
  constructor(index: number, seed: number, joins?: number) {
    const name = `Player ${index + 1}`;
    const order: PlayerOrder = { url: SERVER_URL, localAddress: playerAddress(index), name, seed, joins };
    this.child = new Child(name, inside(OWN.players, [process.execPath, PROGRAM, JSON.stringify(order)]));
  }

  async loaded(): Promise<void> {
    await this.child.next("loaded");
  }

  tell(kind: PlayerCall["kind"]): void {
    this.child.tell({ kind } satisfies PlayerCall);
  }

  /** Until its first picture; undefined: it gave up. */
  async joinMs(): Promise<number | undefined> {
    return (await this.child.next("joined")).joinMs;
  }

  /** Of one that has joined, when it was told to stop. */
  async report(): Promise<PlayerReport> {
    return (await this.child.next("report")).report;
  }
}
