/** The project's server in its namespace, as `npm start` starts it: without pilots, on a map of the laboratory's size. */
import { createInterface } from "node:readline";
import { nodeFlags } from "../bench/systems.ts";
import { Child } from "./children.ts";
import { inside, OWN, SERVER_ADDRESS } from "./namespaces.ts";
import type { TickLog } from "./tick-log.ts";

const PORT = 3000;
const MAP_UNITS = 2_000;

export const SERVER_URL = `http://${SERVER_ADDRESS}:${PORT}`;

type Word = { readonly kind: "listening" } | TickLog;

export class Server {
  private readonly child: Child<Word>;

  constructor(players: number, seed: number) {
    const flags = {
      ...{ host: SERVER_ADDRESS, port: PORT, seed, pilots: 0, capacity: Math.max(2, players), "map-size": MAP_UNITS },
      "log-level": "warn",
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const program = ["--import", "./test/real-network/tick-log.ts", "server/main.ts", "--no-build", ...words];
    this.child = new Child<Word>("the server", inside(OWN.server, [process.execPath, ...nodeFlags(), ...program]));
    createInterface({ input: this.child.process.stdout! }).on("line", (line) => {
      if (line.startsWith("Starwake: http")) this.child.hear({ kind: "listening" });
    });
  }

  /** @throws when it ended before it listened, with what it wrote */
  async listening(): Promise<void> {
    await this.child.next("listening");
  }

  async tickLog(): Promise<TickLog> {
    this.child.tell({});
    return this.child.next("ticks");
  }
}
