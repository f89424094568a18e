/**
 * The gate: which requests to upgrade to a WebSocket are let through to engine.io, which is asked nothing else. What is
 * refused here is answered here, by plain HTTP, and its socket is closed.
 */
import type { IncomingMessage } from "node:http";
import type { Socket as Stream } from "node:net";
import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import { answerRaw } from "./raw-answer.ts";
import type { CountRefusal } from "./transport.ts";
import { isWebSocketRequest } from "./websocket-request.ts";

/** Why a request is not let through: a reason that is counted and told, and the status that goes with it. */
export type UpgradeProblem = { readonly reason: Refusal | "too-hasty"; readonly status: 400 | 403 | 429 | 503 };

const MALFORMED: UpgradeProblem = { reason: "malformed", status: 400 };
const RETRY_AFTER_SECONDS = 5;

/**
 * What is wrong with a request as such; bytes that come before the answer to it are, too: nothing would have charged them.
 * @param head what came with the request's own bytes
 */
export function problemWithUpgrade(request: IncomingMessage, head: Buffer): UpgradeProblem | undefined {
  return isWebSocketRequest(request) && head.length === 0 ? undefined : MALFORMED;
}

/** Answers a request that is not let through, and closes its socket, which is never waited for. */
export function refuseUpgrade(
  request: IncomingMessage,
  stream: Stream,
  { reason, status }: UpgradeProblem,
  countRefusal: CountRefusal,
): void {
  countRefusal(reason);
  const wait: Record<string, number> = status >= 429 ? { "Retry-After": RETRY_AFTER_SECONDS } : {};
  answerRaw(stream, status, `${reason}\n`, request.headers.host, wait);
}
