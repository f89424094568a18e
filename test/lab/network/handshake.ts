/**
 * What passes before a client can say hello: TCP's SYN and its answer, and HTTP's upgrade, a round trip each, over the same
 * path as all that follows. Hello and its answer are the third.
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

/** @returns a function that gives it up: `opened` is not called any more */
export function shakeHands(clock: Clock, route: Route, { up, down }: Connection, opened: () => void): () => void {
  let lastSynMs = clock.now();
  let isConnected = false;
  let takeBack = () => {};
  const upgrade = () => {
    if (isConnected) return;
    takeBack();
    isConnected = true;
    for (const lane of [up, down]) lane.noteRoundTrip(clock.now() - lastSynMs);
    up.send(UPGRADE_BYTES, () => down.send(SWITCHING_BYTES, opened));
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
