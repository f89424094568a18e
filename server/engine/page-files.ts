/**
 * The page's files: `send` sees to types, ranges, validators and HEAD, and keeps within the folder; here it is decided which
 * encoding of a file is sent, and for how long it may be kept.
 */
import type { Stats } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import Negotiator from "negotiator";
import send from "send";
import { attempt } from "./http-connection.ts";

const ONE_YEAR_SECONDS = 31_536_000;
const IMMUTABLE = `public, max-age=${ONE_YEAR_SECONDS}, immutable`;
/** Vite names assets by their content, as in `/assets/index-Dk3fGh_1.js`: under one name they never change. */
const HASHED_ASSET = /^\/assets\/[^/]+-[\w-]{8}\.[\w.]+$/;

/** What the build compresses, and what it is. */
const COMPRESSED_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};
/** What each encoding's file is called after the plain one's name; of those that a client likes equally, the first. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ["br", ".br"],
  ["gzip", ".gz"],
]);

/**
 * Headers by which a client chooses, in characters: those of browsers are far shorter, and to read a long one takes
 * milliseconds. One that is longer is as if it were not there.
 */
const LONGEST = {
  "accept-encoding": 256,
  range: 256,
  "if-range": 256,
  "if-none-match": 1_024,
  "if-match": 1_024,
} as const;

/**
 * So much of a file is read at once, and once more for a peer that does not read, beside what its socket takes. With 64 KB, Node's
 * own choice, that is half as much again; with 16 KB a script of 280 KB takes 0.46 ms, not 0.34.
 */
const READ_BYTES = 32 * 1024;

export type FileAnswer = {
  /** Asked before the file is opened; false: so many bytes are not to be sent to who asks. */
  readonly maySend: (bytes: number) => boolean;
  /**
   * Told of the status when nothing can be sent, or not all.
   * @param cause the system's code of the error, where there is one
   */
  readonly fail: (status: number, cause?: string) => void;
};

export function sendPageFile(
  pageRoot: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { maySend, fail }: FileAnswer,
): void {
  for (const [name, most] of Object.entries(LONGEST))
    if (String(request.headers[name] ?? "").length > most) delete request.headers[name];
  const type = HASHED_ASSET.test(path) ? COMPRESSED_TYPES[extname(path)] : undefined;
  const cacheControl = HASHED_ASSET.test(path) ? IMMUTABLE : "no-cache";
  if (type !== undefined) response.setHeader("Vary", "Accept-Encoding");
  const sendAs = ([encoding, ...others]: readonly string[]) => {
    const name = `${path}${ENCODINGS.get(encoding!) ?? ""}`;
    const sending = send(request, name, { root: pageRoot, dotfiles: "ignore", cacheControl: false });
    askBeforeOpening(sending, request, { maySend, fail });
    sending
      .on("headers", (head: ServerResponse, _path: string, stats: Stats) => {
        head.setHeader("Cache-Control", cacheControl);
        head.setHeader("ETag", validatorOf(stats, encoding!));
        if (encoding === "identity") return;
        head.setHeader("Content-Type", type!);
        head.setHeader("Content-Encoding", encoding!);
      })
      .on("directory", () => fail(404))
      .on("error", ({ status = 500, code }: { status?: number; code?: string }) => {
        // The build wrote none of this encoding. It is not asked beforehand: whether a file is there, the disk alone can say.
        if (status === 404 && others.length > 0) sendAs(others);
        else fail(status, code);
      })
      .pipe(response);
  };
  sendAs(type === undefined ? ["identity"] : encodingsFor(request));
}

type Part = { readonly start: number; readonly end: number };

/** How much of a file is to be sent, `send` knows at its last step, where it would open it. */
function askBeforeOpening(sending: send.SendStream, { socket }: IncomingMessage, { maySend, fail }: FileAnswer): void {
  const open = sending.stream.bind(sending);
  sending.stream = (file, part) =>
    attempt(socket, () => {
      const { start, end } = part as Part;
      if (maySend(end - start + 1)) open(file, { ...part, highWaterMark: READ_BYTES });
      else fail(429);
    });
}

/** Its types are those of the version before, which had no preference. */
type Choice = { encodings(available: readonly string[], options: { preferred: readonly string[] }): string[] };

/**
 * The encodings that a client takes, the one that it likes best first. Last the plain file, even for a client that takes none of
 * them: something is better than an error.
 */
function encodingsFor(request: IncomingMessage): readonly string[] {
  const encodings = [...ENCODINGS.keys()];
  const choice = new Negotiator(request) as unknown as Choice;
  const liked = choice.encodings([...encodings, "identity"], { preferred: encodings });
  return [...new Set([...liked, "identity"])];
}

/** Differs from encoding to encoding, so that a range or a validator of one is never taken for another's. */
function validatorOf({ size, mtimeMs }: Stats, encoding: string): string {
  return `W/"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}-${encoding}"`;
}
