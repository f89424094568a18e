/**
 * `window.starwake`: what the authors of tests and of bots in a browser may read of a page that plays. It changes
 * nothing.
 */
import type { Scene } from "./scene.ts";

type PageHandle = {
  /** The newest scene of the running match; undefined while there is none. */
  scene(): Scene | undefined;
};

declare global {
  interface Window {
    starwake: PageHandle;
  }
}

export function offerHandle(page: Window, handle: PageHandle): void {
  page.starwake = handle;
}
