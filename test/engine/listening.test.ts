/** Where the server listens, what it says of that, and what a host is told when it cannot. */
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parseConfig } from "../../server/config.ts";
import { listen } from "../../server/listening.ts";
import { pageAddress } from "../../server/page-address.ts";
import { startServer } from "../support/server-process.ts";

/** By the standard of no machine: it is for examples in documents. */
const ELSEWHERE = "203.0.113.1";
const HERE = "127.0.0.1";

function openServer(): Server {
  const server = createServer();
  onTestFinished(() => void server.close());
  return server;
}

/** Sockets that are connected, all of them before this process turns to accept any. */
function connectAtOnce(port: number, count: number): void {
  for (let number = 0; number < count; number++) {
    const socket = connect(port, HERE).on("error", () => {});
    onTestFinished(() => void socket.destroy());
  }
}

async function tryListening(argv: readonly string[], env: Record<string, string>, server = openServer()) {
  const parsed = parseConfig(argv, env);
  if (parsed.kind !== "run") throw new Error("not to be run");
  const lines: string[] = [];
  const say = (...words: unknown[]) => void lines.push(String(words.at(-1)));
  const log = { debug: say, info: say, warn: say, error: say };
  const { port, closeFurther } = await listen(server, parsed, log, HERE);
  onTestFinished(() => void closeFurther());
  return { port, lines, server, closeFurther };
}

describe("an address that this machine does not have", () => {
  test("in a plain HOST is passed over, and one line says how to set it", async () => {
    const { port, lines } = await tryListening(["--port", "0"], { HOST: ELSEWHERE });
    expect(port).toBeGreaterThan(0);
    expect(lines).toEqual([
      `HOST ${ELSEWHERE}: this machine has no such address; passed over as another program's, STARWAKE_HOST or --host sets it`,
    ]);
  });

  test.each([
    ["--host", ["--host", ELSEWHERE], {}],
    ["STARWAKE_HOST", [], { STARWAKE_HOST: ELSEWHERE, HOST: HERE }],
  ])("in %s is an error, which names where it was set", async (source, argv, env) => {
    const attempt = tryListening(["--port", "0", ...argv], env);
    await expect(attempt).rejects.toThrow(
      `${source} ${ELSEWHERE}: this machine has no such address; choose another with --host`,
    );
  });
});

test("a port in use is an error, which names where it was set and the option", async () => {
  const { port } = await tryListening(["--port", "0", "--host", HERE], {});
  const inUse = (source: string) =>
    `port ${port}${source} is in use: end what listens there, or choose another with --port`;
  const env = { STARWAKE_HOST: HERE };
  await expect(tryListening(["--port", `${port}`], env)).rejects.toThrow(inUse(""));
  await expect(tryListening([], { ...env, PORT: `${port}` })).rejects.toThrow(inUse(" (PORT)"));
});

test("as many may wait to be accepted as Linux allows: a rush of others makes no newcomer's system try again", async () => {
  const server = openServer();
  const listening = vi.spyOn(server, "listen");
  await tryListening(["--port", "0", "--host", HERE], {}, server);
  expect(listening).toHaveBeenCalledWith(expect.objectContaining({ backlog: 4_096 }), expect.anything());
});

test.each(["ENOTSUP", "ENOPROTOOPT", "EINVAL"])(
  "where ports cannot be shared (%s), the server listens alone",
  async (code) => {
    const server = openServer();
    vi.spyOn(server, "listen").mockImplementationOnce(() => {
      setImmediate(() => server.emit("error", Object.assign(new Error(code), { code })));
      return server;
    });
    const { lines } = await tryListening(["--port", "0", "--host", HERE], {}, server);
    expect([server.listening, lines]).toEqual([true, []]);
  },
);

describe("connections that wait together to be accepted", () => {
  const WAITING = 64;

  test.runIf(process.platform === "linux")(
    "are accepted several in a turn of the event loop: a busy one has few",
    async () => {
      const { port, server } = await tryListening(["--port", "0", "--host", HERE], {});
      let turns = 0;
      const count = () => {
        turns++;
        turning = setImmediate(count);
      };
      let turning = setImmediate(count);
      onTestFinished(() => clearImmediate(turning));
      const accepted: number[] = [];
      const isAccepted = new Promise<void>((resolve) => {
        server.on("connection", () => {
          if (accepted.push(turns) === WAITING) resolve();
        });
      });
      connectAtOnce(port, WAITING);
      await isAccepted;
      expect(accepted.at(-1)! - accepted[0]).toBeLessThan(WAITING / 2);
    },
  );

  test("are the server's own, whichever socket took them, and none is taken after the end", async () => {
    const { port, server, closeFurther } = await tryListening(["--port", "0", "--host", HERE], {});
    server.on("request", (_, response) => response.end("served"));
    const texts = Array.from({ length: WAITING }, async () => (await fetch(`http://${HERE}:${port}`)).text());
    expect(new Set(await Promise.all(texts))).toEqual(new Set(["served"]));
    const further = closeFurther();
    server.close();
    server.closeAllConnections();
    await further;
    for (let attempt = 0; attempt < WAITING; attempt++)
      await expect(fetch(`http://${HERE}:${port}`)).rejects.toThrow("fetch failed");
  });
});

test("a connection that cannot be taken is logged, and ends nothing", async () => {
  const { server, lines } = await tryListening(["--port", "0", "--host", HERE], {});
  server.emit("error", Object.assign(new Error("accept ENOBUFS"), { code: "ENOBUFS" }));
  expect(lines).toEqual(["a connection could not be taken"]);
  expect(server.listening).toBe(true);
});

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
const alive = async (url: string) => (await fetch(`${url}/healthz`)).text();

test.each([
  ["", "http://localhost:3000"],
  ["::", "http://localhost:3000"],
  ["0.0.0.0", "http://localhost:3000"],
  ["127.0.0.1", "http://localhost:3000"],
  ["::1", "http://[::1]:3000"],
  ["192.0.2.7", "http://192.0.2.7:3000"],
  ["2001:db8::1", "http://[2001:db8::1]:3000"],
  ["play.example", "http://play.example:3000"],
])("a server that listens on %j is opened at %s", (host, address) => {
  expect(pageAddress(host, 3000)).toBe(address);
});

describe("a server", () => {
  test("without --host answers on every address, IPv6 where there is IPv6, and where it says", async () => {
    const { port, told } = await startServer(["--host=", "--pilots", "0"]);
    expect(await alive(`http://127.0.0.1:${port}`)).toBe("alive\n");
    if (hasIpv6) expect(await alive(`http://[::1]:${port}`)).toBe("alive\n");
    expect(told).toBe(`http://localhost:${port}`);
    expect(await alive(told)).toBe("alive\n");
  });

  test("with --host answers there alone, and says where", async () => {
    const { port, told } = await startServer(["--host", "127.0.0.3", "--pilots", "0"]);
    expect(told).toBe(`http://127.0.0.3:${port}`);
    expect(await alive(told)).toBe("alive\n");
    await expect(alive(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  test.runIf(hasIpv6)("with --host ::1 answers where it says", async () => {
    const { port, told } = await startServer(["--host", "::1", "--pilots", "0"]);
    expect(told).toBe(`http://[::1]:${port}`);
    expect(await alive(told)).toBe("alive\n");
  });
});
