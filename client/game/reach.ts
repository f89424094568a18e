/**
 * Reach: why the server cannot be reached, as far as a page can find out. A browser tells of a socket that failed and not
 * of why, so the page asks the same server by HTTP.
 */

/** Why there is no connection. */
export type Trouble =
  /** Nobody answers: the network is down, or the server. */
  | "unreachable"
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

/** @param base where the server lies. Never rejects. */
export async function findTrouble(base: URL, origin: string): Promise<Trouble> {
  const isForbidden = watchPolicy();
  const url = new URL("reach", base);
  url.searchParams.set("origin", origin);
  const ending = new AbortController();
  const overdue = setTimeout(() => ending.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: ending.signal, cache: "no-store", credentials: "omit" });
    const { socket } = (await response.json()) as { socket?: unknown };
    if (socket === "origin-not-allowed") return "origin-not-allowed";
    return socket === "allowed" ? "sockets-blocked" : "no-server";
  } catch (error) {
    // What a policy forbids fails at once, and is told of a moment later.
    await new Promise((resolve) => setTimeout(resolve, POLICY_TOLD_MS));
    if (isForbidden()) return "own-server-only";
    return error instanceof SyntaxError ? "no-server" : "unreachable";
  } finally {
    clearTimeout(overdue);
  }
}

/** @returns whether the page's policy forbade a connection since, which is told before the connection fails */
function watchPolicy(): () => boolean {
  let isForbidden = false;
  const note = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    isForbidden ||= effectiveDirective === "connect-src";
  };
  document.addEventListener("securitypolicyviolation", note);
  return () => {
    document.removeEventListener("securitypolicyviolation", note);
    return isForbidden;
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
