/**
 * Connections that are reset while the server still has something to do with them: an error that nobody listens to ends a
 * process.
 */
import { nextBelow } from "@starwake/shared/engine/random.ts";
import type { Attack } from "../attack.ts";
import { HELLO, joinText, SOCKET_PATH, text, upgradeRequest } from "../wire-bytes.ts";

const QUICK = text(joinText({ kind: "quick" }));
const MOST_DELAY_MS = 150;

/** Each with the port in it; what is written before the reset. */
const BEGINNINGS: readonly ((port: number) => Buffer)[] = [
  (port) => upgradeRequest(port, [], "/"),
  (port) => upgradeRequest(port, [], "/elsewhere"),
  (port) => upgradeRequest(port, [], `/x${SOCKET_PATH}`),
  (port) => upgradeRequest(port, ["Upgrade: h2c"], "/"),
  (port) => upgradeRequest(port, [], "/socket.io/?EIO=4&transport=polling"),
  (port) => upgradeRequest(port, [], `${SOCKET_PATH}&sid=AAAAAAAAAAAAAAAAAAAA`),
  (port) => upgradeRequest(port, [], SOCKET_PATH.replace("4", "3")),
  (port) => upgradeRequest(port, ["Origin: https://elsewhere.example"]),
  (port) => Buffer.from(upgradeRequest(port).toString().replace("Version: 13", "Version: 99")),
  (port) => Buffer.from(upgradeRequest(port).toString().replace("GET", "POST")),
  (port) => upgradeRequest(port),
  (port) => Buffer.concat([upgradeRequest(port), text(HELLO)]),
  (port) => Buffer.concat([upgradeRequest(port), text(HELLO), QUICK]),
  () => Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
  () => Buffer.from("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
  () => Buffer.from("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"),
  () => Buffer.from("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "latin1"),
];

export const RESETS: readonly Attack[] = [
  {
    name: "resets",
    does: "connections that are reset at every stage, upgrades of other paths among them",
    opensPerSecond: 200,
    async run(field) {
      let turn = 0;
      await field.lanes(field.atLeast(40), (lane) =>
        field.connection(lane, async (peer) => {
          peer.write(BEGINNINGS[turn++ % BEGINNINGS.length](field.options.port));
          await field.pause(nextBelow(field.random, MOST_DELAY_MS));
        }),
      );
    },
  },
];
