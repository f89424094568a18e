/**
 * The sound of a replay: silence while it is paused, and only explosions while it runs so fast that the rest would be
 * one noise.
 */
import type { Sound } from "./sound.ts";

/** From here on shots, hits and beams overlap too much. */
const FASTEST_WHOLE_SOUND = 2;

/** @param speed as it is now; 0: paused */
export function replaySound(sound: Sound, speed: () => number): Sound {
  return {
    ...sound,
    hear(scene, births) {
      const now = speed();
      if (now === 0) sound.hush();
      else if (now <= FASTEST_WHOLE_SOUND) sound.hear(scene, births);
      else sound.hear({ ...scene, events: scene.events.filter(({ type }) => type === "death"), ships: [] }, []);
    },
  };
}
