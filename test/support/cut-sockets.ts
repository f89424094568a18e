/** A page whose connections a test can cut, as a network does: from the page's end, without a word. */
import type { Page } from "playwright-core";

/** What the page has of it: all that it opened and did not cut, and how often it opened and sent. */
export type RecordingWindow = Window & {
  madeSockets: WebSocket[];
  madeCounts: { opened: number; sent: number };
};

/** To be called before the page is opened. @returns what cuts all that are open, and counts what the page has sent */
export async function recordSockets(page: Page) {
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    const counts = { opened: 0, sent: 0 };
    Object.assign(window, { madeSockets: sockets, madeCounts: counts });
    window.WebSocket = class extends WebSocket {
      constructor(...told: ConstructorParameters<typeof WebSocket>) {
        super(...told);
        sockets.push(this);
        counts.opened++;
      }
      override send(...sent: Parameters<WebSocket["send"]>): void {
        counts.sent++;
        super.send(...sent);
      }
    };
  });
  return {
    cut: () =>
      page.evaluate(() => {
        for (const socket of (window as unknown as RecordingWindow).madeSockets.splice(0)) socket.close();
      }),
    counts: () => page.evaluate(() => (window as unknown as RecordingWindow).madeCounts),
  };
}
