/** What rides with a hello: it is granted or refused like any request, and answered by a notice. */
import type { ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import type { JoinReply } from "@starwake/shared/engine/protocol.ts";
import { expect, test } from "vitest";
import { handlers, next, openClient, PROTOCOL, startTransport } from "../support/live-transport.ts";

const JOIN = { name: "Ace", room: { kind: "quick" } } as const;
const JOINED: JoinReply = { ok: false, reason: "server-full" };
const CARRIES = { ok: true, tick: 7 };

/** A transport that notes what it was asked, and answers it. */
async function startAsked(some: Partial<ConnectionHandlers> = {}) {
  const asked: [string, unknown][] = [];
  const request = ((name: string, body: unknown) => {
    asked.push([name, body]);
    return name === "join" ? JOINED : CARRIES;
  }) as ConnectionHandlers["request"];
  const transport = await startTransport(() => handlers({ request, ...some }));
  return { transport, asked };
}

test.each([
  ["join", JOIN, "joinReply", JOINED],
  ["spare", { token: "of-a-seat" }, "spareReply", CARRIES],
])("a %s that rides along is asked once, and answered after the welcome", async (name, body, notice, reply) => {
  const { transport, asked } = await startAsked();
  const socket = openClient(transport, { auth: { protocol: PROTOCOL, [name]: body } });
  const heard: string[] = [];
  socket.on("connect", () => heard.push("connect"));
  socket.onAny((event) => heard.push(event));
  expect(await next(socket, notice)).toEqual(reply);
  expect([asked, heard]).toEqual([[[name, body]], ["connect", notice]]);
});

test("a hello with nothing is a hello, and no more", async () => {
  const { transport, asked } = await startAsked();
  const socket = openClient(transport);
  await next(socket, "connect");
  expect(await socket.emitWithAck("join", JOIN)).toEqual(JOINED);
  expect(asked).toEqual([["join", JOIN]]);
});

test.each([
  { join: { name: 7 } },
  { join: null },
  { join: { ...JOIN, more: 1 } },
  { join: JOIN, spare: { token: "of-a-seat" } },
  { spare: {} },
  { spare: { token: "x".repeat(65) } },
  { ping: {} },
])("%j that rides along is malformed, and whoever sends it is not let in", async (wish) => {
  const { transport, asked } = await startAsked();
  const socket = openClient(transport, { auth: { protocol: PROTOCOL, ...wish } });
  expect(await next(socket, "connect_error")).toMatchObject({ message: "malformed" });
  expect([asked, transport.connections]).toEqual([[], []]);
});

test.each([{ join: JOIN }, { join: { ...JOIN, of: "another shape" } }, { more: "than this one knows" }])(
  "%j that comes with another version's hello is not looked at: the page is to be loaded anew",
  async (wish) => {
    const { transport, asked } = await startAsked();
    const socket = openClient(transport, { auth: { protocol: "other", ...wish } });
    expect(await next(socket, "connect_error")).toMatchObject({ message: "version-mismatch" });
    expect(asked).toEqual([]);
  },
);

test("a request that throws costs its own connection alone", async () => {
  const { transport } = await startAsked({
    request: () => {
      throw new Error("made");
    },
  });
  const bystander = openClient(transport);
  await next(bystander, "connect");
  const socket = openClient(transport, { auth: { protocol: PROTOCOL, join: JOIN } });
  await next(socket, "disconnect");
  expect([transport.errors.length, bystander.connected]).toEqual([1, true]);
});
