/**
 * How much may be asked over HTTP, by each address and by all together: bytes, before anybody reads them, and requests. A
 * trusted proxy asks for many, so its bytes are not counted; its requests are, by the address that it asks for.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { addressGroupOf } from "./address-group.ts";
import { type AskingLimits, AskingRate } from "./asking-rate.ts";
import type { ClientAddress } from "./client-address.ts";
import type { Clock } from "./clock.ts";
import { FilesUnderWay } from "./files-under-way.ts";
import type { CountRefusal } from "./transport.ts";

/** Requests a second. Infinity lifts a limit. */
export type RequestLimits = { readonly maxRequests: number; readonly maxRequestsPerAddress: number };

export type HttpLimits = {
  /**
   * Asked for each piece of requests that comes over a connection; false: it is not to be read, nor anything after it.
   * @param heads of requests that end in it
   */
  readonly mayRead: (socket: Socket, bytes: number, heads: number) => boolean;
  /**
   * Asked once for each request; false: its address has asked too often, or all together have.
   * @param isProbe whether it asks how the server is: that is told whatever others ask for, or who watches it would end a server
   * that many ask much of
   */
  readonly mayAsk: (request: IncomingMessage, isProbe: boolean) => boolean;
  /** The same for a request to upgrade. @returns why it is not to be answered as it wishes */
  readonly problemWithUpgrade: (request: IncomingMessage) => "too-often" | "busy" | undefined;
  /** Calls `send` when one file more may be under way to the address that asks; false: there is no place for it. */
  readonly awaitPlace: (request: IncomingMessage, response: ServerResponse, send: () => void) => boolean;
  /** Asked for each file, before so many bytes of it are sent; false: its address has still to wait for those before. */
  readonly maySend: (request: IncomingMessage, bytes: number) => boolean;
};

/** Requests may come at once for as many seconds' worth: a page is some ten of them, and a class opens it together. */
const BURST_SECONDS = { ofGroup: 10, inAll: 2 };
/**
 * A file counts as one request more for each so many bytes, the page's largest script as two or three. It does so before it is
 * sent: 320 requests for one of 11 MB, sent at once, all came before the first was paid for.
 */
const ANSWER_BYTES = 128 * 1024;
/** So much may be read for each request. Of a browser's few are longer than 2 KB. */
const REQUEST_BYTES = 6 * 1024;
/** What a piece costs beside its bytes, and what each request in it does: a short one is as much work as a long one. */
const PIECE_BYTES = 1024;
const HEAD_BYTES = 3 * 1024;
/**
 * A piece in which no request ends costs as much as a whole request: to read it is as much work, and a browser's request seldom
 * comes in two. An upgrade that comes a byte at a time is 190 of them.
 */
const CRUMB_BYTES = REQUEST_BYTES;

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
  const files = new FilesUnderWay();
  const counted = <Problem>(problem: Problem | undefined) => {
    if (problem !== undefined) countRefusal("too-many-requests");
    return problem;
  };
  const isFree = (problem: string | undefined) => counted(problem) === undefined;
  const groupOf = (request: IncomingMessage) => addressGroupOf(addressOf(request));
  return {
    mayAsk: (request, isProbe) => {
      const group = groupOf(request);
      return isFree(isProbe ? requests.ownProblemWith(group, clock.now()) : requests.problemWith(group, clock.now()));
    },
    problemWithUpgrade: (request) => counted(requests.problemWith(groupOf(request), clock.now())),
    awaitPlace: (request, response, send) => {
      const isPlaced = files.add(response, groupOf(request), send);
      if (!isPlaced) countRefusal("too-many-files");
      return isPlaced;
    },
    maySend: (request, bytes) =>
      isFree(requests.problemWithCost(groupOf(request), clock.now(), Math.floor(bytes / ANSWER_BYTES))),
    mayRead: ({ remoteAddress }, bytes, heads) => {
      if (remoteAddress === undefined) return false;
      if (isTrustedProxy(remoteAddress)) return true;
      const cost = bytes + (heads === 0 ? CRUMB_BYTES : PIECE_BYTES + heads * HEAD_BYTES);
      return isFree(bytesRead.problemWith(addressGroupOf(remoteAddress), clock.now(), cost));
    },
  };
}
