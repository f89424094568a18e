/** What an attack is: adding one is an entry in one of the lists that attacks.ts gathers. */
import type { Field } from "./field.ts";

export type Attack = {
  readonly name: string;
  /** One line for --list. */
  readonly does: string;
  /** Connections that all its attackers together open in a second, at most; 50 unless said otherwise. */
  readonly opensPerSecond?: number;
  /** The code of a private room that is attacked: newcomers ask for it, too. */
  readonly room?: string;
  /** Attacks until it is over, however often the connections are ended. Never rejects. */
  run(field: Field): Promise<void>;
};

export const OPENS_PER_SECOND = 50;
