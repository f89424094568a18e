/** Other hosts of the page, and proxies that do to it what they should not, each on a port of this machine. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const DIST = fileURLToPath(new URL("../../client/dist", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".png": "image/png",
};

/** A host of files alone, which has the built page, and other pages as told. @returns its port */
export async function startStaticHost(pages: Readonly<Record<string, string>> = {}): Promise<number> {
  return listen(
    createServer(async (asked, response) => {
      const path = (asked.url ?? "/").replace(/[?#].*$/, "");
      const own = pages[path];
      const name = path === "/" ? "/index.html" : path;
      const content = own ?? (await readFile(join(DIST, name)).catch(() => undefined));
      const type = own === undefined ? TYPES[extname(name)] : "text/html";
      response.writeHead(content === undefined ? 404 : 200, type === undefined ? {} : { "Content-Type": type });
      response.end(content ?? "Not found");
    }),
  );
}

type Faults = {
  /** The Host that the server behind it is told, in place of the browser's. */
  readonly host?: string;
  /** It says in X-Forwarded-Host which one it was. */
  readonly tellsHost?: boolean;
  /** What becomes of requests to upgrade; they are passed on unless told otherwise. */
  readonly upgrades?: "unanswered" | "refused";
};

/** A proxy before a port of this machine. @returns its own port */
export async function startFaultyProxy(backendPort: number, { host, tellsHost, upgrades }: Faults): Promise<number> {
  const headersOf = ({ headers }: IncomingMessage) => ({
    ...headers,
    ...(host !== undefined && { host }),
    ...(tellsHost && { "x-forwarded-host": headers.host }),
  });
  const passOn = (asked: IncomingMessage) => {
    const { method = "GET", url: path = "/" } = asked;
    return request({ host: "127.0.0.1", port: backendPort, method, path, headers: headersOf(asked) });
  };
  const server = createServer((asked, response) => {
    const sent = passOn(asked);
    sent.on("error", () => response.writeHead(502).end());
    sent.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(sent);
  });
  server.on("upgrade", (asked, stream: Socket) => {
    stream.on("error", () => {});
    if (upgrades === "unanswered") return;
    if (upgrades === "refused") return void stream.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    const sent = passOn(asked);
    sent.on("error", () => stream.destroy());
    sent.on("response", ({ statusCode }) =>
      stream.end(`HTTP/1.1 ${statusCode} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`),
    );
    sent.on("upgrade", ({ rawHeaders, statusCode }, behind: Socket, head) => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
      stream.write(`HTTP/1.1 ${statusCode} Switching Protocols\r\n${lines}\r\n`);
      stream.write(head);
      behind.on("error", () => stream.destroy());
      stream.pipe(behind).pipe(stream);
    });
    sent.end();
  });
  return listen(server);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
