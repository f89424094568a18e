/** The scoreboard: everybody, best first; the own line is kept in sight. */

import type { Standing } from "../scene.ts";
import { inkOf } from "./kill-feed.tsx";

const MOST_LINES = 16;

type ScoreboardProps = {
  standings: readonly Standing[];
  onClose: () => void;
  /** A line is pressed: then all lines are there. */
  onPick?: (playerId: number) => void;
};

export function Scoreboard({ standings, onClose, onPick }: ScoreboardProps) {
  const lines = onPick === undefined ? shownLines(standings) : standings;
  return (
    <section class={onPick === undefined ? "scoreboard panel" : "scoreboard scoreboard-pick panel"} aria-label="Scores">
      <header>
        <h2>{onPick === undefined ? "Scores" : "Whose view?"}</h2>
        <button
          type="button"
          class={onPick === undefined ? "button button-small touch-only" : "button button-small"}
          onClick={onClose}
        >
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
        <tbody>
          {lines.map((standing) => (
            <Line key={standing.playerId} standing={standing} onPick={onPick} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type LineProps = { standing: Standing; onPick: ScoreboardProps["onPick"] };

function Line({ standing, onPick }: LineProps) {
  const { playerId, place, hue, score, kills, deaths, isOwn, isAway } = standing;
  const look = isOwn ? "own" : isAway ? "away" : "";
  return (
    <tr class={look} onClick={() => onPick?.(playerId)}>
      <td>{place}</td>
      <th scope="row">
        <span class="pilot">
          <i style={{ background: inkOf(hue).color }} />
          <Name standing={standing} onPick={onPick} />
        </span>
      </th>
      <td>{score}</td>
      <td>{kills}</td>
      <td>{deaths}</td>
    </tr>
  );
}

function Name({ standing: { name, isPilot, isAway }, onPick }: LineProps) {
  return (
    <>
      {onPick === undefined ? (
        <span class="pilot-name" dir="auto">
          {name}
        </span>
      ) : (
        <button type="button" class="pilot-name pilot-pick" dir="auto">
          {name}
        </button>
      )}
      {isPilot && <small>AI</small>}
      {isAway && <small>away</small>}
    </>
  );
}

/** The best, and the own line last when it is not among them. */
function shownLines(standings: readonly Standing[]): readonly Standing[] {
  const best = standings.slice(0, MOST_LINES);
  const own = standings.find((standing) => standing.isOwn);
  return own === undefined || best.includes(own) ? best : [...best.slice(0, -1), own];
}
