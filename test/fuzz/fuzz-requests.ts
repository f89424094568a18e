/** Upgrade requests: the right one, and those that lack something, say it twice, or are no HTTP at all. */
import { nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { SOCKET_PATH, upgradeRequest } from "../attack/wire-bytes.ts";

const EXTRA_LINES = [
  "Content-Length: 5",
  "Transfer-Encoding: chunked",
  "Expect: 100-continue",
  "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
  "Sec-WebSocket-Extensions: ;;,=",
  "Sec-WebSocket-Protocol: a,a,",
  "Sec-WebSocket-Key: again",
  "Origin: null",
  "Origin: http://[",
  `X-Long: ${"x".repeat(9_000)}`,
  "X-Forwarded-For: ,,",
  "Upgrade: h2c",
  "Connection: close",
  " folded",
];
const PATHS = [
  "/socket.io/",
  "/socket.io/?EIO=3&transport=websocket",
  "/socket.io/?EIO=4&transport=polling",
  "/socket.io/?EIO=4&transport=__proto__",
  "/socket.io/?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA",
  "/socket.io/?EIO=4&transport=websocket&sid=__proto__",
  "/socket.io/?EIO=4&EIO=4&transport=websocket&transport=websocket",
  "//socket.io/?EIO=4&transport=websocket",
  "/%2e%2e/%zz",
  "*",
  "http://[::1/",
  `/${"x".repeat(4_000)}`,
];

export const rightRequest = (port: number) => upgradeRequest(port);

export function brokenRequest(random: Random, port: number): Buffer {
  const pick = <Value>(values: readonly Value[]) => values[nextBelow(random, values.length)];
  const extra = Array.from({ length: nextBelow(random, 3) }, () => pick(EXTRA_LINES));
  const request = upgradeRequest(port, extra, nextBelow(random, 2) === 0 ? pick(PATHS) : SOCKET_PATH);
  const lines = request.toString("latin1").split("\r\n");
  const ways = [
    () => request,
    () => Buffer.from(lines.filter(() => nextBelow(random, 6) > 0).join("\r\n"), "latin1"),
    () => Buffer.from(lines.join("\n"), "latin1"),
    () => request.subarray(0, nextBelow(random, request.length)),
    () => flipped(random, request),
    () => Buffer.concat([request, request]),
    () => Buffer.concat([Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), request]),
    () => Buffer.from(Array.from({ length: 1 + nextBelow(random, 200) }, () => nextBelow(random, 256))),
  ];
  return pick(ways)();
}

function flipped(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + nextBelow(random, 4); left > 0; left--)
    changed[nextBelow(random, changed.length)] ^= 1 << nextBelow(random, 8);
  return changed;
}
