/** A small page's folder and the HTTP server on it, for each test anew, and peers that ask it what browsers would not. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpServer, HTTP_TIMES, type HttpTimes } from "@starwake/server/engine/http.ts";
import type { HttpLimits } from "@starwake/server/engine/http-limits.ts";
import { createMetricsDoor } from "@starwake/server/engine/metrics-door.ts";
import type { RoomCrowd } from "@starwake/server/engine/room-page.ts";
import { afterEach, beforeEach } from "vitest";
import { createHandClock } from "./hand-clock.ts";
import { createLogLines } from "./log-lines.ts";

export const PAGE = "<!doctype html><title>page</title>";
export const SCRIPT = "/assets/index-Dk3fGh_1.js";
export const TOKEN = "correct-horse-battery";
/** A page of this origin may not open a socket. */
export const REFUSED_ORIGIN = "https://refused.example";
/** Pages of this one may have the page in a frame. */
export const FRAMING_ORIGIN = "https://portal.example";
/** Whoever reads slowly because the machine is slow is not ended for it. */
const PATIENT = { still: 3_600_000, answer: 3_600_000 };

const NO_LIMITS: HttpLimits = {
  mayRead: () => true,
  mayAsk: () => true,
  problemWithUpgrade: () => undefined,
  maySend: () => true,
  awaitPlace: (_request, _response, send) => {
    send();
    return true;
  },
};

export type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly localAddress?: string;
};
type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };
type Ways = { readonly times?: Partial<HttpTimes>; readonly trusted?: string; readonly limits?: Partial<HttpLimits> };
/** A peer that says what it likes, byte by byte. */
type Peer = { readonly socket: Socket; readonly heard: () => string; readonly isClosed: () => boolean };

export class HttpSite {
  server!: Server;
  folder!: string;
  isReady = true;
  /** What was logged of files, and counted, by the server that listens. */
  lines!: ReturnType<typeof createLogLines>["lines"];
  refusals!: string[];
  /** How often it was said that what is due may come between two pieces. */
  pieces!: { taken: number };
  metricsText!: () => Promise<string>;
  /** Public rooms by their codes. */
  readonly crowds = new Map<string, RoomCrowd>();

  async open(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), "starwake-http-"));
    mkdirSync(join(this.folder, "dist", "assets"), { recursive: true });
    writeFileSync(join(this.folder, "secret.txt"), "secret");
    writeFileSync(join(this.folder, "dist", ".env"), "secret");
    this.write("index.html", PAGE);
    this.write(SCRIPT, "let answer = 42;");
    this.write("picture.png", "0123456789");
    this.isReady = true;
    this.crowds.clear();
    this.metricsText = () => Promise.resolve("ticks 1\n");
    await this.listen();
  }

  close(): void {
    this.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Another server in the place of the one that listens. @param trusted a proxy's address */
  async listenAnew(ways: Ways): Promise<void> {
    this.stop();
    await this.listen(ways);
  }

  /** A file of the page. */
  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, "dist", name), content);
  }

  remove(name: string): void {
    rmSync(join(this.folder, "dist", name));
  }

  /** Asks as a browser never would, but others do: nothing of the path is tidied. */
  ask(path: string, { method = "GET", headers = {}, ...rest }: Ask = {}): Promise<Reply> {
    const way = { port: this.port, host: "127.0.0.1", path, method, headers, agent: false, ...rest };
    return new Promise((resolve, reject) => {
      const sent = request(way, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const body = Buffer.concat(parts).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  async connect(localAddress = "127.0.0.1"): Promise<Peer> {
    const socket = connect({ port: this.port, host: "127.0.0.1", localAddress });
    await once(socket, "connect");
    let heard = "";
    let isClosed = false;
    socket.on("data", (data: Buffer) => {
      heard += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      isClosed = true;
    });
    return { socket, heard: () => heard, isClosed: () => isClosed };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private async listen({ times, trusted, limits }: Ways = {}): Promise<void> {
    const clock = createHandClock();
    const { log, lines } = createLogLines();
    this.lines = lines;
    this.refusals = [];
    // Sockets of the server before are still about to close.
    const pieces = { taken: 0 };
    this.pieces = pieces;
    this.server = createHttpServer({
      pageRoot: join(this.folder, "dist"),
      isReady: () => this.isReady,
      metricsText: () => this.metricsText(),
      metricsContentType: "text/plain; version=0.0.4",
      metricsDoor: createMetricsDoor({ token: TOKEN, clock, log: createLogLines().log }),
      isFromProxy: ({ socket }) => socket.remoteAddress === trusted,
      isOriginAllowed: (_, origin) => origin !== REFUSED_ORIGIN,
      crowdOf: (code) => this.crowds.get(code),
      framedBy: [FRAMING_ORIGIN],
      limits: { ...NO_LIMITS, ...limits },
      clock,
      log,
      countRefusal: (reason) => this.refusals.push(reason),
      pieceTaken: () => void pieces.taken++,
      times: { ...HTTP_TIMES, ...PATIENT, ...times },
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  private stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** @returns one that is open during each of the file's tests */
export function useHttpSite(): HttpSite {
  const site = new HttpSite();
  beforeEach(() => site.open());
  afterEach(() => site.close());
  return site;
}
