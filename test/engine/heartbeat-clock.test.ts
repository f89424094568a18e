/** A clock of the day that is set anew, while a connection is open. */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { keepHeartbeatBy } from "@starwake/client/engine/heartbeat-clock.ts";
import { COMMAND_TAG } from "@starwake/shared/engine/command-packet.ts";
import { expect, onTestFinished, test, vi } from "vitest";
import { handlers, PROTOCOL, startTransport } from "../support/live-transport.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PATIENCE = { interval: 5 };

test.each([MINUTE_MS, HOUR_MS, -HOUR_MS])("set by %i ms loses no connection", async (ms) => {
  let packets = 0;
  const { port } = await startTransport(() =>
    handlers({
      packet: () => ++packets > 0,
      request: () => ({ onTime: 0, missing: 0, late: 0, refused: 0, heldUp: 0 }) as never,
    }),
  );
  const heard: string[] = [];
  const link = openSocketLink(`http://127.0.0.1:${port}`, PROTOCOL, {
    opened: () => heard.push("opened"),
    lost: () => heard.push("lost"),
    refused: (reason) => heard.push(reason),
    frame: () => {},
    notice: () => {},
  });
  onTestFinished(() => link.close());
  await expect.poll(() => heard, PATIENCE).toEqual(["opened"]);
  const { now } = Date;
  vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
  onTestFinished(() => void vi.restoreAllMocks());
  const send = () => {
    link.sendPacket(new Uint8Array([COMMAND_TAG, 1]));
    return packets;
  };
  await expect.poll(send, PATIENCE).toBeGreaterThan(1);
  await link.request("ping", {});
  expect(heard).toEqual(["opened"]);
});

test("a heartbeat that does not come is noticed by the time that passes", () => {
  vi.spyOn(Date, "now").mockReturnValue(DAY_MS);
  onTestFinished(() => void vi.restoreAllMocks());
  let nowMs = 0;
  const engine: { _pingTimeoutTime: number } = { _pingTimeoutTime: Infinity };
  keepHeartbeatBy(() => nowMs, engine);
  expect(engine._pingTimeoutTime).toBe(Infinity);
  engine._pingTimeoutTime = DAY_MS + 9_000;
  nowMs = 8_000;
  expect(engine._pingTimeoutTime).toBeGreaterThan(DAY_MS);
  nowMs = 20_000;
  expect(engine._pingTimeoutTime).toBeLessThan(DAY_MS);
  engine._pingTimeoutTime = 0;
  expect(engine._pingTimeoutTime).toBe(0);
});
