/**
 * Opening a replay: from a file of the player's own, or from this site by its address. What goes wrong is a sentence
 * for the player.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { type Problem, readReplay } from "@starwake/shared/engine/replay-reader.ts";

export type Opened = Replay | Problem;

/** Never rejects. */
export async function readReplayFile(file: Blob, game: GameDefinition, protocol: string): Promise<Opened> {
  try {
    return await readReplay(new Uint8Array(await file.arrayBuffer()), { game, protocol, inflate });
  } catch {
    return { problem: "The file could not be read." };
  }
}

/** @param address a path or URL of this site. Never rejects. */
export async function fetchReplay(address: string, game: GameDefinition, protocol: string): Promise<Opened> {
  const url = parseUrl(address);
  if (url?.origin !== location.origin) return { problem: "Only replays of this site can be opened by their address." };
  try {
    const response = await fetch(url);
    if (!response.ok) return { problem: `There is no replay at ${url.pathname} (the server said ${response.status}).` };
    return await readReplayFile(await response.blob(), game, protocol);
  } catch {
    return { problem: `${url.pathname} could not be loaded: the server did not answer.` };
  }
}

/** As URL.parse, which browsers have since 2024 only. */
function parseUrl(address: string): URL | undefined {
  try {
    return new URL(address, location.href);
  } catch {
    return undefined;
  }
}

/** Undoes raw deflate. Rejects for what is none, and for what comes out longer. */
async function inflate(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array> {
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = inflated.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length <= maxBytes) continue;
    await reader.cancel();
    throw new RangeError(`more than ${maxBytes} bytes come of ${bytes.length}`);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
