/** Every attack there is, by its name. */
import type { Attack } from "./attack.ts";
import { CHURN } from "./attacks/churn.ts";
import { FLOODS } from "./attacks/floods.ts";
import { GREETINGS } from "./attacks/greetings.ts";
import { HOLDERS } from "./attacks/holders.ts";
import { mixOf } from "./attacks/mixed.ts";
import { QUIET } from "./attacks/quiet.ts";
import { RESETS } from "./attacks/resets.ts";
import { ROOMS } from "./attacks/rooms.ts";
import { UNREAD } from "./attacks/unread.ts";

const PLAIN_ATTACKS: readonly Attack[] = [
  ...GREETINGS,
  ...RESETS,
  ...FLOODS,
  ...UNREAD,
  ...HOLDERS,
  ...CHURN,
  ...ROOMS,
];

export const ATTACKS: ReadonlyMap<string, Attack> = new Map(
  [QUIET, ...PLAIN_ATTACKS, mixOf(PLAIN_ATTACKS)].map((attack) => [attack.name, attack]),
);
