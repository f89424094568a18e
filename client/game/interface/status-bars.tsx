/**
 * The own ship's instruments: health, energy, and the rail gun's charge. Written into the page in every frame.
 *
 * Next: score.tsx.
 */

import { useRef } from "preact/hooks";
import { type AnyInstruments, type InstrumentSource, useInstrument } from "./instruments.ts";

const LOW = 0.3;

export function StatusBars({ panel }: { panel: InstrumentSource<AnyInstruments> }) {
  const root = useRef<HTMLDivElement>(null);
  useInstrument(panel, 0, ({ scene: { own } }) => {
    const element = root.current;
    if (element === null) return;
    const isAlive = own.state === "alive";
    setShare(element, "--health", isAlive ? own.health : 0);
    setShare(element, "--energy", isAlive ? own.energy : 0);
    setShare(element, "--charge", isAlive ? own.charge : 0);
    setMark(element, "low", isAlive && own.health < LOW);
    setMark(element, "charged", isAlive && own.charge >= 1);
    setMark(element, "boosting", isAlive && own.isBoosting);
    setMark(element, "safe", isAlive && own.isProtected);
  });
  return (
    <div class="bars" ref={root}>
      <Bar kind="health" label="Hull" />
      <Bar kind="energy" label="Energy" />
      <Bar kind="charge" label="Rail" />
      <p class="safe-note">Shield up</p>
    </div>
  );
}

function Bar({ kind, label }: { kind: string; label: string }) {
  return (
    <div class={`bar bar-${kind}`}>
      <span class="bar-label">{label}</span>
      <span class="bar-track">
        <span class="bar-ghost" />
        <span class="bar-fill" />
      </span>
    </div>
  );
}

/** Style writes cost more than comparisons: the last written step is kept on the element itself. */
function setShare(element: HTMLElement, name: string, share: number): void {
  const text = Math.max(0, Math.min(1, share)).toFixed(3);
  if (element.style.getPropertyValue(name) !== text) element.style.setProperty(name, text);
}

function setMark(element: HTMLElement, name: string, isSet: boolean): void {
  if (name in element.dataset === isSet) return;
  if (isSet) element.dataset[name] = "";
  else delete element.dataset[name];
}
