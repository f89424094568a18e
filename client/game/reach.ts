/**
 * Reach: why the server cannot be reached, as far as a page can find out. A browser tells of a socket that failed and not
 * of why, so the page asks the same server by HTTP.
 */

/** Why there is no connection. */
export type Trouble =
  /** Nobody answers, or a proxy alone: the network is down, or the server. */
  | "unreachable"
  /** The server, or a proxy, takes no more requests from here for now. */
  | "too-many-requests"
  /** Something answers there that is no game server. */
  | "no-server"
  /** The server answers, and sockets do not come up: something on the way keeps them out. */
  | "sockets-blocked"
  /** The server takes no players from pages of this origin, or does not see which origin it is. */
  | "origin-not-allowed"
  /** The page's own server lets it talk to nobody else. */
  | "own-server-only";

const ANSWER_MS = 3_000;
const POLICY_TOLD_MS = 100;

/**
 * Never rejects.
 *
 * @param base where the server lies
 * @param page the document, which tells what its policy forbids
 */
export async function findTrouble(base: URL, origin: string, page: EventTarget): Promise<Trouble> {
  const policy = watchPolicy(page);
  const url = new URL("reach", base);
  url.searchParams.set("origin", origin);
  const ending = new AbortController();
  const overdue = setTimeout(() => ending.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: ending.signal, cache: "no-store", credentials: "omit" });
    return troubleIn(response.status, await response.text());
  } catch {
    // What a policy forbids fails at once, and is told of a moment later.
    await new Promise((resolve) => setTimeout(resolve, POLICY_TOLD_MS));
    return policy.hasForbidden() ? "own-server-only" : "unreachable";
  } finally {
    policy.stop();
    clearTimeout(overdue);
  }
}

/** What an answer says of the server. @param body a game server's is JSON; others may send anything */
export function troubleIn(status: number, body: string): Trouble {
  if (status === 429) return "too-many-requests";
  // The server itself fails at no such question: a proxy answers in its place.
  if (status >= 500) return "unreachable";
  const socket = socketIn(body);
  if (socket === "origin-not-allowed") return "origin-not-allowed";
  return socket === "allowed" ? "sockets-blocked" : "no-server";
}

function socketIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { socket?: unknown } | null)?.socket;
  } catch {
    return undefined;
  }
}

/** Whether the page's policy forbids a connection from now on, which is told within POLICY_TOLD_MS after the connection failed. */
function watchPolicy(page: EventTarget): { hasForbidden(): boolean; stop(): void } {
  let hasForbidden = false;
  const note = (event: Event): void => {
    hasForbidden ||= (event as SecurityPolicyViolationEvent).effectiveDirective === "connect-src";
  };
  page.addEventListener("securitypolicyviolation", note);
  return {
    hasForbidden: () => hasForbidden,
    stop: () => page.removeEventListener("securitypolicyviolation", note),
  };
}

/** Without a connection for so long, or after so many attempts, it is looked into. */
const PATIENCE_MS = 3_500;
const ATTEMPTS = 2;
/** Networks come and go: what was found out is found out anew after so long. */
const LOOK_AGAIN_MS = 8_000;

/** Finds out why there is no connection, as soon as there has been none for a while. */
export class ReachWatch {
  /** Undefined: there is a connection, or nothing is known yet. */
  trouble: Trouble | undefined;
  private readonly now: () => number;
  private readonly find: () => Promise<Trouble>;
  private goneSinceMs: number | undefined;
  private lookDueMs = 0;

  constructor(now: () => number, find: () => Promise<Trouble>) {
    this.now = now;
    this.find = find;
  }

  /** To be told again and again. @param failedAttempts to connect, since there was a connection */
  note(isConnected: boolean, failedAttempts: number): void {
    const nowMs = this.now();
    if (isConnected) {
      this.goneSinceMs = undefined;
      this.trouble = undefined;
      this.lookDueMs = 0;
      return;
    }
    this.goneSinceMs ??= nowMs;
    const isLong = failedAttempts >= ATTEMPTS || nowMs - this.goneSinceMs >= PATIENCE_MS;
    if (!isLong || nowMs < this.lookDueMs) return;
    this.lookDueMs = nowMs + LOOK_AGAIN_MS;
    void this.find().then((trouble) => {
      if (this.goneSinceMs !== undefined) this.trouble = trouble;
    });
  }
}
