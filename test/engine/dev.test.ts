/** `npm run dev`: the page's development server hands sockets on to the game server's port, whichever that is. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PATIENCE, spawnServer, statusOf } from "../support/odd-server.ts";
import { createPageProject } from "../support/page-project.ts";

const SLOW = { timeout: 300_000 };

test.runIf(process.platform === "linux")("--port 0 takes a free port, and Vite is told which", SLOW, async () => {
  const project = createPageProject("server", "shared");
  project.write("one");
  project.hold();
  const args = ["--host", "127.0.0.1", "--pilots", "0", "--port", "0"];
  const dev = await spawnServer({ root: project.root, command: [process.execPath, "server/dev.ts"], args });
  await expect.poll(project.builders, PATIENCE).toHaveLength(1);
  const port = variableOf(project.builders()[0]!, "PORT");
  expect(port).not.toBe("0");
  await expect.poll(() => statusOf(Number(port), "/readyz"), PATIENCE).toBe(200);
  dev.child.kill("SIGTERM");
  expect(await dev.ended).toBe(0);
});

function variableOf(pid: number, name: string): string | undefined {
  const lines = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  return lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}
