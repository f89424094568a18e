/** What is answered to requests to upgrade that are not taken: with the headers of all other answers, and nothing else. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { isWebSocketRequest } from "@starwake/server/engine/websocket-request.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTransport } from "../support/live-transport.ts";

const PATH = "/socket.io/?EIO=4&transport=websocket";
const UPGRADE = {
  Host: "localhost",
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
} as const;
type Headers = Readonly<Record<string, string>>;

/** All that a server writes before it ends the connection. */
async function say(port: number, line: string, headers: Headers): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const heads = Object.entries({ Host: "localhost", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${line} HTTP/1.1\r\n${heads.join("")}\r\n`);
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  await once(socket, "close");
  return Buffer.concat(parts).toString();
}

function expectDressed(answer: string, status: number): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toMatch(/^X-Content-Type-Options: nosniff\r$/m);
  expect(answer).toMatch(/^Content-Security-Policy: default-src 'self';.+ws:\/\/localhost wss:\/\/localhost\r$/m);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(answer).not.toMatch(/text\/html/);
}

test.each([
  ["an unknown transport", "GET /socket.io/?EIO=4&transport=pigeon", {}, 400],
  ["an unknown session", `GET ${PATH}&sid=x`, {}, 400],
  ["another origin", `GET ${PATH}`, { Origin: "https://elsewhere.example" }, 403],
])("a refusal to upgrade is dressed: %s", async (_what, line, more, status) => {
  const { port } = await startTransport();
  const answer = await say(port, line, { ...UPGRADE, ...more });
  expectDressed(answer, status);
  expect(answer).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
});

test("a page that is refused is told why", async () => {
  const { port } = await startTransport();
  const answer = await say(port, `GET ${PATH}`, { ...UPGRADE, Origin: "https://elsewhere.example" });
  expect(answer).toMatch(/\r\n\r\norigin-not-allowed\n$/);
});

test("what was refused by who listened before is not answered again, and not counted", async () => {
  const server = createServer();
  server.on("upgrade", (_request, stream) => stream.end("refused"));
  const { port, connectionCount, refusals } = await startTransport(undefined, { server });
  expect(await say(port, `GET ${PATH}`, UPGRADE)).toBe("refused");
  expect(await say(port, "GET /elsewhere", UPGRADE)).toBe("refused");
  expect([connectionCount(), refusals.size]).toEqual([0, 0]);
});

test("an engine.io of another protocol is not answered twice", async () => {
  const { port, connectionCount } = await startTransport();
  const answer = await say(port, "GET /socket.io/?EIO=3&transport=websocket", UPGRADE);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(connectionCount()).toBe(0);
});

describe("a request becomes a WebSocket", () => {
  const ask = async (line: string, headers: Headers) => {
    const server = createServer({ shouldUpgradeCallback: isWebSocketRequest }, (_request, response) => {
      response.setHeader("Connection", "close");
      response.end("plain");
    });
    server.on("upgrade", (_request, socket) => socket.end("upgraded"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return (await say((server.address() as AddressInfo).port, line, headers)).split("\r\n").at(-1);
  };

  test("when it asks for one as RFC 6455 has it", async () => {
    expect(await ask(`GET ${PATH}`, UPGRADE)).toBe("upgraded");
    expect(await ask(`GET ${PATH}&t=x`, { ...UPGRADE, Upgrade: "WebSocket", "Sec-WebSocket-Version": "8" })).toBe(
      "upgraded",
    );
    expect(await ask(`GET ${PATH}`, { ...UPGRADE, "Sec-WebSocket-Protocol": "one, two" })).toBe("upgraded");
    const longest = { ...UPGRADE, "Sec-WebSocket-Protocol": "x".repeat(256) };
    expect(await ask(`GET ${PATH.padEnd(256, "&x")}`, longest)).toBe("upgraded");
  });

  test.each([
    ["another place", "GET /?EIO=4&transport=websocket", {}],
    ["another method", `POST ${PATH}`, {}],
    ["another protocol", `GET ${PATH}`, { Upgrade: "h2c" }],
    ["a version that nobody speaks", `GET ${PATH}`, { "Sec-WebSocket-Version": "12" }],
    ["a bad key", `GET ${PATH}`, { "Sec-WebSocket-Key": "AAAA" }],
    ["bad subprotocols", `GET ${PATH}`, { "Sec-WebSocket-Protocol": "one,,two" }],
    ["the same subprotocol twice", `GET ${PATH}`, { "Sec-WebSocket-Protocol": "one, one" }],
    ["a list of subprotocols that is long", `GET ${PATH}`, { "Sec-WebSocket-Protocol": "x".repeat(257) }],
    ["an address that is long", `GET ${PATH.padEnd(257, "&x")}`, {}],
    ["engine.io's third protocol", "GET /socket.io/?EIO=3&transport=websocket", {}],
    ["two transports", "GET /socket.io/?EIO=4&transport=websocket&transport=polling", {}],
    ["two protocols", "GET /socket.io/?EIO=4&EIO=3&transport=websocket", {}],
    ["a transport that is none", "GET /socket.io/?EIO=4&transport=polling", {}],
    ["a session of polling", `GET ${PATH}&sid=x`, {}],
  ])("and stays with HTTP when it asks for %s", async (_what, line, more) => {
    expect(await ask(line, { ...UPGRADE, ...more })).toBe("plain");
  });
});
