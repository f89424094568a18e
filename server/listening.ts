/**
 * Where the server listens, and what a host is told when it cannot.
 */
import type { Server } from "node:http";
import { type AddressInfo, createServer, type ListenOptions, type Server as PlainServer } from "node:net";
import { type Config, hostByDefault } from "./config.ts";
import type { Log } from "./engine/log.ts";
import { openFurtherListeners } from "./further-listeners.ts";
import { type Given, passedOver } from "./options.ts";

type Place = Pick<Config, "port" | "host">;
type Wish = {
  readonly config: Place;
  /** What was set, and where. */
  readonly given: ReadonlyMap<string, Given>;
};
type Listening = Place & {
  /** To be called when the server closes: ends what listens beside its own socket. */
  readonly closeFurther: () => Promise<void>;
};

/**
 * Sockets that wait to be accepted; the system may allow fewer. Of one too many the beginning is lost, and its peer tries
 * again after one second, then two: with Node's 511 a rush of others makes a newcomer wait for three.
 */
const BACKLOG = 4_096;

/** What a host is wrong with that is no address of this machine, or no known name. */
const NOT_HERE = new Set(["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN", "EAI_NONAME", "EAFNOSUPPORT", "EINVAL"]);

/**
 * A plain HOST may be another program's: one that cannot be listened on is passed over. What the server's socket suffers
 * later is logged, and it listens on.
 * @param fallback listened on instead of that
 * @returns where it listens
 * @throws with a line for the host, when it cannot listen
 */
export async function listen(
  server: Server,
  { config, given }: Wish,
  log: Log,
  fallback = hostByDefault,
): Promise<Listening> {
  try {
    const listening = await listenOn(server, config);
    server.on("error", (error) => log.error({ err: error }, "a connection could not be taken"));
    return listening;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!given.get("host")?.isPlain || !NOT_HERE.has(code ?? "")) throw explained(error, { config, given });
    log.warn(passedOver("host", explainHost(code, config.host, given)));
    return listen(server, { config: { ...config, host: fallback }, given: withoutHost(given) }, log);
  }
}

async function listenOn(server: Server, { port: wished, host }: Place): Promise<Listening> {
  // Without a host Node listens on "::", which takes IPv4, too, and where there is no IPv6 on 0.0.0.0.
  const place = { port: wished, backlog: BACKLOG, ...(host !== hostByDefault && { host }) };
  // For 0 the system takes one that nobody has.
  if (wished !== 0) await checkFree(place);
  // Where ports cannot be shared, whatever the system's word for that is, it listens alone; what else is wrong is said then.
  await open(server, { ...place, reusePort: true }).catch(() => open(server, place));
  const { port } = server.address() as AddressInfo;
  return { port, host, closeFurther: await openFurtherListeners(server, { ...place, port, reusePort: true }) };
}

/** Whoever asks for a port to share it is given it though another server has it, too: first it is asked for alone. */
async function checkFree(place: ListenOptions): Promise<void> {
  const asker = createServer();
  await open(asker, place);
  await new Promise((resolve) => asker.close(resolve));
}

function open(server: PlainServer, place: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(place, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function explained(error: unknown, { config: { port, host }, given }: Wish): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const portSource = given.get("port")?.source;
  const from = portSource === undefined || portSource === "--port" ? "" : ` (${portSource})`;
  if (code === "EADDRINUSE")
    return new Error(`port ${port}${from} is in use: end what listens there, or choose another with --port`);
  if (code === "EACCES")
    return new Error(`port ${port}${from} may not be opened by this user: choose one above 1023 with --port`);
  if (NOT_HERE.has(code ?? "")) return new Error(`${explainHost(code, host, given)}; choose another with --host`);
  return new Error(`cannot listen on ${host}:${port} (--host and --port): ${message}`);
}

function explainHost(code: string | undefined, host: string, given: ReadonlyMap<string, Given>): string {
  const wrong = code?.startsWith("E") && !code.startsWith("EAI") && code !== "ENOTFOUND";
  return `${given.get("host")?.source ?? "--host"} ${host}: ${wrong ? "this machine has no such address" : "nobody here knows this name"}`;
}

function withoutHost(given: ReadonlyMap<string, Given>): ReadonlyMap<string, Given> {
  return new Map([...given].filter(([name]) => name !== "host"));
}
