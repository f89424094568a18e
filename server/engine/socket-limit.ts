/** How many TCP sockets there may be, in all and for each address, whatever is spoken over them. */
import type { Server as HttpServer } from "node:http";
import type { Socket as Stream } from "node:net";
import { addressGroupOf } from "./address-group.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import { FairLimit } from "./fair-limit.ts";
import type { CountRefusal } from "./transport.ts";

/** A socket too many is destroyed as it comes; sockets of a trusted proxy are many clients', and not counted. */
export function limitSockets(
  server: HttpServer,
  { maxSockets, maxSocketsPerAddress }: ConnectionLimits,
  isTrustedProxy: (address: string) => boolean,
  countRefusal: CountRefusal,
): void {
  const sockets = new FairLimit<Stream>(maxSockets, maxSocketsPerAddress);
  server.on("connection", (socket) => {
    const address = socket.remoteAddress;
    // A peer that has reset its socket already has no address any more.
    if (address === undefined) return void socket.destroy();
    if (isTrustedProxy(address)) return;
    const group = addressGroupOf(address);
    const admission = sockets.add(socket, group);
    if (!admission.isAdded) {
      countRefusal("too-many-sockets");
      socket.destroy();
      return;
    }
    socket.once("close", () => sockets.remove(socket));
    admission.displaced?.destroy();
  });
}
