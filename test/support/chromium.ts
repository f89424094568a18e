/**
 * The Chromium that the browser tests run in: found where CHROMIUM_PATH or custom puts one, else installed and said so.
 * A machine without one never skips those tests: they fail, and say what to do.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { isProgram, programNamed } from "./programs.ts";

const PROGRAM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

/** WebGL comes from SwiftShader, and nothing but the page under test uses the network. */
const LAUNCH_ARGS = [
  "--disable-gpu",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser that has not started by then never will. */
const HANGING_MS = 240_000;

const ADVICE =
  "The browser tests need a Chromium. Install one (Debian and Ubuntu: `apt-get install chromium`; elsewhere " +
  "https://www.google.com/chrome), or set CHROMIUM_PATH to the program's full path, and run the tests again.";

/**
 * The path of a Chromium, which is installed if there is none.
 * @throws when CHROMIUM_PATH names no program, or when there is none and it cannot be installed; the message says what
 * to do.
 */
export async function findOrInstallChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  console.log("No Chromium was found for the browser tests: installing one.");
  const failure = canUseApt() ? installWithApt() : installWithPlaywright();
  const installed = failure === undefined ? findChromium() : undefined;
  if (installed === undefined)
    throw new Error(`Chromium could not be installed (${failure ?? "it was not found afterwards"}). ${ADVICE}`);
  console.log(`Installed ${installed}.`);
  return installed;
}

/** A browser without a window; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const args = isRoot() ? [...LAUNCH_ARGS, "--no-sandbox"] : LAUNCH_ARGS;
  return chromium.launch({ executablePath: await findOrInstallChromium(), headless: true, args, timeout: HANGING_MS });
}

/** Where a Chromium is, if there is one. @throws when CHROMIUM_PATH is set and names no program. */
function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const told = environment.CHROMIUM_PATH;
  if (told) {
    if (isProgram(told)) return told;
    throw new Error(`CHROMIUM_PATH is ${told}, where there is no program that can be run. ${ADVICE}`);
  }
  return [...programsOnPath(environment), ...usualPlaces(environment), chromium.executablePath()].find(isProgram);
}

function programsOnPath(environment: NodeJS.ProcessEnv): string[] {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  return PROGRAM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

function usualPlaces(environment: NodeJS.ProcessEnv): string[] {
  switch (process.platform) {
    case "darwin":
      return ["/Applications", join(homedir(), "Applications")].flatMap((folder) =>
        ["Chromium", "Google Chrome", "Microsoft Edge"].map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
      );
    case "win32":
      return [environment.PROGRAMFILES, environment["PROGRAMFILES(X86)"], environment.LOCALAPPDATA].flatMap((folder) =>
        folder === undefined
          ? []
          : [
              "Chromium\\Application\\chrome.exe",
              "Google\\Chrome\\Application\\chrome.exe",
              "Microsoft\\Edge\\Application\\msedge.exe",
            ].map((program) => join(folder, program)),
      );
    default:
      return [
        "/usr/bin",
        "/usr/local/bin",
        "/snap/bin",
        "/opt/google/chrome",
        "/opt/chromium.org/chromium",
        "/usr/lib/chromium",
      ].flatMap((folder) => PROGRAM_NAMES.map((name) => join(folder, name)));
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function canUseApt(): boolean {
  return isRoot() && existsSync("/etc/debian_version") && programNamed("apt-get") !== undefined;
}

/** Why it failed; undefined: it did not. */
function installWithApt(): string | undefined {
  return run("apt-get", ["update"]) ?? run("apt-get", ["install", "-y", "chromium"]);
}

function installWithPlaywright(): string | undefined {
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
  return run(process.execPath, [cli, "install", "--no-shell", "chromium"]);
}

function run(program: string, args: readonly string[]): string | undefined {
  console.log(`> ${program} ${args.join(" ")}`);
  const { error, status, signal } = spawnSync(program, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (error === undefined && status === 0) return undefined;
  return `\`${program} ${args.join(" ")}\` ended with ${error?.message ?? signal ?? `code ${status}`}`;
}
