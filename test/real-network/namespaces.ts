/**
 * Two network namespaces that know of nothing but each other: the server's and the players', named with this process's
 * number. Between them is only what passes packets from one device to the other; no route leads out.
 */
import { execFileSync } from "node:child_process";

export const DEVICE = "path0";
const NETWORK = "10.77.0";
const SERVER_OCTET = 1;
/** The first player's; the others follow. */
export const FIRST_PLAYER_OCTET = 10;
const PREFIX = "starwake";
const MTU = 1_500;
/** Named by us, and by the process that made it. */
const NAME = new RegExp(`^${PREFIX}-(\\d+)-(?:server|players)$`);
/** A connection begins like the first one ever: nothing is kept of those before it. */
const FORGETFUL = "echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save";

export const SERVER_ADDRESS = `${NETWORK}.${SERVER_OCTET}`;

export function playerAddress(index: number): string {
  return `${NETWORK}.${FIRST_PLAYER_OCTET + index}`;
}

export type Namespaces = { readonly server: string; readonly players: string };

export const OWN: Namespaces = {
  server: `${PREFIX}-${process.pid}-server`,
  players: `${PREFIX}-${process.pid}-players`,
};

export function makeNamespaces(): void {
  for (const name of Object.values(OWN)) ip("netns", "add", name);
}

/** Once the relay has made a device in each. @param congestion TCP's congestion control, by the route: elsewhere it stays */
export function connectNamespaces(players: number, congestion: string): void {
  for (const name of Object.values(OWN)) {
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "link", "set", DEVICE, "mtu", `${MTU}`, "up");
    ip("netns", "exec", name, "sh", "-c", FORGETFUL);
  }
  giveAddress(OWN.server, SERVER_ADDRESS);
  for (let index = 0; index < players; index++) giveAddress(OWN.players, playerAddress(index));
  routeBy(OWN.server, SERVER_ADDRESS, congestion);
  routeBy(OWN.players, playerAddress(0), congestion);
}

function giveAddress(name: string, address: string): void {
  ip("-n", name, "addr", "add", `${address}/24`, "dev", DEVICE);
}

function routeBy(name: string, from: string, congestion: string): void {
  const route = [`${NETWORK}.0/24`, "dev", DEVICE, "proto", "kernel", "scope", "link", "src", from];
  ip("-n", name, "route", "replace", ...route, "congctl", congestion);
}

/** The command that runs another inside a namespace: it becomes that one, so the process's number stays. */
export function inside(name: string, command: readonly string[]): string[] {
  return ["ip", "netns", "exec", name, ...command];
}

/** Nothing is left of ours; what is not there is no error. */
export function removeOwnNamespaces(): void {
  const there = namespaceNames();
  for (const name of Object.values(OWN)) if (there.includes(name)) ip("netns", "delete", name);
}

/** Removes what a process that is gone could not, with all that still runs in there. @returns their names */
export function removeStaleNamespaces(): string[] {
  const stale = namespaceNames().filter((name) => isStale(name, isRunning));
  return stale.filter((name) => {
    try {
      for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean)) end(Number(pid));
      ip("netns", "delete", name);
      return true;
    } catch {
      // Another run that begins in this moment has removed it.
      return false;
    }
  });
}

/** Whether a namespace is one of ours whose maker is gone. */
export function isStale(name: string, isThere: (pid: number) => boolean): boolean {
  const [, pid] = NAME.exec(name) ?? [];
  return pid !== undefined && !isThere(Number(pid));
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

function namespaceNames(): string[] {
  // A line is a name, and its number in brackets where it has one.
  return ip("netns", "list")
    .split("\n")
    .map((line) => line.split(" ")[0])
    .filter((name) => name !== "");
}

/** @throws with what ip wrote, when it failed */
function ip(...words: readonly string[]): string {
  return execFileSync("ip", [...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
