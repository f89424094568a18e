/** The peers' own workspace: installed when the benchmark is first run, so that the game does not depend on them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

type Manifest = { readonly version?: string; readonly dependencies?: Readonly<Record<string, string>> };

/** The peers by name, with the versions that are measured. */
export function peerVersions(): Readonly<Record<string, string>> {
  return manifestIn(FOLDER)?.dependencies ?? {};
}

/** @throws when they cannot be installed */
export function ensurePeersInstalled(say: (line: string) => void): void {
  const isThere = ([name, version]: [string, string]) =>
    manifestIn(`${FOLDER}node_modules/${name}/`)?.version === version;
  if (Object.entries(peerVersions()).every(isThere)) return;
  say("The peers are not installed yet: npm ci in test/bench");
  const { status, error } = spawnSync("npm", ["ci"], { cwd: FOLDER, stdio: ["ignore", 2, 2] });
  if (status !== 0)
    throw new Error(`the peers could not be installed: ${error?.message ?? `npm ended with ${status}`}`);
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
