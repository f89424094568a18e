/**
 * Answers with the page's files: each has its turn, is paid for, and is sent; what cannot be sent is refused, and told to the host where
 * that is the server's fault.
 *
 * Next: server/engine/page-files.ts, which sends.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import { createFewLines } from "./few-lines.ts";
import { attempt, refuseHaste } from "./http-connection.ts";
import type { HttpLimits } from "./http-limits.ts";
import type { Log } from "./log.ts";
import { sendPageFile } from "./page-files.ts";
import { answer, FAILED, FILE_HEADERS } from "./plain-answer.ts";
import { isRoomPath, type RoomPageSurroundings, readRoomPage } from "./room-page.ts";
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
      if (isRoomPath(path)) void sendRoomPage(path, request, response, surroundings, fail);
      else sendPageFile(pageRoot, path, request, response, { maySend, fail });
    };
    // Nothing moves while it waits for its turn, and its peer is not to blame.
    socket.setTimeout(times.answer);
    if (!limits.awaitPlace(request, response, () => attempt(socket, send))) fail(429);
  };
}

async function sendRoomPage(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  surroundings: RoomPageSurroundings,
  fail: (status: number, cause?: string) => void,
): Promise<void> {
  try {
    answer(response, 200, await readRoomPage(path, request, surroundings), "text/html; charset=utf-8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    fail(code === "ENOENT" ? 404 : 500, code);
  }
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
  else if (status === 404) answer(response, 404, path === "/" || isRoomPath(path) ? NO_PAGE : NOTHING_HERE);
  else if (status === 429) refuseHasteForFile(request, response);
  else answer(response, status, status < 500 ? "This request cannot be answered.\n" : FAILED);
}

function refuseHasteForFile(request: IncomingMessage, response: ServerResponse): void {
  for (const name of [...FILE_HEADERS, ...PART_HEADERS]) response.removeHeader(name);
  refuseHaste(request, response);
}
