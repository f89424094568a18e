/**
 * nginx, Caddy and HAProxy before a server: each with the configuration that docs/hosting-behind-a-proxy.md shows, on a port of
 * this machine, in the foreground, without privileges, and with all that it writes in a folder that goes with the test.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Certificate, getSecurely } from "./certificate.ts";
import { freePort } from "./free-port.ts";
import { programNamed } from "./programs.ts";

export const PROXIES = ["nginx", "caddy", "haproxy"] as const;
export type ProxyName = (typeof PROXIES)[number];
/** nginx again, which has the server below a path. */
type SetupName = ProxyName | "nginx-below-path";

type Setup = {
  /** What it is started by, if not by its name. */
  readonly program?: ProxyName;
  /** The file in docs/proxies. */
  readonly file: string;
  /** What of it is for the world, and what stands there in a test. */
  readonly listen: readonly [string, (port: number, certificateFile?: string) => string];
  /** The command's words, when the file lies in a folder. */
  args(folder: string): string[];
  /** Another file that is needed, by its name. */
  main?(folder: string): readonly [string, string];
};

const BACKEND = "127.0.0.1:3000";
/** Nobody: where the tests run as root, the proxies do not. */
const NOBODY = 65_534;

const SETUPS: Readonly<Record<SetupName, Setup>> = {
  nginx: nginxWith("nginx.conf"),
  "nginx-below-path": { ...nginxWith("nginx-below-path.conf"), program: "nginx" },
  caddy: {
    file: "Caddyfile",
    listen: [
      "play.example {",
      (port, file) => {
        const site = file === undefined ? `http://:${port} {` : `https://127.0.0.1:${port} {\n\ttls ${file} ${file}`;
        return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}\n\tbind 127.0.0.1`;
      },
    ],
    args: (folder) => ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")],
  },
  haproxy: {
    file: "haproxy.cfg",
    listen: ["bind :80", (port, file) => `bind 127.0.0.1:${port}${file === undefined ? "" : ` ssl crt ${file}`}`],
    args: (folder) => ["-db", "-f", join(folder, "haproxy.cfg")],
  },
};

function nginxWith(file: string): Setup {
  return {
    file,
    listen: [
      "listen 80;",
      (port, file) =>
        file === undefined
          ? `listen 127.0.0.1:${port};`
          : `listen 127.0.0.1:${port} ssl; ssl_certificate ${file}; ssl_certificate_key ${file};`,
    ],
    args: (folder) => ["-p", folder, "-c", join(folder, "main.conf"), "-e", "stderr"],
    main: (folder) => ["main.conf", nginxAround(folder, file)],
  };
}

/** What a distribution has around a site. */
function nginxAround(folder: string, file: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const places = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ");
  return `daemon off; pid ${folder}/pid; events {} http { access_log off; ${places} include ${folder}/${file}; }\n`;
}

/** The program's path; undefined where it is not installed. */
export function programOf(name: SetupName): string | undefined {
  return programNamed(SETUPS[name].program ?? name);
}

/**
 * Starts a proxy before a port of this machine, and ends it with the test.
 * @param certificate with which it speaks TLS, and nothing else
 * @returns its own port, where it answers
 */
export async function startProxy(name: SetupName, backendPort: number, certificate?: Certificate): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `starwake-${name}-`));
  const { args, file, main } = SETUPS[name];
  const certificateFile = certificate && join(folder, "certificate.pem");
  if (certificateFile !== undefined) writeFileSync(certificateFile, certificate!.withKey);
  writeFileSync(join(folder, file), configFor(name, port, backendPort, certificateFile));
  if (main !== undefined) writeFileSync(join(folder, main(folder)[0]), main(folder)[1]);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const child = spawn(programOf(name)!, args(folder), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  onTestFinished(async () => {
    await end(child);
    rmSync(folder, { recursive: true });
  });
  await answering(name, child, port, certificate);
  return port;
}

/** The documented configuration with a test's ports in it. @throws where it no longer has what is replaced */
function configFor(name: SetupName, port: number, backendPort: number, certificateFile?: string): string {
  const { file, listen } = SETUPS[name];
  const text = readFileSync(new URL(`../../docs/proxies/${file}`, import.meta.url), "utf8");
  for (const part of [listen[0], BACKEND])
    if (!text.includes(part)) throw new Error(`${file} has no "${part}" any more`);
  return text.replace(listen[0], listen[1](port, certificateFile)).replace(BACKEND, `127.0.0.1:${backendPort}`);
}

async function answering(
  name: SetupName,
  child: ChildProcess,
  port: number,
  certificate: Certificate | undefined,
): Promise<void> {
  let written = "";
  let isOver = false;
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (part: Buffer) => (written += part));
  child.once("close", () => {
    isOver = true;
  });
  const state = async () => {
    if (isOver) return `${name} ended: ${written}`;
    // Every server with a transport answers there, if only that this is no way to ask.
    // Below a path it is the proxy itself that answers, which does as well.
    const place = `127.0.0.1:${port}/socket.io/`;
    const asked = certificate === undefined ? fetch(`http://${place}`) : getSecurely(`https://${place}`, certificate);
    return asked.then(
      () => "answers",
      () => "does not answer yet",
    );
  };
  await expect.poll(state, { interval: 50 }).toMatch(/answers|ended/);
  expect(await state()).toBe("answers");
}

/** By SIGTERM: of nginx, which has processes of its own, SIGKILL would leave those. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
