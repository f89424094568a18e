/** What counts as held up by the network, on the way down and on the way up. */

/** Later than usual by so much is held up: jitter is less, a loss at a round trip of 150 ms costs more. */
export const HELD_UP_MS = 115;
