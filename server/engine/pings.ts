/** Pings as messages: each client asks for one a second, so they are read and answered past engine.io and socket.io. */
import { type RequestReply, requests } from "@starwake/shared/engine/protocol.ts";
import { encodeReply, parseRequest } from "@starwake/shared/engine/wire-parser.ts";
import { ENGINE_IO_MESSAGE } from "./notice-messages.ts";

const PING: keyof typeof requests = "ping";
/** Of engine.io's message, the part that tells a ping from all else without its being parsed. */
const BEGINNING = Buffer.from(`${ENGINE_IO_MESSAGE}[2,["${PING}",`);

/** @returns the number under which it is to be answered; undefined: it is something else, or malformed */
export function numberOfPing(text: Buffer): number | undefined {
  if (!BEGINNING.equals(text.subarray(0, BEGINNING.length))) return undefined;
  const request = parseRequest(text.toString("utf8", ENGINE_IO_MESSAGE.length));
  return request?.name === PING && requests.ping.body.safeParse(request.body).success ? request.id : undefined;
}

/** The payload of the text that answers it. */
export function replyToPing(number: number, reply: RequestReply<"ping">): Buffer {
  return Buffer.from(ENGINE_IO_MESSAGE + encodeReply(number, reply));
}
