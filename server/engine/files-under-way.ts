/**
 * Files under way: how many of the page's files are sent at a time, to each address group and to all together. Each holds an open
 * file, and what was read of it, until its peer has taken that. One that waits for its turn holds neither.
 */
import { siteOf } from "./address-group.ts";
import { FairLimit } from "./fair-limit.ts";
import { KeyIndex } from "./key-index.ts";

/** What a file is sent by; a ServerResponse. */
export type FileCarrier = { once(event: "close", listener: () => void): unknown; destroy(): unknown };

/** To one group, and to all. Who does not read holds about 130 KB for each: 8 MB a group, 260 MB in all. */
export const MOST_FILES = { ofGroup: 64, inAll: 2_048 } as const;

type Waiting = { readonly carrier: FileCarrier; readonly group: string; readonly send: () => void };

export class FilesUnderWay {
  private readonly underWay = new FairLimit<FileCarrier>(MOST_FILES.inAll, MOST_FILES.ofGroup);
  private readonly waitingOfGroup = new KeyIndex<Waiting>();
  private readonly waitingOfSite = new KeyIndex<Waiting>();

  /**
   * Calls `send` at once, or when its group's files before it are sent; never for a carrier that has closed. When all places are
   * taken, who has most of them gives the oldest up.
   * @returns false: all places are taken by those who have no more than this group; `send` is not called
   */
  add(carrier: FileCarrier, group: string, send: () => void): boolean {
    const problem = this.underWay.problemWith(group);
    const entry = { carrier, group, send };
    if (problem === "full") return false;
    if (problem === undefined) this.begin(entry);
    else this.wait(entry);
    return true;
  }

  private begin({ carrier, group, send }: Waiting): void {
    const admission = this.underWay.add(carrier, group);
    if (!admission.isAdded) return;
    admission.displaced?.destroy();
    carrier.once("close", () => {
      this.underWay.remove(carrier);
      this.beginNext(group);
    });
    send();
  }

  private wait(entry: Waiting): void {
    this.waitingOfGroup.add(entry.group, entry);
    this.waitingOfSite.add(siteOf(entry.group), entry);
    entry.carrier.once("close", () => this.stopWaiting(entry));
  }

  private stopWaiting(entry: Waiting): void {
    this.waitingOfGroup.delete(entry.group, entry);
    this.waitingOfSite.delete(siteOf(entry.group), entry);
  }

  /** The groups of a site have a limit together, so another one of them may have waited for this place. */
  private beginNext(group: string): void {
    const next = this.waitingOfGroup.firstOf(group) ?? this.waitingOfSite.firstOf(siteOf(group));
    if (next === undefined || this.underWay.problemWith(next.group) !== undefined) return;
    this.stopWaiting(next);
    this.begin(next);
  }
}
