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

export class AppendLane {
  private readonly options: AppendLaneOptions;
  private file: AppendFile | undefined;
  private backlogBytes = 0;
  private isClosed = false;
  private hasFailed = false;
  /** Never rejected; settled once all is done that was handed over so far, unless more was handed over meanwhile. */
  private tail: Promise<void>;

  constructor(options: AppendLaneOptions) {
    this.options = options;
    this.tail = this.guard(async () => {
      this.file = await options.open();
    });
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
    this.inTurn(async () => {
      await this.file?.append(await make());
      this.backlogBytes -= byteCount;
    });
  }

  /** Closes the file after what was handed over. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.tail = this.tail.then(() => this.finish());
  }

  /** When all is written that was handed over so far, or the lane has given up. */
  async settled(): Promise<void> {
    for (let tail: Promise<void> | undefined; tail !== this.tail; ) {
      tail = this.tail;
      await tail;
    }
  }

  private inTurn(work: () => Promise<void>): void {
    this.tail = this.tail.then(() => this.guard(work));
  }

  /** Does the work unless something has failed before; what fails in it ends the lane. */
  private async guard(work: () => Promise<void>): Promise<void> {
    if (this.hasFailed) return;
    try {
      await work();
    } catch (error) {
      this.giveUp(error);
    }
  }

  private giveUp(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
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
