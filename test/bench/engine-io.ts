/** engine.io's framing, spoken by hand: a digit before each text, and binary messages as they are. */

import { openSocket, type RawSocket } from "./raw-socket.ts";
import type { Traffic } from "./traffic.ts";

const Digit = { Open: 0x30, Ping: 0x32, Message: 0x34 } as const;
const PONG = "3";

export type EngineIoHandlers = {
  /** The connection is open: what to say first, without the digit. */
  readonly hello: string;
  text(text: Buffer, socket: RawSocket): void;
  binary(bytes: Buffer, socket: RawSocket): void;
};

/** Resolves when the WebSocket is open; the hello follows by itself. */
export function openEngineIo(
  port: number,
  place: number,
  traffic: Traffic,
  { hello, text, binary }: EngineIoHandlers,
): Promise<RawSocket> {
  const url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;
  return openSocket(url, place, traffic, (message, isBinary, socket) => {
    if (isBinary) binary(message, socket);
    else if (message[0] === Digit.Message) text(message.subarray(1), socket);
    else if (message[0] === Digit.Ping) socket.send(PONG);
    else if (message[0] === Digit.Open) socket.send(`4${hello}`);
  });
}
