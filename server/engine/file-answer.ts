/**
 * Answers with the page's files: each has its turn, is paid for, and is sent; what cannot be sent is refused, and told to the host where
 * that is the server's fault.
 *
 * Next: server/engine/page-files.ts, which sends.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import { createFewLines } from "./few-lines.ts";
import { attempt, refuseHaste } from "./http-connection.ts";
import type { HttpLimits } from "./http-limits.ts";
import type { Log } from "./log.ts";
import { type FileAnswer, sendPageFile } from "./page-files.ts";
import { answer, FAILED, FILE_HEADERS } from "./plain-answer.ts";
import { isPagePath, type RoomPageSurroundings, readPage } from "./room-page.ts";
import type { CountRefusal } from "./transport.ts";

export type FileSurroundings = RoomPageSurroundings & {
  /** The folder of the built page; it may be built, or built anew, while the server runs. */
  readonly pageRoot: string;
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly countRefusal: CountRefusal;
};

/** How long peers may take, in milliseconds; see HttpTimes. */
type Times = { readonly still: number; readonly answer: number };

/** Of what a peer wrote, this much is logged. */
const LOGGED_LENGTH = 200;
const NOTHING_HERE = "There is nothing at this address.\n";
const NO_PAGE = "The page is not built yet: npm run build.\n";
/** Headers of a file that was about to be sent, beside those that no plain answer has. */
const PART_HEADERS = ["Content-Type", "Content-Length", "Content-Range", "Cache-Control"] as const;

type AnswerFile = (path: string, request: IncomingMessage, response: ServerResponse) => void;

/** Answers every request for a file, and never throws. */
export function createFileAnswer(surroundings: FileSurroundings, times: Times): AnswerFile {
  const { pageRoot, limits } = surroundings;
  const noteFailure = createFailureNote(surroundings);
  return (path, request, response) => {
    const { socket } = request;
    const maySend = (bytes: number) => limits.maySend(request, bytes);
    const fail = (status: number, cause?: string) => {
      if (status >= 500) noteFailure(path, cause);
      refuseFile(path, status, request, response);
    };
    const send = () => {
      socket.setTimeout(times.still);
      if (isPagePath(path)) void sendPage(path, request, response, surroundings, { maySend, fail });
      else sendPageFile(pageRoot, path, request, response, { maySend, fail });
    };
    // Nothing moves while it waits for its turn, and its peer is not to blame.
    socket.setTimeout(times.answer);
    if (!limits.awaitPlace(request, response, () => attempt(socket, send))) fail(429);
  };
}

async function sendPage(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  surroundings: RoomPageSurroundings,
  { maySend, fail }: FileAnswer,
): Promise<void> {
  try {
    const page = await readPage(path, request, surroundings);
    // Of the same text it is the same for everybody; who plays in a room changes it.
    const validator = `W/"${createHash("sha256").update(page).digest("base64url")}"`;
    const { "if-match": wanted, "if-none-match": had } = request.headers;
    if (wanted !== undefined && !meets(wanted, validator)) fail(412);
    else if (had !== undefined && meets(had, validator)) answerUnchanged(response, validator);
    else if (request.method === "GET" && !maySend(Buffer.byteLength(page))) fail(429);
    else answerPage(response, page, validator);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    fail(code === "ENOENT" ? 404 : 500, code);
  }
}

/** Whether a condition names this page: by its validator, alone or among others, weak or not, or by a star for any. */
function meets(condition: string, validator: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return condition.trim() === "*" || condition.split(",").map(opaque).includes(opaque(validator));
}

function answerUnchanged(response: ServerResponse, validator: string): void {
  if (response.headersSent) return;
  response.writeHead(304, { ETag: validator, "Cache-Control": "no-cache" });
  response.end();
}

function answerPage(response: ServerResponse, page: string, validator: string): void {
  if (response.headersSent) return;
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": Buffer.byteLength(page),
    "Cache-Control": "no-cache",
    ETag: validator,
  });
  response.end(page);
}

/** Counts files that could not be sent though they are there, and logs each with its cause, once. */
function createFailureNote({ clock, log, countRefusal }: FileSurroundings): (path: string, cause?: string) => void {
  const isNews = createFewLines(clock);
  return (path, cause = "unknown") => {
    countRefusal("page-file-failed");
    const shownPath = path.slice(0, LOGGED_LENGTH);
    if (isNews(`${cause} ${shownPath}`)) log.error({ path: shownPath, cause }, "a file of the page cannot be read");
  };
}

function refuseFile(path: string, status: number, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else if (status === 404) answer(response, 404, isPagePath(path) ? NO_PAGE : NOTHING_HERE);
  else if (status === 429) refuseHasteForFile(request, response);
  else answer(response, status, status < 500 ? "This request cannot be answered.\n" : FAILED);
}

function refuseHasteForFile(request: IncomingMessage, response: ServerResponse): void {
  for (const name of [...FILE_HEADERS, ...PART_HEADERS]) response.removeHeader(name);
  refuseHaste(request, response);
}
