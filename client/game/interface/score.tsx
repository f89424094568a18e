/** Score and place, top left. */

import type { Standing } from "../scene.ts";

export function Score({ standings }: { standings: readonly Standing[] }) {
  const own = standings.find((standing) => standing.isOwn);
  if (own === undefined) return null;
  return (
    <div class="score">
      <span class="score-value">{own.score}</span>
      <span class="score-place">
        <b>{ordinal(own.place)}</b> of {standings.length}
      </span>
    </div>
  );
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
function ordinal(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}
