/** What a trial found, as one sentence: the report's tables, its marks and the progress say the same. */
import { CROWD, NEAREST } from "./crowd-watch.ts";
import type { Found, TrialFigures, TrialName, TrialOutcome } from "./trials.ts";

const SENTENCES: { readonly [Name in TrialName]: (figures: TrialFigures[Name]) => string } = {
  step: ({ players, usPerPlayerTick, tickMs }) =>
    `${usPerPlayerTick.toFixed(1)} µs for each of ${players} players and tick; ` +
    `a tick p50 ${tickMs.p50.toFixed(1)} ms, p99 ${tickMs.p99.toFixed(1)} ms`,
  wire: ({ bytesPerEntity, survivorFloorBytesPerEntity, entitiesPerFrame, bytesPerFrame, setting }) =>
    `${bytesPerEntity.toFixed(2)} B an entity, ${survivorFloorBytesPerEntity.toFixed(2)} B of it entropy; ` +
    `${setting.players} pilots, ${entitiesPerFrame.toFixed(1)} known, ${bytesPerFrame.toFixed(0)} B a frame`,
  crowd: ({ bytesPerSecond, nearestBrought, oldestMs, oldestBeyondMs, othersInView, othersKnown }) =>
    `${kilobytes(bytesPerSecond.mean)} KB/s, at most ${kilobytes(bytesPerSecond.most)}; ` +
    `${(nearestBrought * 100).toFixed(1)} % of the ${NEAREST} nearest in every frame; ` +
    `oldest ${oldestMs.toFixed(0)} ms in views of up to ${CROWD}, ${oldestBeyondMs.toFixed(0)} ms in larger ones; ` +
    `${othersInView.toFixed(0)} in view, ${othersKnown.toFixed(0)} known`,
  client: ({ meanMs, frameMs, ships }) =>
    `${meanMs.toFixed(2)} ms a frame, p50 ${frameMs.p50.toFixed(2)} ms, p99 ${frameMs.p99.toFixed(2)} ms; ` +
    `${ships.toFixed(0)} ships`,
  page: ({ scriptMs, pictureMs, ships, shipsOnScreen, framesPerSecond }) =>
    `${scriptMs.toFixed(2)} ms of script a frame, ${pictureMs.toFixed(2)} of it for the picture; ${ships.toFixed(0)} ships, ${shipsOnScreen.toFixed(0)} on the screen; ` +
    `${framesPerSecond.toFixed(0)} frames/s, drawn by software`,
  cuts: ({ cuts, backMs }) =>
    `back after p50 ${backMs.p50.toFixed(0)} ms, at most ${backMs.max.toFixed(0)} ms; ${cuts} cuts`,
};

export function findingOf(outcome: TrialOutcome): string {
  if ("failure" in outcome) return outcome.failure.split("\n")[0];
  if ("lacking" in outcome) return outcome.lacking;
  return sentenceOf(outcome);
}

function sentenceOf<Name extends TrialName>({ trial, figures }: Found<Name>): string {
  return SENTENCES[trial](figures);
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
