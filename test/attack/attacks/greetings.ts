/** The hello more than once, in every form: what is made for one connection must not be asked for by a second. */
import type { Attack } from "../attack.ts";
import type { Field } from "../field.ts";
import type { RawPeer } from "../raw-peer.ts";
import {
  DISCONNECT,
  fragments,
  HELLO,
  helloText,
  joinText,
  LEAVE,
  Opcode,
  text,
  upgradeRequest,
} from "../wire-bytes.ts";

const hello = text(HELLO);
const disconnect = text(DISCONNECT);
const join = text(joinText({ kind: "quick" }));
const leave = text(LEAVE);
const joiningHello = text(helloText({ join: { name: "Mallory", room: { kind: "quick" } } }));
const spareHello = text(helloText({ spare: { token: "A".repeat(22) } }));
const wrongHello = text('4[0,{"protocol":"abc"},null]');
const bareHello = text("4[0,null,null]");

/** What is written one after the other, with a pause between. */
type Form = readonly (readonly Buffer[])[];

const UPGRADE = Buffer.alloc(0);

/** UPGRADE stands for the upgrade request, which each connection has to make for itself. */
const FORMS: readonly Form[] = [
  [[UPGRADE], [hello, hello]],
  [[UPGRADE], [hello], [hello]],
  [[UPGRADE, hello, hello]],
  [[UPGRADE, hello], [hello]],
  [[UPGRADE], [hello], [disconnect], [hello]],
  [[UPGRADE], [hello, disconnect, hello]],
  [[UPGRADE, hello, disconnect, hello]],
  [[UPGRADE], [hello, disconnect, hello, disconnect, hello]],
  [[UPGRADE], [hello, join], [hello]],
  [[UPGRADE], [hello], [join], [disconnect, hello, join]],
  [[UPGRADE], [hello], [join], [leave], [hello]],
  [[UPGRADE], [joiningHello, joiningHello]],
  [[UPGRADE, joiningHello], [joiningHello]],
  [[UPGRADE], [joiningHello], [join], [joiningHello]],
  [[UPGRADE], [joiningHello], [disconnect, joiningHello]],
  [[UPGRADE], [spareHello, joiningHello]],
  [[UPGRADE], [wrongHello, hello]],
  [[UPGRADE], [wrongHello], [hello]],
  [[UPGRADE], [hello, wrongHello]],
  [[UPGRADE], [bareHello, hello, hello]],
  [[UPGRADE], [disconnect, hello, hello]],
  [[UPGRADE], fragments(Opcode.Text, HELLO, 5), fragments(Opcode.Text, HELLO, 5)],
  [[UPGRADE], [...fragments(Opcode.Text, HELLO, 1), hello]],
  [[UPGRADE], [hello, text("1"), hello]],
  [[UPGRADE], Array.from({ length: 50 }, () => hello)],
];

const PAUSE_MS = 200;
const WAIT_MS = 500;

export const GREETINGS: readonly Attack[] = [
  {
    name: "hello-twice",
    does: "the hello twice and more: in one segment, with the upgrade, after a disconnect, after a join",
    async run(field) {
      let turn = 0;
      await field.lanes(field.atLeast(8), (lane) =>
        field.connection(lane, (peer) => say(field, peer, FORMS[turn++ % FORMS.length])),
      );
    },
  },
];

async function say(field: Field, peer: RawPeer, form: Form): Promise<void> {
  for (const segment of form) {
    const bytes = segment.map((part) => (part === UPGRADE ? upgradeRequest(field.options.port) : part));
    peer.write(Buffer.concat(bytes));
    await field.pause(PAUSE_MS);
  }
  await peer.gone(WAIT_MS, field.goesOn);
}
