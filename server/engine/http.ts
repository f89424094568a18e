/**
 * The HTTP server: the built page, what a service manager asks (/healthz, /readyz), and /metrics. It knows nothing of
 * sockets; the transport hangs itself onto the same server.
 */
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import send from "send";

export type HttpOptions = {
  /** The folder of the built page; it may be built, or built anew, while the server runs. */
  readonly pageRoot: string;
  /** False while the server starts and once it is closing. */
  readonly isReady: () => boolean;
  readonly metricsText: () => Promise<string>;
  readonly metricsContentType: string;
};

const NOTHING_HERE = "There is nothing at this address.\n";
const NO_PAGE = "The page is not built yet: npm run build.\n";
const FAILED = "This failed on the server's side.\n";

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A peer that sends its request a byte at a time holds a socket for no longer than this. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;
const ONE_YEAR_SECONDS = 31_536_000;
const IMMUTABLE = `public, max-age=${ONE_YEAR_SECONDS}, immutable`;
/** Vite names assets by their content, as in `/assets/index-Dk3fGh_1.js`: under one name they never change. */
const HASHED_ASSET = /^\/assets\/[^/]+-[\w-]{8}\.[\w.]+$/;

/**
 * What the page may do: run its own scripts, draw from canvases it made (Phaser's textures are blob: and data:), style
 * elements by script, play sound, and open sockets. Sockets are named by scheme, because not every browser takes 'self'
 * for ws:.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

const SECURITY_HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** What the build compresses, and what it is. */
const COMPRESSED_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** A server that does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const timeouts = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  return createServer(timeouts, createHttpHandler(options));
}

/** Answers every request, and never throws. */
function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const routes: Readonly<Record<string, Respond>> = {
    "/healthz": (_, response) => answer(response, 200, "alive\n"),
    "/readyz": (_, response) =>
      options.isReady() ? answer(response, 200, "ready\n") : answer(response, 503, "not ready\n"),
    "/metrics": async (_, response) => answer(response, 200, await options.metricsText(), options.metricsContentType),
  };
  return (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response);
    const path = pathOf(request);
    if (path === undefined) return answer(response, 400, "This address is malformed.\n");
    if (!Object.hasOwn(routes, path)) return servePage(options.pageRoot, path, request, response);
    void respond(routes[path]!, request, response);
  };
}

async function respond(route: Respond, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(request, response);
  } catch {
    answer(response, 500, FAILED);
  }
}

/** The path without its query, still percent-encoded; undefined where the request names none. */
function pathOf(request: IncomingMessage): string | undefined {
  const path = (request.url ?? "").replace(/[?#].*$/s, "");
  return path.startsWith("/") ? path : undefined;
}

function answer(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

function refuseMethod(response: ServerResponse): void {
  response.setHeader("Allow", "GET, HEAD");
  // What the request still carries is not read: the connection ends with the answer.
  response.setHeader("Connection", "close");
  answer(response, 405, "Only GET and HEAD are understood here.\n");
}

/** A file of the page: `send` sees to types, ranges, validators and HEAD, and keeps within the folder. */
function servePage(pageRoot: string, path: string, request: IncomingMessage, response: ServerResponse): void {
  const cacheControl = HASHED_ASSET.test(path) ? IMMUTABLE : "no-cache";
  send(request, chooseEncoding(pageRoot, path, request, response), {
    root: pageRoot,
    dotfiles: "ignore",
    cacheControl: false,
  })
    .on("headers", (head: ServerResponse) => head.setHeader("Cache-Control", cacheControl))
    .on("directory", () => answer(response, 404, NOTHING_HERE))
    .on("error", (error: { status?: number }) => refuseFile(path, error.status ?? 500, response))
    .pipe(response);
}

/** The path of the file to send: the one that the build compressed, where there is one and the client takes it. */
function chooseEncoding(pageRoot: string, path: string, request: IncomingMessage, response: ServerResponse): string {
  const type = HASHED_ASSET.test(path) ? COMPRESSED_TYPES[extname(path)] : undefined;
  if (type === undefined) return path;
  response.setHeader("Vary", "Accept-Encoding");
  const takesBrotli = /\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (!takesBrotli || !existsSync(join(pageRoot, `${path}.br`))) return path;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Encoding", "br");
  return `${path}.br`;
}

function refuseFile(path: string, status: number, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else if (status === 404) answer(response, 404, path === "/" ? NO_PAGE : NOTHING_HERE);
  else answer(response, status, status < 500 ? "This request cannot be answered.\n" : FAILED);
}
