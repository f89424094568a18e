/** Notes what each client's lanes carry, once a second. */
import type { LabClient } from "./lab-client.ts";
import type { Observer } from "./observer.ts";

export class LaneMeter {
  private readonly observer: Observer;
  private readonly clients: readonly LabClient[];
  private readonly before = new Map<LabClient, { up: number; down: number }>();

  constructor(observer: Observer, clients: readonly LabClient[]) {
    this.observer = observer;
    this.clients = clients;
  }

  /** Notes what each client's lanes carried in the last second. */
  endSecond(): void {
    for (const client of this.clients) {
      const [up, down] = [client.carried("up"), client.carried("down")];
      const before = this.before.get(client);
      if (before !== undefined) {
        this.observer.note("downBytesPerSecond", client.index, down.bytes - before.down);
        this.observer.note("upBytesPerSecond", client.index, up.bytes - before.up);
      }
      this.observer.note("waitingBytes", client.index, down.mostWaitingBytes);
      this.before.set(client, { up: up.bytes, down: down.bytes });
    }
  }
}
