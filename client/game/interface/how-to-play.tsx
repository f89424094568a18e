/** How to play, in one look: keys and mouse, thumbs, or the gamepad that is plugged in. */

import { Gamepads } from "@starwake/client/engine/gamepads.ts";
import { useEffect, useState } from "preact/hooks";
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
const GAMEPAD: readonly Line[] = [
  { keys: ["Left stick"], does: "thrust; you keep drifting" },
  { keys: ["Right stick"], does: "aim, and farther out fire" },
  { keys: ["RT", "A"], does: "pulse gun" },
  { keys: ["LT", "B"], does: "hold to charge the rail gun, let go to fire" },
  { keys: ["LB", "RB"], does: "boost" },
  { keys: ["Start"], does: "menu" },
  { keys: ["Y"], does: "kill replay: see it, or skip it" },
];

export function HowToPlay() {
  const hasGamepad = useGamepadPresence();
  const lines = hasGamepad ? GAMEPAD : isTouchDevice() ? THUMBS : DESK;
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

/** Whether there is a gamepad that can be flown with; browsers tell of one when a button of it was pressed. */
function useGamepadPresence(): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const look = (): void => setThere(new Gamepads(navigator).read(performance.now()).length > 0);
    for (const name of ["gamepadconnected", "gamepaddisconnected"] as const)
      addEventListener(name, look, { signal: listening.signal });
    look();
    return () => listening.abort();
  }, []);
  return isThere;
}
