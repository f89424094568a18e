/**
 * The page's place in the browser's history. A match is an entry of its own: the way back (a phone's gesture, a mouse, a key)
 * leads to the menu over the match, and not out of it.
 */

export type PageHistoryEvents = {
  /** The way back was taken out of a match. */
  wentBack(): void;
  /** Another link was opened in this tab, without leaving the page. */
  addressChanged(): void;
};

const IN_MATCH = { starwake: "match" } as const;

export class PageHistory {
  private readonly page: Window;
  private matchAddress: string | undefined;

  constructor(page: Window, events: PageHistoryEvents) {
    this.page = page;
    page.addEventListener("popstate", () => {
      if (this.matchAddress === undefined || this.isInMatch || this.isHashOfOther) return;
      this.page.history.pushState(IN_MATCH, "", this.matchAddress);
      events.wentBack();
    });
    page.addEventListener("hashchange", () => events.addressChanged());
  }

  /** A match begins, or goes on, at an address. @param outside the page's own, without a room */
  enterMatch(address: string, outside: string): void {
    this.matchAddress = address;
    const { history } = this.page;
    if (this.isInMatch) history.replaceState(IN_MATCH, "", address);
    else {
      // Or the way back would lead by the link once more.
      history.replaceState(null, "", outside);
      history.pushState(IN_MATCH, "", address);
    }
  }

  /** The address as it is to be from now on. */
  show(address: string): void {
    const { history } = this.page;
    if (this.matchAddress !== undefined) this.matchAddress = address;
    history.replaceState(this.matchAddress === undefined ? history.state : IN_MATCH, "", address);
  }

  /** The match is over: the way back leads out again. */
  leaveMatch(): void {
    this.matchAddress = undefined;
  }

  private get isInMatch(): boolean {
    return (this.page.history.state as Partial<typeof IN_MATCH> | null)?.starwake === IN_MATCH.starwake;
  }

  /** A link that somebody put behind the address has an entry of its own, and is no way back. */
  private get isHashOfOther(): boolean {
    return this.page.location.hash !== "";
  }
}
