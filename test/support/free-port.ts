/**
 * A port for a process that must be told one. What the system hands out by itself may be handed to somebody else between
 * the look and the use: this one is below all those, and no other test takes it until this one is finished.
 */
import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { onTestFinished } from "vitest";

/** Linux hands out ports from 32,768 on, other systems from 49,152 on. */
const [LOWEST, BEYOND] = [10_000, 32_000];
/** Who listens at this address of this machine holds the port for a server at 127.0.0.1. */
const HOLDERS_ADDRESS = "127.0.0.254";

/** @returns a port of 127.0.0.1 on which nobody listens; none but 127.0.0.1 is to be listened on */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, BEYOND);
    const holder = await listenAt(HOLDERS_ADDRESS, port);
    // Not every system has more than one such address: there, chance has to do.
    if (typeof holder === "string" && holder !== "EADDRNOTAVAIL") continue;
    if (typeof holder !== "string") onTestFinished(() => void holder.close());
    const own = await listenAt("127.0.0.1", port);
    if (typeof own === "string") continue;
    await new Promise((resolve) => own.close(resolve));
    return port;
  }
}

/** The server, or the code of the error. */
function listenAt(address: string, port: number): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? ""));
    server.listen(port, address, () => resolve(server));
  });
}
