/**
 * What passes before a link is open: TCP's SYN and its answer, HTTP's upgrade, and socket.io's connect, a round trip each,
 * over the same path as all that follows. The server takes the connection when socket.io's word has come; its answer opens
 * the link.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import { HEADER_BYTES } from "./headers.ts";
import type { Connection } from "./ordered-lane.ts";
import type { Route } from "./path.ts";

/** A SYN that is not answered is sent again after a second, and after twice as long each time that follows. */
const SYN_RETRY_MS = 1000;
/** As a browser and the server write them. */
const UPGRADE_BYTES = 500;
const SWITCHING_BYTES = 250;
const CONNECT_BYTES = 60;

/** @returns a function that gives it up: `accept` is not called any more */
export function shakeHands(clock: Clock, route: Route, { up, down }: Connection, accept: () => void): () => void {
  let lastSynMs = clock.now();
  let isConnected = false;
  let takeBack = () => {};
  const upgrade = () => {
    if (isConnected) return;
    takeBack();
    isConnected = true;
    for (const lane of [up, down]) lane.noteRoundTrip(clock.now() - lastSynMs);
    up.send(UPGRADE_BYTES, () => down.send(SWITCHING_BYTES, () => up.send(CONNECT_BYTES, accept)));
  };
  const synchronize = (retryMs: number) => {
    lastSynMs = clock.now();
    route.up.send(HEADER_BYTES.syn, () => route.down.send(HEADER_BYTES.syn, upgrade));
    takeBack = clock.after(retryMs, () => synchronize(retryMs * 2));
  };
  synchronize(SYN_RETRY_MS);
  return () => {
    isConnected = true;
    takeBack();
    up.close();
    down.close();
  };
}
