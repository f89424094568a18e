/** A folder that rooms record into, for the time of one test. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileRecorders, type FileRecorderOptions } from "@starwake/server/engine/file-recorder.ts";
import type { OpenRecorder } from "@starwake/server/engine/recorder.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { onTestFinished } from "vitest";
import { PROTOCOL, readWhole } from "./replay-bytes.ts";

const BEGAN_MS = Date.UTC(2026, 10, 21, 10, 15, 0);

/** What rooms told their recorders of hashes, as they told it. */
type Heard = { readonly hashes: number[] };

export function openRecordingFolder(game: GameDefinition, some: Partial<FileRecorderOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "starwake-recordings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const logged: string[] = [];
  const quiet = () => {};
  const error = (...words: readonly unknown[]) => void logged.push(String(words.at(-1)));
  const log = { debug: quiet, info: quiet, warn: quiet, error };
  const recorders = createFileRecorders({ folder, game, protocol: PROTOCOL, nowMs: () => BEGAN_MS, log, ...some });
  const heard: Heard = { hashes: [] };
  const files = () => readdirSync(folder).sort();
  const bytes = (file = files()[0]) => readFileSync(join(folder, file));
  return {
    ...{ folder, recorders, logged, heard, files, bytes },
    openRecorder: listeningTo(recorders.open, heard),
    /** The replay in a file, as it is on the disk now; the first file unless told. */
    read: (file?: string): Promise<Replay> => readWhole(bytes(file), game),
  };
}

function listeningTo(open: OpenRecorder, { hashes }: Heard): OpenRecorder {
  return (room, setup) => {
    const recorder = open(room, setup);
    return {
      added: (...who) => recorder.added(...who),
      removed: (player) => recorder.removed(player),
      step: (...given) => recorder.step(...given),
      close: () => recorder.close(),
      hash(hash) {
        hashes.push(hash);
        recorder.hash(hash);
      },
    };
  };
}
