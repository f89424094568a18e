/** Hands the engine's net graph to the interface in its own shape; a new one only when figures were taken. */
import type { NetFigures, NetGraph } from "@starwake/client/engine/net-graph.ts";
import type { NetGraphFigures } from "./interface/interface-state.ts";

const shaped = new WeakMap<readonly NetFigures[], NetGraphFigures>();

export function toNetFigures({ figures, history }: NetGraph): NetGraphFigures {
  let shape = shaped.get(history);
  if (shape === undefined) {
    const column = (name: keyof NetFigures) => history.map((entry) => entry[name]);
    shape = {
      ...figures,
      history: {
        rttMs: column("rttMs"),
        commandMarginMs: column("commandMarginMs"),
        interpolationDelayMs: column("interpolationDelayMs"),
        downBytesPerSecond: column("downBytesPerSecond"),
        correctionsPerSecond: column("correctionsPerSecond"),
      },
    };
    shaped.set(history, shape);
  }
  return shape;
}
