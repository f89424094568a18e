/** The port that a server under measurement listens on, once it does. */
import type { ServerMessage } from "./orders.ts";
import type { PinnedProcess } from "./pinned-process.ts";
import type { SystemName } from "./systems.ts";

const START_TIMEOUT_MS = 20_000;

/** Starwake says it as it does to a host; peers tell their parent. */
export async function portOf(system: SystemName, server: PinnedProcess): Promise<number> {
  if (system === "starwake")
    return Number((await server.printed(/^Starwake: http:\/\/localhost:(\d+)$/m, START_TIMEOUT_MS))[1]);
  return server.message((message) => {
    const told = message as ServerMessage;
    return told.kind === "listening" ? told.port : undefined;
  }, START_TIMEOUT_MS);
}
