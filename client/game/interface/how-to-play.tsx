/** How to play, in one look: keys and mouse, or thumbs. */

import { isTouchDevice } from "./touch-controls.ts";

type Line = { readonly keys: readonly string[]; readonly does: string };

const DESK: readonly Line[] = [
  { keys: ["W", "A", "S", "D"], does: "thrust; you keep drifting" },
  { keys: ["Mouse"], does: "aim, whichever way you fly" },
  { keys: ["Left button"], does: "pulse gun" },
  { keys: ["Right button", "E"], does: "hold to charge the rail gun, let go to fire" },
  { keys: ["Shift", "Space"], does: "boost" },
  { keys: ["Tab"], does: "scores" },
  { keys: ["M"], does: "mute" },
  { keys: ["F3"], does: "net graph" },
];
const THUMBS: readonly Line[] = [
  { keys: ["Left thumb"], does: "thrust; you keep drifting" },
  { keys: ["Right thumb"], does: "aim, and farther out fire" },
  { keys: ["Rail"], does: "hold to charge, let go to fire" },
  { keys: ["Boost"], does: "hold for a burst of speed" },
];

export function HowToPlay() {
  const lines = isTouchDevice() ? THUMBS : DESK;
  return (
    <section class="how" aria-label="How to play">
      {lines.map(({ keys, does }) => (
        <p key={does}>
          <span class="keys">
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </span>
          <span>{does}</span>
        </p>
      ))}
    </section>
  );
}
