/**
 * A project whose page is built in no time, or as slowly as a test likes: in Vite's place stands a script that does with
 * its folder what Vite does, empties it, writes what it makes of the source, and last index.html.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ROOT } from "./odd-server.ts";

const VITE = `
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
const source = readFileSync("client/main.ts", "utf8");
const flag = process.argv.indexOf("--outDir");
const folder = flag < 0 ? "client/dist" : process.argv[flag + 1];
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder + "/assets", { recursive: true });
if (existsSync("deaf")) process.on("SIGTERM", () => {});
const isHeld = () => {
  try {
    return ["", source].includes(readFileSync("hold", "utf8"));
  } catch {
    return false;
  }
};
writeFileSync("pids/" + process.pid, "");
while (isHeld()) await new Promise((resolve) => setTimeout(resolve, 10));
if (source.includes("fault")) {
  console.error("client/main.ts: there is a fault in it");
  process.exit(1);
}
const asset = "assets/index-" + createHash("sha256").update(source).digest("hex").slice(0, 8) + ".js";
writeFileSync(folder + "/" + asset, source);
writeFileSync(folder + "/" + asset + ".br", source);
writeFileSync(folder + "/index.html", '<script src="/' + asset + '"></script>');
`;

export type PageProject = {
  readonly root: string;
  /** Where the page is put. */
  readonly page: string;
  /** Changes the source; "fault" in it makes the build fail. */
  write(source: string): void;
  /** Builds that begin now, of all sources or of this one, make nothing until they are let go. */
  hold(source?: string): void;
  letGo(): void;
  /** Builds that begin now do not end by SIGTERM. */
  beDeaf(): void;
  /** The processes of all builds that have begun. */
  builders(): number[];
  /** The source of the page as a browser gets it; undefined when something is missing. */
  load(): string | undefined;
  /** The page's files, and whatever else lies there, at the top and among the assets. */
  files(): string[];
};

/** @param parts folders of the real project to have in it, and what is installed there */
export function createPageProject(...parts: string[]): PageProject {
  const root = mkdtempSync(join(tmpdir(), "starwake-page-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 20 }));
  const at = (...path: string[]) => join(root, ...path);
  for (const folder of ["client", "shared", "pids", "node_modules/vite/bin"])
    mkdirSync(at(folder), { recursive: true });
  writeFileSync(at("package.json"), '{ "type": "module" }');
  writeFileSync(at("node_modules/vite/package.json"), '{ "name": "vite", "type": "module" }');
  writeFileSync(at("node_modules/vite/bin/vite.js"), VITE);
  if (parts.length > 0) install(root);
  for (const part of parts) cpSync(join(ROOT, part), at(part), { recursive: true });
  const page = at("client", "dist");
  const list = (folder: string) => (existsSync(folder) ? readdirSync(folder).toSorted() : []);
  return {
    root,
    page,
    write: (source) => writeFileSync(at("client", "main.ts"), source),
    hold: (source = "") => writeFileSync(at("hold"), source),
    letGo: () => rmSync(at("hold")),
    beDeaf: () => writeFileSync(at("deaf"), ""),
    builders: () => list(at("pids")).map(Number),
    load: () => load(page),
    files: () => [...list(page), ...list(join(page, "assets")).map((name) => `assets/${name}`)],
  };
}

function install(root: string): void {
  for (const name of readdirSync(join(ROOT, "node_modules")).filter((entry) => entry !== "vite"))
    symlinkSync(join(ROOT, "node_modules", name), join(root, "node_modules", name));
}

function load(page: string): string | undefined {
  try {
    const [, asset] = /src="\/([^"]+)"/.exec(readFileSync(join(page, "index.html"), "utf8"))!;
    const source = readFileSync(join(page, asset!), "utf8");
    return readFileSync(join(page, `${asset}.br`), "utf8") === source ? source : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
