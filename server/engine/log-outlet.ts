/**
 * Where log lines go: an output of the process that may be full, slow, or gone. What cannot be written is counted and
 * dropped: nothing here throws, waits, or grows without end.
 */

/** Characters that wait for a reader that is slow; a line beyond is dropped. */
const MAX_WAITING_CHARACTERS = 1_000_000;
/** Written at once: when that fails, so much is lost. */
const MAX_CHUNK_CHARACTERS = 16_000;

/** An output: both calls return at once, whatever the output's reader does, and neither throws. */
export type Sink = {
  /** Calls `done` once, never before it has returned, with the error where not all could be written. */
  write(text: string, done: (error?: Error | null) => void): void;
  /** The process's last words: what can be written at once is written. */
  writeLast(text: string): void;
};

export class LogOutlet {
  /** Called when lines get through again; what it says may be written here. */
  onRecovered: (lostLines: number) => void = () => {};
  private readonly sink: Sink;
  private waiting: string[] = [];
  private waitingCharacters = 0;
  private chunk: readonly string[] = [];
  private lost = 0;
  private lostAndTold = 0;
  private flushed: (() => void)[] = [];

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** Since the start. */
  get lostLines(): number {
    return this.lost;
  }

  /** @param line ends with a line break */
  write(line: string): void {
    if (this.waitingCharacters + line.length > MAX_WAITING_CHARACTERS) {
      this.lost++;
      return;
    }
    this.waiting.push(line);
    this.waitingCharacters += line.length;
    if (this.chunk.length === 0) this.writeChunk();
  }

  /** Resolves when nothing waits: all is written, or lost. It may never do so where a reader stands still. */
  whenFlushed(): Promise<void> {
    if (this.chunk.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.flushed.push(resolve));
  }

  /** For the end of the process: what waits goes out at once, or not at all. */
  writeLast(): void {
    const text = this.waiting.join("");
    this.waiting = [];
    if (text !== "") this.sink.writeLast(text);
  }

  private writeChunk(): void {
    const chunk = this.takeChunk();
    this.chunk = chunk;
    this.sink.write(chunk.join(""), (error) => {
      this.chunk = [];
      for (const line of chunk) this.waitingCharacters -= line.length;
      if (error) this.lost += chunk.length;
      else this.tellOfLost();
      if (this.waiting.length > 0) this.writeChunk();
      else for (const resolve of this.flushed.splice(0)) resolve();
    });
  }

  private takeChunk(): readonly string[] {
    let lines = 0;
    for (let characters = 0; lines < this.waiting.length; lines++) {
      characters += this.waiting[lines]!.length;
      if (lines > 0 && characters > MAX_CHUNK_CHARACTERS) break;
    }
    return this.waiting.splice(0, lines);
  }

  private tellOfLost(): void {
    const untold = this.lost - this.lostAndTold;
    this.lostAndTold = this.lost;
    if (untold > 0) this.onRecovered(untold);
  }
}
