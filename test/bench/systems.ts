/** The systems that are measured: what each is, and how its server is started. */
import { readFileSync } from "node:fs";
import { FRAME_RATE, type ServerOrder, TICK_RATE } from "./orders.ts";

export const PEERS = {
  ws: "the floor: ws alone, which reads the packets and sends frames of Starwake's sizes, with no game behind them",
  colyseus: "Colyseus with a StateView for each client, filled by the same cells, and fields of 8 and 16 bits",
  "colyseus-all": "the same without views: everybody is sent the whole world",
  json: "socket.io as most begin with it: the whole world as JSON to everybody",
} as const;

export type PeerName = keyof typeof PEERS;
export type SystemName = "starwake" | PeerName;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];

export const SUMMARIES: Readonly<Record<SystemName, string>> = {
  starwake: "the production server: commands checked, the full game, deltas by cell",
  ...PEERS,
};

const SERVER_FILES: Readonly<Record<PeerName, string>> = {
  ws: "ws-server.ts",
  colyseus: "colyseus-server.ts",
  "colyseus-all": "colyseus-all-server.ts",
  json: "json-server.ts",
};

/** Node's arguments for a system's server, from the project's root; it chooses a free port of this machine alone. */
export function serverArguments(system: SystemName, order: ServerOrder): string[] {
  if (system !== "starwake") return [`test/bench/peers/${SERVER_FILES[system]}`, JSON.stringify(order)];
  return starwakeArguments(order, 0);
}

/** @param pilots the server's own, who fill the room to so many */
export function starwakeArguments(order: Pick<ServerOrder, "players" | "mapSize" | "seed">, pilots: number): string[] {
  const flags = {
    host: "127.0.0.1",
    port: 0,
    "log-level": "warn",
    pilots,
    "tick-rate": TICK_RATE,
    "frame-rate": FRAME_RATE,
    capacity: order.players,
    "map-size": order.mapSize,
    seed: order.seed,
    ...ALL_FROM_ONE_ADDRESS,
  };
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return [...nodeFlags(), "--import", "./test/bench/starwake-probe.ts", "server/main.ts", "--no-build", ...words];
}

/** All players come from one address, and at once. */
const ALL_FROM_ONE_ADDRESS = {
  "max-sockets-per-address": 0,
  "max-connections-per-address": 0,
  "max-unseated-per-address": 0,
  "max-connects": 0,
  "max-connects-per-address": 0,
  "max-rooms": 0,
  "max-seats-per-address": 0,
  "max-private-rooms-per-address": 0,
  "max-openings": 0,
  "max-openings-per-address": 0,
  "max-joins": 0,
  "max-joins-per-address": 0,
};

/** Node's own flags, as `npm start` has them. */
export function nodeFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (scripts.start as string).split(" ").filter((word) => word.startsWith("--"));
}
