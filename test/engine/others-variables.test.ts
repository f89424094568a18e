/** Variables that other programs set end no start: on real processes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { spawnServer, untilReady } from "../support/odd-server.ts";

const SLOW = { timeout: 300_000 };
const FLAGS = ["--no-build", "--host", "127.0.0.1", "--pilots", "2", "--capacity", "4", "--map-size", "1280"];

/** Nothing can be recorded there. */
function makeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "starwake-variables-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, "");
  return path;
}

describe("a place where nothing can be recorded", () => {
  test("in a plain RECORD is passed over, and one line says how to set it", SLOW, async () => {
    const path = makeFile();
    const server = await spawnServer({ args: FLAGS, env: { RECORD: path } });
    await untilReady(server);
    expect(server.output()).toContain(
      `RECORD: cannot record to ${path}: it is not a directory; passed over as another program's, ` +
        "STARWAKE_RECORD or --record sets it",
    );
  });

  test.each(["--record", "STARWAKE_RECORD"])("in %s ends the start, which names it", SLOW, async (source) => {
    const path = makeFile();
    const [args, env] = source === "--record" ? [[...FLAGS, source, path], {}] : [FLAGS, { [source]: path }];
    const server = await spawnServer({ args, env });
    expect(await server.ended).toBe(1);
    expect(server.output()).toBe(`${source}: cannot record to ${path}: it is not a directory\n`);
  });
});
