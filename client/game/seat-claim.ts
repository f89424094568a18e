/**
 * The seat claim: which of a browser's tabs has a seat. What a tab keeps is copied when it is duplicated, or when a page
 * opens another, so a tab that finds a seat looks first whether another one plays in it: that one goes on playing.
 *
 * A tab that plays holds a lock for its seat, and answers who asks. The lock alone would not do: that of a page which is
 * just being reloaded is still there for a moment, but nobody answers. Pages without TLS have no locks, and ask alone.
 */

/** With a lock there is somebody to answer, however busy, unless the lock goes meanwhile. */
const ANSWER_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const ANSWER_WITHOUT_LOCKS_MS = 250;

type Said = { readonly asks: string } | { readonly has: string };

export class SeatClaim {
  private readonly name: string;
  private readonly channel: BroadcastChannel | undefined;
  private readonly locks: LockManager | undefined = navigator.locks;
  private held: { readonly token: string; readonly letGo: () => void } | undefined;
  private readonly heard = new Set<string>();

  constructor(name: string) {
    this.name = name;
    this.channel = openChannel(name);
    this.channel?.addEventListener("message", ({ data }) => this.hear(data as Partial<Record<string, unknown>>));
  }

  /** This tab plays in this seat from now on; undefined: in none. */
  hold(token: string | undefined): void {
    if (this.held?.token === token) return;
    this.held?.letGo();
    this.held = undefined;
    if (token === undefined) return;
    let letGo = () => {};
    const holding = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    this.held = { token, letGo };
    // Denied as storage is, or asked for in a page that is just going.
    this.locks?.request(this.lockOf(token), () => holding).catch(() => undefined);
  }

  /** Whether another tab plays in this seat. */
  async isHeldElsewhere(token: string): Promise<boolean> {
    const { channel } = this;
    if (channel === undefined) return false;
    this.say({ asks: token });
    const mostMs = this.locks === undefined ? ANSWER_WITHOUT_LOCKS_MS : ANSWER_MS;
    const sinceMs = performance.now();
    while (performance.now() - sinceMs < mostMs) {
      if (this.heard.has(token)) return true;
      if (!(await this.mayBeHeld(token))) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    return this.heard.has(token);
  }

  private async mayBeHeld(token: string): Promise<boolean> {
    try {
      const name = this.lockOf(token);
      const { held = [] } = (await this.locks?.query()) ?? { held: [{ name }] };
      return held.some((lock) => lock.name === name);
    } catch {
      return false;
    }
  }

  private lockOf(token: string): string {
    return `${this.name} ${token}`;
  }

  private hear({ asks, has }: Partial<Record<string, unknown>>): void {
    if (typeof has === "string") this.heard.add(has);
    if (this.held !== undefined && asks === this.held.token) this.say({ has: this.held.token });
  }

  private say(said: Said): void {
    this.channel?.postMessage(said);
  }
}

/** Where storage is denied there are no channels, nor anything that could be copied. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
