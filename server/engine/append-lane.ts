/**
 * An append lane: parts go to the end of a file, one after the other, and nobody waits for them. When one fails, or
 * more wait than the lane holds, it gives up, once and for all: the file ends with the last part that was written.
 */

/** A file that was newly made. */
export type AppendFile = {
  append(bytes: Uint8Array): Promise<void>;
  /** Puts on the disk what was appended, and closes. */
  close(): Promise<void>;
};

type AppendLaneOptions = {
  /** Makes the file; it is called at once. */
  open(): Promise<AppendFile>;
  readonly maxBacklogBytes: number;
  /** Called once when the lane gives up, with the reason. */
  gaveUp(error: unknown): void;
  /** Called once when the file is closed, or was never there. */
  ended(): void;
};

type Part = { readonly byteCount: number; readonly make: () => Promise<Uint8Array> };

export class AppendLane {
  private readonly options: AppendLaneOptions;
  private file: AppendFile | undefined;
  private waiting: Part[] = [];
  /** Of the parts that wait, and of the one that is being written. */
  private backlogBytes = 0;
  private isWorking = false;
  private isClosed = false;
  private hasFailed = false;
  /** Never rejected; settled once nothing waits any more. */
  private work: Promise<void>;

  constructor(options: AppendLaneOptions) {
    this.options = options;
    this.work = this.writeWaiting();
  }

  /** False: it was closed or gave up, and takes nothing more. */
  get isOpen(): boolean {
    return !this.isClosed;
  }

  /**
   * Appends a part when its turn has come.
   * @param byteCount what it counts for while it waits
   * @param make called at its turn
   */
  append(byteCount: number, make: () => Promise<Uint8Array>): void {
    if (this.isClosed) return;
    this.backlogBytes += byteCount;
    if (this.backlogBytes > this.options.maxBacklogBytes) {
      this.giveUp(new Error(`the disk is too slow: ${this.backlogBytes} bytes wait for it`));
      return;
    }
    this.waiting.push({ byteCount, make });
    this.wake();
  }

  /** Closes the file after what was handed over. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake();
  }

  /** When all is written that was handed over so far, or the lane has given up. */
  settled(): Promise<void> {
    return this.work;
  }

  private wake(): void {
    if (!this.isWorking) this.work = this.writeWaiting();
  }

  private async writeWaiting(): Promise<void> {
    this.isWorking = true;
    try {
      this.file ??= await this.options.open();
      for (let part = this.waiting.shift(); part !== undefined; part = this.waiting.shift()) {
        await this.file.append(await part.make());
        this.backlogBytes -= part.byteCount;
      }
    } catch (error) {
      this.giveUp(error);
    }
    if (this.isClosed) await this.finish();
    this.isWorking = false;
  }

  /** What waits is let go at once: what is being done now may never end. */
  private giveUp(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.waiting = [];
    this.options.gaveUp(error);
    this.close();
  }

  private async finish(): Promise<void> {
    try {
      await this.file?.close();
    } catch (error) {
      this.giveUp(error);
    }
    this.options.ended();
  }
}
