/**
 * Has packets handed over before ws, engine.io and socket.io come to them, each of which takes longer to pass one on than
 * the room to take it: right out of the TCP socket's bytes, or, if it did not come in one piece, as ws has decoded it.
 * What is taken so may overtake a text message that came right before it.
 *
 * It stands in for the one listener that there is to ws's messages, engine.io's, and says so where there is another.
 */
import type { EventEmitter } from "node:events";
import type { Socket as Stream } from "node:net";
import { passOn, readInPlace } from "./read-in-place.ts";
import { ShortMessages, type Taker } from "./websocket-bytes.ts";

type Listener = (...values: unknown[]) => void;

/** @param webSocket ws's; `stream`: the TCP socket that carries it */
export function takeAhead(webSocket: EventEmitter, stream: Stream, taker: Taker): void {
  const [original, ...others] = webSocket.listeners("message") as Listener[];
  if (original === undefined || others.length > 0)
    throw new Error('not one alone listens to "message" of a WebSocket any more: mend take-ahead.ts');
  webSocket.removeAllListeners("message");
  const listener: Listener = (data, isBinary) => {
    if (isBinary !== true || !taker.takes(data as Uint8Array)) original.call(webSocket, data, isBinary);
  };
  // By this name Node's emitters know a listener that stands in for another: whoever takes the other away takes it away.
  webSocket.on("message", Object.assign(listener, { listener: original }));
  const messages = new ShortMessages(taker, (bytes) => passOn(stream, bytes));
  readInPlace(stream, (bytes) => messages.read(bytes));
}
