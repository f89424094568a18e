/**
 * How many sockets the system lets this process have: each is an open file, and of those a process may have so many.
 * Beyond that nobody is accepted any more, whoever asks, so our own limit, which is fair to addresses, is kept below it.
 */
import { readFileSync } from "node:fs";
import type { Log } from "./log.ts";

/** Linux tells there what this process may have. */
const LIMITS = "/proc/self/limits";
/** Files that are no socket's: Node's own, outputs, recordings and sockets that are about to be closed. */
const RESERVE = 100;
/** A socket, and a file of the page that is sent over it. */
const FILES_OF_A_SOCKET = 2;

type SocketLimits = { readonly maxSockets: number; readonly maxConnections: number };

/** Lowers the limits to what the system allows, and says so. @param openFiles how many this process may have */
export function keepToOpenFiles<Limits extends SocketLimits>(limits: Limits, openFiles: number, log: Log): Limits {
  const most = Math.max(1, Math.floor((openFiles - RESERVE) / FILES_OF_A_SOCKET));
  if (limits.maxSockets <= most) return limits;
  const needed = limits.maxSockets * FILES_OF_A_SOCKET + RESERVE;
  log.warn(
    `--max-sockets is lowered from ${limits.maxSockets} to ${most}: this process may have ${openFiles} open files only. ` +
      `For all of them raise that to ${needed}: by ulimit -n, or LimitNOFILE= in a unit of systemd`,
  );
  return { ...limits, maxSockets: most, maxConnections: Math.min(limits.maxConnections, most) };
}

/** How many open files this process may have; Infinity where that is not limited, or not told. */
export function readMaxOpenFiles(): number {
  try {
    return maxOpenFilesIn(readFileSync(LIMITS, "utf8"));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** @param limits a table such as "Max open files   1024   4096   files": of its two numbers the first is in force */
export function maxOpenFilesIn(limits: string): number {
  const number = /^Max open files +(\d+) /m.exec(limits)?.[1];
  return number === undefined ? Number.POSITIVE_INFINITY : Number(number);
}
