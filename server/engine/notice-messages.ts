/** Notices as messages: one that goes to everybody, one after the other, is written once. */
import type { NoticeName } from "@starwake/shared/engine/protocol.ts";
import { encodeEvent } from "@starwake/shared/engine/wire-parser.ts";
import { Opcode, toMessage } from "./websocket-bytes.ts";

/** How engine.io's packets begin that carry messages. */
export const ENGINE_IO_MESSAGE = "4";

export class NoticeMessages {
  private name: NoticeName | undefined;
  private body: unknown;
  private message: Buffer = Buffer.alloc(0);

  /** @param body is taken never to change */
  messageOf(name: NoticeName, body: unknown): Buffer {
    if (name !== this.name || body !== this.body) {
      this.message = toMessage(Opcode.Text, Buffer.from(ENGINE_IO_MESSAGE + encodeEvent(name, body)));
      this.name = name;
      this.body = body;
    }
    return this.message;
  }
}
