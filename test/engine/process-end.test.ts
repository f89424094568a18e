/** The process ends by its code, whatever its helper threads wait for and whatever has become of Node's own file. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ROOT } from "../support/odd-server.ts";

const CODE = 7;
/** What becomes of Node's file, as when packages are installed while the server runs. */
const FATES = {
  "is there": "",
  "was removed": "rmSync(process.execPath);",
  "was replaced by half of one":
    'rmSync(process.execPath); writeFileSync(process.execPath, "\\x7fELF", { mode: 0o755 });',
} as const;

/** Waits in a helper thread for who opens a pipe's other end, which nobody does, and says something as it ends. */
const waiting = (fate: string) => `
  import { readFile, rmSync, writeFileSync } from "node:fs";
  import { endProcess } from ${JSON.stringify(join(ROOT, "server", "engine", "process-end.ts"))};
  readFile("pipe", () => {});
  process.on("exit", (code) => console.log("ends by " + code));
  ${fate}
  endProcess(${CODE});
`;

describe.runIf(process.platform === "linux")("while a helper thread waits for ever", () => {
  test.each(Object.entries(FATES))("it ends by its code where Node's file %s", (_, fate) => {
    const folder = mkdtempSync(join(tmpdir(), "starwake-end-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const node = join(folder, "node");
    copyFileSync(process.execPath, node);
    writeFileSync(join(folder, "waits.mjs"), waiting(fate));
    const { status, signal, stdout } = spawnSync(node, ["waits.mjs"], { cwd: folder, encoding: "utf8" });
    expect({ status, signal, stdout }).toEqual({ status: CODE, signal: null, stdout: `ends by ${CODE}\n` });
  });
});
