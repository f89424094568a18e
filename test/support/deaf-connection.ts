import type { Connection } from "@starwake/server/engine/transport.ts";

/** A connection from an address that hears nothing. */
export function connectionFrom(address: string): Connection {
  const nothing = () => {};
  const ways = { sendFrame: nothing, notify: nothing, setSeated: nothing, close: nothing };
  return { id: address, address, addressGroup: address, isCongested: false, ...ways };
}
