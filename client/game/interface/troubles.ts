/** What to say when the server cannot be reached: what is known, and what may help. The page goes on trying meanwhile. */
import type { Trouble } from "../reach.ts";

export const TROUBLES: Readonly<Record<Trouble, { readonly text: string; readonly help: string }>> = {
  unreachable: {
    text: "The server does not answer.",
    help: "Your connection may be down, or the server.",
  },
  "too-many-requests": {
    text: "The server takes no more requests from your network just now.",
    help: "It takes them again in a moment.",
  },
  "no-server": {
    text: "There is no game server at this address.",
    help: "A page that lies elsewhere names its server: ?server=ADDRESS.",
  },
  "sockets-blocked": {
    text: "The server answers, but WebSockets do not get through to it.",
    help: "A proxy, a firewall or an extension on the way keeps them out; another network may help.",
  },
  "origin-not-allowed": {
    text: "The server does not take players from this page's address.",
    help: "Its host can mend that: behind a proxy, pass the Host header on; for another site, --allow-origin.",
  },
  "own-server-only": {
    text: "This page may talk to no server but its own.",
    help: "Open the other server's own page, or leave ?server= away.",
  },
};
