/** What may happen to clients on the way through a scenario. */
import type { LabClient } from "./lab-client.ts";
import type { Laboratory } from "./laboratory.ts";
import type { Happening } from "./scenario.ts";

export const at = (atSeconds: number, act: Happening["act"]): Happening => ({ atSeconds, act });

/** Something befalls one client for so long; what counts is how soon it sees a fresh world after that. */
export function trouble(lab: Laboratory, client: LabClient, seconds: number, begin: () => void): void {
  begin();
  lab.watchRecovery(client, seconds * 1000);
}

/** The first client's tab is hidden for a minute. */
export function hide(lab: Laboratory, [client]: readonly LabClient[]): void {
  trouble(lab, client, 60, () => {
    client.isHidden = true;
  });
}

export function show(_lab: Laboratory, [client]: readonly LabClient[]): void {
  client.isHidden = false;
}
