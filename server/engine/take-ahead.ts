/**
 * Has packets handed over before ws, engine.io and socket.io come to them, each of which takes longer to pass one on than
 * the room to take it: right out of the TCP socket's bytes, or, if it did not come in one piece, as ws has decoded it. So are
 * pings. Other short texts come to engine.io past ws, too, which keeps some bytes of each one for long.
 *
 * It stands in for the one listener that there is to ws's messages, engine.io's, and says so where there is another.
 */
import { isUtf8 } from "node:buffer";
import type { EventEmitter } from "node:events";
import type { Socket as Stream } from "node:net";
import { passOn, readInPlace } from "./read-in-place.ts";
import { ShortMessages, type Taker } from "./websocket-bytes.ts";

type Listener = (...values: unknown[]) => void;

/** Who is asked about what arrives. */
export type MessageTaker = Taker & {
  /** Reading threw. */
  failed(error: unknown): void;
  /** All that came at once is read. `isClosing`: the peer's closing frame was among it, or came before. */
  paused(isClosing: boolean): void;
};

/**
 * @param webSocket ws's; `stream`: the TCP socket that carries it
 * @param taken is called when all that came at once is taken
 */
export function takeAhead(webSocket: EventEmitter, stream: Stream, taker: MessageTaker, taken: () => void): void {
  const [original, ...others] = webSocket.listeners("message") as Listener[];
  if (original === undefined || others.length > 0)
    throw new Error('not one alone listens to "message" of a WebSocket any more: mend take-ahead.ts');
  webSocket.removeAllListeners("message");
  const listener: Listener = (data, isBinary) => {
    if (!taker.takes(data as Buffer, isBinary === true)) original.call(webSocket, data, isBinary);
  };
  // By this name Node's emitters know a listener that stands in for another: whoever takes the other away takes it away.
  webSocket.on("message", Object.assign(listener, { listener: original }));
  const takeText = (bytes: Buffer) => {
    // It is for ws to complain.
    if (!isUtf8(bytes)) return false;
    webSocket.emit("message", bytes, false);
    return true;
  };
  const messages = new ShortMessages(
    {
      admits: (bytes, kind) => taker.admits(bytes, kind),
      crumbled: () => taker.crumbled(),
      takes: (bytes, isBinary) => (isBinary ? taker.takes(bytes, true) : takeText(bytes)),
    },
    (bytes) => passOn(stream, bytes),
  );
  readInPlace(stream, (bytes) => {
    try {
      messages.read(bytes);
      taker.paused(messages.isClosing);
    } catch (error) {
      taker.failed(error);
    }
    taken();
  });
}
