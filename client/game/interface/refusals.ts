/** What to say when the server, or the browser, said no, and which button helps. */

import type { RefusalReason } from "./interface-state.ts";

type Refusal = { readonly title: string; readonly text: string; readonly button: "reload" | "menu" };

export const REFUSALS: Readonly<Record<RefusalReason, Refusal>> = {
  version: {
    title: "A newer Starwake is here",
    text: "The server was updated since this page was loaded.",
    button: "reload",
  },
  "room-full": { title: "This room is full", text: "Try again in a while, or play in another room.", button: "menu" },
  "no-such-room": {
    title: "No such room",
    text: "It may have closed when its last player left. Check the code.",
    button: "menu",
  },
  "name-refused": { title: "Not with this name", text: "Please choose another one.", button: "menu" },
  "too-many-connections": {
    title: "Too many connections",
    text: "There are too many players from your address already.",
    button: "menu",
  },
  replaced: { title: "Playing elsewhere", text: "Your ship was taken over by another tab.", button: "menu" },
  idle: { title: "You were away", text: "The ship was given up after a long time without a move.", button: "menu" },
  "server-closed": { title: "The server closed", text: "It may be back in a moment.", button: "menu" },
  unreachable: { title: "No answer", text: "The server cannot be reached. Is the network up?", button: "menu" },
  "no-webgl": {
    title: "No picture",
    text: "The game draws with WebGL, which this browser does not offer or has turned off.",
    button: "menu",
  },
  other: { title: "That did not work", text: "The server refused the connection.", button: "menu" },
};
