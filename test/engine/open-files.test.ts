/** Where the system allows fewer sockets than the server would take, the server's own limit, which is fair, acts first. */
import { get } from "node:http";
import { connect, type Socket } from "node:net";
import { keepToOpenFiles, maxOpenFilesIn } from "@starwake/server/engine/open-files.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { createLogLines } from "../support/log-lines.ts";
import { PATIENCE, spawnServer, untilReady } from "../support/odd-server.ts";

const SLOW = { timeout: 300_000 };

function keepTo(openFiles: number, maxSockets: number, maxConnections = maxSockets) {
  const { log, lines } = createLogLines();
  const limits = keepToOpenFiles({ maxSockets, maxConnections, others: 1 }, openFiles, log);
  return { limits, said: lines.map(({ message }) => message) };
}

describe("the limit of sockets", () => {
  test.each([
    [1_024, 8_000, 462],
    [16_099, 8_000, 7_999],
    [101, 8_000, 1],
    [3, 1, 1],
  ])("of %d open files lowers %d to %d", (openFiles, maxSockets, kept) => {
    expect(keepTo(openFiles, maxSockets).limits).toEqual({ maxSockets: kept, maxConnections: kept, others: 1 });
  });

  test("is lowered with one line, which names the limit and what to raise", () => {
    const { limits, said } = keepTo(1_024, 8_000, 300);
    expect(limits.maxConnections).toBe(300);
    expect(said).toEqual([
      "--max-sockets is lowered from 8000 to 462: this process may have 1024 open files only. " +
        "For all of them raise that to 16100: by ulimit -n, or LimitNOFILE= in a unit of systemd",
    ]);
  });

  test.each([16_100, Infinity])("stays as it is where %d files may be open", (openFiles) => {
    expect(keepTo(openFiles, 8_000, 5_000)).toEqual({
      limits: { maxSockets: 8_000, maxConnections: 5_000, others: 1 },
      said: [],
    });
  });
});

test.each([
  ["Max open files            1024                 524288               files     ", 1_024],
  ["Max open files            unlimited            unlimited            files     ", Infinity],
  ["", Infinity],
])("of the system's table the number in force is read: %j", (line, most) => {
  const rows = ["Limit                     Soft Limit           Hard Limit           Units     ", line];
  expect(maxOpenFilesIn(`${rows.join("\n")}\nMax locked memory         8192  8192  bytes\n`)).toBe(most);
});

test.runIf(process.platform === "linux")(
  "a newcomer is let in though one address has more sockets than the system allows",
  SLOW,
  async () => {
    const command = ["sh", "-c", 'ulimit -n 300 && exec "$@"', "sh", process.execPath, "server/main.ts"];
    const args = ["--no-build", "--host", "127.0.0.1", "--pilots", "2", "--capacity", "4", "--map-size", "1280"];
    const server = await spawnServer({ command, args });
    await untilReady(server);
    const sockets = Array.from({ length: 300 }, () => holdSocket(server.port, "127.0.0.2"));
    await expect.poll(() => sockets.some(({ closed }) => closed), PATIENCE).toBe(true);
    expect(await newcomersStatus(server.port)).toBe(200);
    expect(server.output().match(/--max-sockets is lowered from 8000 to 100: /g)).toHaveLength(1);
  },
);

function holdSocket(port: number, localAddress: string): Socket {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {}).resume();
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** What somebody is answered who has no socket yet; undefined where nobody answers. */
function newcomersStatus(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = get({ port, host: "127.0.0.1", path: "/healthz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", () => resolve(undefined));
  });
}
