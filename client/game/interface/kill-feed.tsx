/** The kill feed, top right: who burst whom, newest last, each for a few seconds. */

import type { KillNotice } from "../scene.ts";
import { WEAPON_LOOKS } from "../weapon-looks.ts";

const MOST_LINES = 5;

export function KillFeed({ kills }: { kills: readonly KillNotice[] }) {
  return (
    <ol class="kills" aria-label="Kills">
      {kills.slice(-MOST_LINES).map((kill) => (
        <li key={kill.id} class={kill.involvesOwn ? "kill kill-own" : "kill"}>
          {kill.weapon !== "none" && (
            <b dir="auto" style={inkOf(kill.killerHue)}>
              {kill.killerName}
            </b>
          )}
          <span class={`kill-weapon kill-${kill.weapon}`}>
            {kill.weapon === "none" ? "lost" : WEAPON_LOOKS[kill.weapon].label}
          </span>
          <b dir="auto" style={inkOf(kill.victimHue)}>
            {kill.victimName}
          </b>
        </li>
      ))}
    </ol>
  );
}

export function inkOf(hue: number): { color: string } {
  return { color: `hsl(${Math.round(hue)} 90% 72%)` };
}
