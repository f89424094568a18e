/**
 * The live picture: the view of what is played or shown, for as long as the page wants one. It stays over matches in the
 * same arena, so that a cut connection costs no picture, and opens anew when the graphics card was taken away for good.
 */
import {
  type MatchSettings,
  type MatchSource,
  type MatchView,
  NotLoaded,
  NoWebgl,
  openMatchView,
} from "./match-view.ts";

/**
 * Why there is no picture: a part of the page did not come, the browser has no WebGL, it gives the graphics card that it took
 * not again, or drawing throws.
 */
export type PictureProblem = "not-loaded" | "no-webgl" | "card-lost" | "broken";

/** What to say while there is no card to draw with. */
export const CARD_LOST = "The graphics card was taken from this page. The picture comes back in a few seconds.";
/** A card that is given back at all comes back sooner. */
const GIVEN_BACK_MS = 4_000;

type Shown = { readonly arenaKey: string; source: MatchSource };

export class LivePicture {
  private readonly parent: HTMLElement;
  private readonly settings: MatchSettings;
  private readonly failed: (problem: PictureProblem, error: unknown) => void;
  private shown: Shown | undefined;
  private opened: MatchView | undefined;
  private isCardLost = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param failed the picture could not be opened, or broke */
  constructor(parent: HTMLElement, settings: MatchSettings, failed: (problem: PictureProblem, error: unknown) => void) {
    this.parent = parent;
    this.settings = settings;
    this.failed = failed;
  }

  /** The view once it is open. */
  get view(): MatchView | undefined {
    return this.opened;
  }

  /** Whether the graphics card is gone for the moment: nothing is drawn, but frames go on. */
  get isLost(): boolean {
    return this.isCardLost;
  }

  /** Draws from this source from now on. @param arenaKey the same for arenas that look the same */
  show(arenaKey: string, source: MatchSource): void {
    if (this.shown?.arenaKey === arenaKey) {
      this.shown.source = source;
      return;
    }
    this.close();
    this.open({ arenaKey, source });
  }

  close(): void {
    clearTimeout(this.waiting);
    this.opened?.close();
    this.opened = undefined;
    this.shown = undefined;
    this.isCardLost = false;
  }

  /** @param noCard what it means when there is no WebGL */
  private open(shown: Shown, noCard: PictureProblem = "no-webgl"): void {
    this.shown = shown;
    const source: MatchSource = {
      arena: shown.source.arena,
      nextScene: (nowMs, screen) => shown.source.nextScene(nowMs, screen),
    };
    const fail = (problem: PictureProblem, error: unknown) => this.shown === shown && this.failed(problem, error);
    const events = {
      lost: () => this.shown === shown && this.lose(),
      restored: () => this.shown === shown && this.restore(),
      broken: (error: unknown) => fail("broken", error),
    };
    openMatchView(this.parent, source, this.settings, events).then(
      (view) => {
        if (this.shown === shown) this.opened = view;
        else view.close();
      },
      (error: unknown) => fail(error instanceof NoWebgl ? noCard : problemOf(error), error),
    );
  }

  private lose(): void {
    this.isCardLost = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const { shown } = this;
      this.close();
      if (shown !== undefined) this.open({ ...shown }, "card-lost");
    }, GIVEN_BACK_MS);
  }

  private restore(): void {
    this.isCardLost = false;
    clearTimeout(this.waiting);
  }
}

function problemOf(error: unknown): PictureProblem {
  return error instanceof NotLoaded ? "not-loaded" : "broken";
}
