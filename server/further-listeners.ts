/**
 * Further listening sockets on a server's port, whose connections are the server's own. The event loop accepts one
 * connection of each listening socket in a turn (libuv, since 1.45), and a turn of a process that has much to do takes ten
 * milliseconds and more: where others connect a hundred times a second, a newcomer waits for seconds to be accepted. The
 * system spreads new connections over all sockets that share a port (SO_REUSEPORT).
 */
import type { Server as HttpServer } from "node:http";
import { createServer, type ListenOptions, type Server } from "node:net";

/** With the server's own, eight are accepted in a turn: more than come while one lasts, by the limits of connections. */
const FURTHER = 7;

/**
 * Where the system does not share ports there are none: the server's own socket does.
 * @param place that the server listens on, as one that shares it
 * @returns ends them; resolves when all connections that they took have ended
 */
export async function openFurtherListeners(server: HttpServer, place: ListenOptions): Promise<() => Promise<void>> {
  const further = await Promise.all(Array.from({ length: FURTHER }, () => openOne(server, place)));
  const open = further.filter((one) => one !== undefined);
  return async () => {
    await Promise.all(open.map((one) => new Promise((resolve) => one.close(resolve))));
  };
}

function openOne(server: HttpServer, place: ListenOptions): Promise<Server | undefined> {
  // As Node's HTTP server takes its own.
  const one = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
  return new Promise((resolve) => {
    one.once("error", () => resolve(undefined));
    one.listen(place, () => {
      one.removeAllListeners("error").on("error", (error) => server.emit("error", error));
      resolve(one);
    });
  });
}
