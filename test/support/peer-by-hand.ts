import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { HELLO } from "./live-transport.ts";

/** A peer without a library, which says hello and from then on reads what it is sent, or nothing at all. */
export async function connectByHand(port: number, { reads }: { reads: boolean }): Promise<Socket> {
  const peer = connect(port, "127.0.0.1");
  onTestFinished(() => void peer.destroy());
  peer.on("error", () => {});
  await once(peer, "connect");
  peer.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await once(peer, "data");
  if (reads) peer.resume();
  else peer.pause();
  const text = Buffer.from(HELLO);
  // One text frame, masked with zeros.
  peer.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  return peer;
}
