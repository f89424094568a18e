/** Attackers, seen from whoever sends them: a process of their own, told one order, that tells what it has done. */
import { Core, OwnProcess } from "./child-process.ts";

export type WorkerReport<Counts> = { readonly kind: "progress" | "done"; readonly counts: Counts };

export class Attackers<Order extends object, Counts> {
  /** What they have done by now. */
  counts: Counts;
  private readonly file: string;

  /** @param file the process's program, which takes the order as its first message */
  constructor(file: string, nothing: Counts) {
    this.file = file;
    this.counts = nothing;
  }

  /** Resolves when they are done, or were ended by the signal. @throws when their process fails */
  async attack(order: Order, ended: AbortSignal): Promise<Counts> {
    const worker = new OwnProcess(Core.Attackers, [this.file], { PATH: process.env.PATH });
    let isDone = false;
    worker.child.on("message", ({ kind, counts }: WorkerReport<Counts>) => {
      this.counts = counts;
      isDone ||= kind === "done";
    });
    const stop = () => void worker.end();
    ended.addEventListener("abort", stop);
    worker.child.send(order);
    const ending = await worker.ended;
    ended.removeEventListener("abort", stop);
    if (!isDone && !ended.aborted) throw new Error(`the attackers' process failed: ${ending}\n${worker.output}`);
    return this.counts;
  }
}
