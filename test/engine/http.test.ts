import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHttpServer } from "../../server/engine/http.ts";

const SCRIPT = "/assets/index-Dk3fGh_1.js";
const PAGE = "<!doctype html><title>page</title>";
type Ask = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> };
type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

let folder: string;
let server: Server;
let isReady: boolean;
let metricsText: () => Promise<string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "starwake-http-"));
  mkdirSync(join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "dist", ".env"), "secret");
  writeFileSync(join(folder, "dist", "index.html"), PAGE);
  writeFileSync(join(folder, "dist", SCRIPT), "let answer = 42;");
  writeFileSync(join(folder, "dist", "picture.png"), "0123456789");
  isReady = true;
  metricsText = () => Promise.resolve("ticks 1\n");
  server = createHttpServer({
    pageRoot: join(folder, "dist"),
    isReady: () => isReady,
    metricsText: () => metricsText(),
    metricsContentType: "text/plain; version=0.0.4",
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const portOf = () => (server.address() as AddressInfo).port;

/** Asks as a browser never would, but others do: nothing of the path is tidied. */
function ask(path: string, { method = "GET", headers = {} }: Ask = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: portOf(), host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the page", () => {
  test("is served at the root and must be asked for anew", async () => {
    const { status, headers, body } = await ask("/?from=friend");
    expect([status, body]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
  });

  test("an asset that the build compressed is sent so to who takes it, and plain to others", async () => {
    writeFileSync(join(folder, "dist", `${SCRIPT}.br`), "compressed");
    const taken = await ask(SCRIPT, { headers: { "accept-encoding": "gzip, br" } });
    const plain = await ask(SCRIPT, { headers: { "accept-encoding": "gzip" } });
    expect([taken.body, taken.headers["content-encoding"]]).toEqual(["compressed", "br"]);
    expect(taken.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", vary: "Accept-Encoding" });
    expect([plain.body, plain.headers["content-encoding"]]).toEqual(["let answer = 42;", undefined]);
  });

  test("assets named by their content are kept for good, others are not", async () => {
    const script = await ask(SCRIPT);
    expect([script.status, script.headers["content-type"]]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const picture = await ask("/picture.png");
    expect(picture.headers).toMatchObject({ "content-type": "image/png", "cache-control": "no-cache" });
  });

  test("what has not changed is not sent again", async () => {
    const { headers } = await ask("/");
    expect(await ask("/", { headers: { "If-None-Match": headers.etag! } })).toMatchObject({ status: 304, body: "" });
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const path of ["/", SCRIPT, "/healthz", "/metrics", "/nowhere"]) {
      const [head, get] = await Promise.all([ask(path, { method: "HEAD" }), ask(path)]);
      expect([head.status, head.headers["content-length"], head.body]).toEqual([
        get.status,
        get.headers["content-length"],
        "",
      ]);
    }
  });

  test("the security headers go with every answer", async () => {
    for (const path of ["/", SCRIPT, "/healthz", "/nowhere"]) {
      const { headers } = await ask(path);
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  test("scripts may come from nowhere else, and none may be written into the page", async () => {
    const policy = String((await ask("/")).headers["content-security-policy"]);
    expect(policy).not.toMatch(/script-src|unsafe-eval|default-src[^;]*unsafe/);
    expect(policy).toContain("connect-src 'self' ws: wss:");
  });

  test("a page built while the server runs is served", async () => {
    rmSync(join(folder, "dist"), { recursive: true });
    expect(await ask("/")).toMatchObject({ status: 404, body: expect.stringContaining("npm run build") });
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "index.html"), PAGE);
    expect(await ask("/")).toMatchObject({ status: 200, body: PAGE });
  });
});

describe("what is asked in bad faith", () => {
  const OUTSIDE = [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
  ];
  const ODD = [
    "/.env",
    "//secret.txt",
    "/%00",
    "/%E0%A4%A",
    "/index.html/",
    "/assets",
    "/assets/",
    "/healthz/",
    "/__proto__",
  ];

  test.each([...OUTSIDE, ...ODD])("%s gives nothing away", async (path) => {
    const { status, body } = await ask(path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret|<|\/tmp/);
  });

  test("other methods are refused and told what is understood", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
      const { status, headers } = await ask("/", { method });
      expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
    }
  });

  test.each(["bytes=5-3", "bytes=99-", "bytes=-0", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes=0-1,3-4"])(
    "a range of %s leaves the server standing",
    async (range) => {
      expect([200, 206, 416]).toContain((await ask("/picture.png", { headers: { Range: range } })).status);
      expect((await ask("/picture.png", { headers: { Range: "bytes=2-4" } })).body).toBe("234");
    },
  );

  test("a request that is no HTTP is ended with 400", async () => {
    const socket = connect(portOf(), "127.0.0.1");
    socket.write("\x16\x03\x01 nonsense\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });

  test("an address without a path is refused", async () => {
    expect(await ask("http://elsewhere.example/")).toMatchObject({ status: 400 });
  });

  test("slow requests are limited", () => {
    expect([server.headersTimeout, server.requestTimeout]).toEqual([5_000, 10_000]);
  });
});

describe("what a service manager asks", () => {
  test("a server that is not ready is alive all the same", async () => {
    isReady = false;
    expect([(await ask("/healthz")).status, (await ask("/readyz")).status]).toEqual([200, 503]);
    isReady = true;
    expect([(await ask("/healthz")).status, (await ask("/readyz")).status]).toEqual([200, 200]);
  });

  test("none of its answers is kept", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"])
      expect((await ask(path)).headers["cache-control"]).toBe("no-store");
  });

  test("metrics come in their own type", async () => {
    const { headers, body } = await ask("/metrics?name=x");
    expect([headers["content-type"], body]).toEqual(["text/plain; version=0.0.4", "ticks 1\n"]);
  });

  test("metrics that fail cost one answer, and tell nothing of the inside", async () => {
    metricsText = () => Promise.reject(new Error("secret"));
    expect(await ask("/metrics")).toMatchObject({ status: 500, body: expect.not.stringContaining("secret") });
    expect((await ask("/healthz")).status).toBe(200);
  });
});
