/** A siege by fuzzers: what `npm run fuzz` and its short version in the tests have in common. */
import { fileURLToPath } from "node:url";
import { Attackers } from "../attack/attackers.ts";
import type { Figures } from "../attack/figures.ts";
import { besiege, type Patience } from "../attack/siege.ts";
import type { FuzzCounts, FuzzOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

const NOTHING: FuzzCounts = {
  ...{ opened: 0, refused: 0, bytes: 0, sent: 0, read: 0, unanswered: 0, conversations: 0, suspects: [] },
};

export async function besiegeByFuzz(
  order: Omit<FuzzOrder, "port">,
  progress: (words: string) => void,
  patience?: Patience,
): Promise<{ figures: Figures; counts: FuzzCounts }> {
  const fuzzers = new Attackers<FuzzOrder, FuzzCounts>(WORKER, NOTHING);
  const figures = await besiege({
    ...{ title: `${order.frames} fuzzed frames, seed ${order.seed}`, seed: order.seed, progress, patience },
    // In the room that the fuzzers come into, and in one that they do not know.
    honest: [{ kind: "quick" }, { kind: "code", code: "HONEST" }],
    newcomers: [{ kind: "quick" }],
    attack: ({ port }, ended) => fuzzers.attack({ ...order, port }, ended),
    words() {
      const { read, sent, conversations } = fuzzers.counts;
      return `${read} frames read of ${sent} sent in ${conversations} conversations`;
    },
  });
  return { figures, counts: fuzzers.counts };
}
