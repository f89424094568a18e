/** The page's address: what a host is told to open. */
import { isIPv6 } from "node:net";

/** Hosts that are reached by the name localhost: the empty one is all addresses that the machine has. */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["", "0.0.0.0", "::", "127.0.0.1", "localhost"]);

/** @param host what the server was told to listen on; empty: everything */
export function pageAddress(host: string, port: number): string {
  const name = LOCAL_HOSTS.has(host) ? "localhost" : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
