/** The attackers, seen from whoever sends them: a process of their own, told one order. */
import { fileURLToPath } from "node:url";
import { Core, OwnProcess } from "./child-process.ts";
import type { AttackCounts } from "./field.ts";
import type { AttackOrder, WorkerReport } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const NOTHING: AttackCounts = { opened: 0, refused: 0, bytes: 0 };

export class Attackers {
  private readonly order: Omit<AttackOrder, "port">;
  private counts = NOTHING;

  constructor(order: Omit<AttackOrder, "port">) {
    this.order = order;
  }

  /** Resolves when they are done, or were ended by the signal. @throws when their process fails */
  async attack(port: number, ended: AbortSignal): Promise<AttackCounts> {
    const worker = new OwnProcess(Core.Attackers, [WORKER], { PATH: process.env.PATH });
    let isDone = false;
    worker.child.on("message", ({ kind, counts }: WorkerReport) => {
      this.counts = counts;
      isDone ||= kind === "done";
    });
    const stop = () => worker.child.kill("SIGKILL");
    ended.addEventListener("abort", stop);
    worker.child.send({ ...this.order, port } satisfies AttackOrder);
    const ending = await worker.ended;
    ended.removeEventListener("abort", stop);
    if (!isDone && !ended.aborted) throw new Error(`the attackers' process failed: ${ending}\n${worker.output}`);
    return this.counts;
  }

  words(): string {
    const { opened, bytes } = this.counts;
    return `attackers: ${opened} connections, ${Math.round(bytes / 1e6)} MB`;
  }
}
