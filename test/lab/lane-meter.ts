/** Notes what each client's lanes carry, once a second. */
import type { LabClient } from "./lab-client.ts";
import type { Observer } from "./observer.ts";

export class LaneMeter {
  private readonly observer: Observer;
  private readonly clients: readonly LabClient[];
  private readonly before = new Map<LabClient, { lanes: LabClient["lanes"]; up: number; down: number }>();

  constructor(observer: Observer, clients: readonly LabClient[]) {
    this.observer = observer;
    this.clients = clients;
  }

  /** Notes what each client's lanes carried in the last second. */
  endSecond(): void {
    for (const client of this.clients) {
      const { lanes } = client;
      if (lanes === undefined) continue;
      const before = this.before.get(client);
      const [up, down] = [lanes.up.figures.bytes, lanes.down.figures.bytes];
      if (before !== undefined && before.lanes === lanes) {
        this.observer.note("downBytesPerSecond", client.index, down - before.down);
        this.observer.note("upBytesPerSecond", client.index, up - before.up);
      }
      this.observer.note("waitingBytes", client.index, lanes.down.figures.mostWaitingBytes);
      this.before.set(client, { lanes, up, down });
    }
  }
}
