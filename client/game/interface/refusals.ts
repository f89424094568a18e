/**
 * What to say when the server, or the browser, said no, and which button helps. What passes (ASK_AGAIN_REFUSALS in
 * shared/engine/protocol.ts) is said while the page waits for it, and leaves by itself.
 */

import type { RefusalReason } from "./interface-state.ts";

type Refusal = { readonly title: string; readonly text: string; readonly button: "reload" | "menu" };

const TRY_AGAIN = "It may be back in a moment.";

export const REFUSALS: Readonly<Record<RefusalReason, Refusal>> = {
  "version-mismatch": {
    title: "A newer Starwake is here",
    text: "The server was updated since this page was loaded.",
    button: "reload",
  },
  "origin-not-allowed": {
    title: "Not from this page",
    text: "The server does not take players from the site that this page is on.",
    button: "menu",
  },
  malformed: { title: "That was not understood", text: "A reload may help.", button: "reload" },
  "room-full": {
    title: "This room is full",
    text: "You come in as soon as somebody leaves. Other rooms have places now.",
    button: "menu",
  },
  "room-busy": {
    title: "A crowd at the door",
    text: "Many come and go in this room just now. You come in within a few seconds.",
    button: "menu",
  },
  "server-full": {
    title: "The server is full",
    text: "Every place is taken. You come in as soon as one is free.",
    button: "menu",
  },
  "name-refused": {
    title: "Not with this name",
    text: "Up to 16 letters, digits, spaces and simple marks.",
    button: "menu",
  },
  "no-such-seat": { title: "Your place was given up", text: "A reload brings you a new one.", button: "reload" },
  "server-busy": {
    title: "The server is busy",
    text: "It has much to do just now. You come in as soon as it has time, mostly within seconds.",
    button: "menu",
  },
  "too-many-spares": { title: "You are playing already", text: "A reload brings you back.", button: "reload" },
  "already-joined": { title: "You are playing already", text: "A reload brings you back.", button: "reload" },
  "too-many-joins": {
    title: "Too many at once",
    text: "Many come in from your network just now. Your turn comes within seconds.",
    button: "menu",
  },
  "too-many-seats": {
    title: "Your network is full",
    text: "The server takes no more players from your network. You come in as soon as one of them leaves.",
    button: "menu",
  },
  "too-many-private-rooms": {
    title: "Too many private rooms",
    text: "Your network has as many private rooms as it may. Yours opens as soon as one of them ends.",
    button: "menu",
  },
  "too-many-connections": {
    title: "Too many from here",
    text: "Your network has as many connections as it may. You come in as soon as one of them ends.",
    button: "menu",
  },
  "not-seated": { title: "You were not playing", text: "The place at the door was needed.", button: "menu" },
  flooding: { title: "Too much at once", text: "This page sent more than a game can.", button: "reload" },
  "not-responding": {
    title: "No answer",
    text: "This page did not answer the server for a long time.",
    button: "menu",
  },
  replaced: { title: "Playing elsewhere", text: "Your ship was taken over by another tab.", button: "menu" },
  "server-closing": { title: "The server closed", text: TRY_AGAIN, button: "menu" },
  "room-failed": { title: "The room broke", text: "Its match is lost; others go on.", button: "menu" },
  "no-webgl": {
    title: "No picture",
    text: "The game draws with WebGL, which this browser does not offer or has turned off.",
    button: "menu",
  },
  "card-lost": {
    title: "The graphics card is gone",
    text: "It was taken from this page and is not given again. A reload may help, or a restart of the browser.",
    button: "reload",
  },
  "not-loaded": {
    title: "Not all of it came",
    text: "A part of the game could not be loaded. Look to your connection, then reload the page.",
    button: "reload",
  },
  broken: {
    title: "The picture broke",
    text: "Something went wrong in this page, which a reload mends.",
    button: "reload",
  },
};
