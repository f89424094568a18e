/** The scoreboard: everybody, best first; the own line is kept in sight. */

import type { Standing } from "../scene.ts";
import { inkOf } from "./kill-feed.tsx";

const MOST_LINES = 16;

export function Scoreboard({ standings, onClose }: { standings: readonly Standing[]; onClose: () => void }) {
  return (
    <section class="scoreboard panel" aria-label="Scores">
      <header>
        <h2>Scores</h2>
        <button type="button" class="button button-small touch-only" onClick={onClose}>
          Close
        </button>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Pilot</th>
            <th scope="col">Score</th>
            <th scope="col">Kills</th>
            <th scope="col">Deaths</th>
          </tr>
        </thead>
        <tbody>{shownLines(standings).map(Line)}</tbody>
      </table>
    </section>
  );
}

function Line(standing: Standing) {
  const { playerId, place, name, hue, score, kills, deaths, isOwn, isPilot, isAway } = standing;
  return (
    <tr key={playerId} class={isOwn ? "own" : isAway ? "away" : ""}>
      <td>{place}</td>
      <th scope="row">
        <span class="pilot">
          <i style={{ background: inkOf(hue).color }} />
          <span class="pilot-name">{name}</span>
          {isPilot && <small>AI</small>}
          {isAway && <small>away</small>}
        </span>
      </th>
      <td>{score}</td>
      <td>{kills}</td>
      <td>{deaths}</td>
    </tr>
  );
}

/** The best, and the own line last when it is not among them. */
function shownLines(standings: readonly Standing[]): readonly Standing[] {
  const best = standings.slice(0, MOST_LINES);
  const own = standings.find((standing) => standing.isOwn);
  return own === undefined || best.includes(own) ? best : [...best.slice(0, -1), own];
}
