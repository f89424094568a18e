/**
 * How much may be asked over HTTP, by each address and by all together: bytes, before anybody reads them, and requests. A
 * trusted proxy asks for many, so its bytes are not counted; its requests are, by the address that it asks for.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { addressGroupOf } from "./address-group.ts";
import { type AskingLimits, AskingRate } from "./asking-rate.ts";
import type { ClientAddress } from "./client-address.ts";
import type { Clock } from "./clock.ts";
import type { CountRefusal } from "./transport.ts";

/** Requests a second. Infinity lifts a limit. */
export type RequestLimits = { readonly maxRequests: number; readonly maxRequestsPerAddress: number };

export type HttpLimits = {
  /**
   * Asked for each piece of requests that comes over a connection; false: it is not to be read, nor anything after it.
   * @param heads of requests that end in it
   */
  readonly mayRead: (socket: Socket, bytes: number, heads: number) => boolean;
  /** Asked once for each request; false: its address has asked too often. */
  readonly mayAsk: (request: IncomingMessage) => boolean;
  /** Told of each answer, once it has ended. */
  readonly sent: (request: IncomingMessage, bytes: number) => void;
};

/** Requests may come at once for as many seconds' worth: a page is some ten of them, and a class opens it together. */
const BURST_SECONDS = { ofGroup: 10, inAll: 2 };
/** An answer counts as one request more for each so many bytes: the page's largest script as two or three. */
const ANSWER_BYTES = 128 * 1024;
/** So much may be read for each request. Of a browser's few are longer than 2 KB. */
const REQUEST_BYTES = 6 * 1024;
/** What a piece costs beside its bytes, and what each request in it does: a short one is as much work as a long one. */
const PIECE_BYTES = 1024;
const HEAD_BYTES = 3 * 1024;

type Surroundings = {
  readonly addressOf: ClientAddress;
  readonly isTrustedProxy: (address: string) => boolean;
  readonly clock: Clock;
  readonly countRefusal: CountRefusal;
};

export function createHttpLimits(
  { maxRequests, maxRequestsPerAddress }: RequestLimits,
  { addressOf, isTrustedProxy, clock, countRefusal }: Surroundings,
): HttpLimits {
  const rateOf = (each: number): AskingLimits => ({
    perSecond: { ofGroup: maxRequestsPerAddress * each, inAll: maxRequests * each },
    burstSeconds: BURST_SECONDS,
  });
  const requests = new AskingRate(rateOf(1), clock.now());
  const bytesRead = new AskingRate(rateOf(REQUEST_BYTES), clock.now());
  const asks = (rate: AskingRate, group: string, cost?: number) => {
    const isRefused = rate.problemWith(group, clock.now(), cost) !== undefined;
    if (isRefused) countRefusal("too-many-requests");
    return !isRefused;
  };
  const groupOf = (request: IncomingMessage) => addressGroupOf(addressOf(request));
  return {
    mayAsk: (request) => asks(requests, groupOf(request)),
    sent: (request, bytes) => requests.charge(groupOf(request), Math.floor(bytes / ANSWER_BYTES), clock.now()),
    mayRead: ({ remoteAddress }, bytes, heads) => {
      if (remoteAddress === undefined) return false;
      if (isTrustedProxy(remoteAddress)) return true;
      return asks(bytesRead, addressGroupOf(remoteAddress), bytes + PIECE_BYTES + heads * HEAD_BYTES);
    },
  };
}
