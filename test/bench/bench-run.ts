/** The measurements of one run of the benchmark, one after the other, in an order that treats all systems alike. */
import type { BenchOptions } from "./bench-options.ts";
import { disturbanceOf, failureOf, hasDoneAll, LimitSearch } from "./limit-search.ts";
import { type Measured, measure, type Outcome, type Plan } from "./measurement.ts";
import { cpuOf, FLOOR_PLAYERS, type FloorPair, type Limit } from "./report.ts";
import type { SystemName } from "./systems.ts";
import { findingOf } from "./trial-finding.ts";
import { runTrial } from "./trial-run.ts";
import type { TrialOutcome } from "./trials.ts";

/**
 * Bytes of Starwake's frames with 40 others in view, the middle of each twentieth of them, as recorded with 200 players
 * in November 2026. For the floor, where Starwake was not measured before it.
 */
const RECORDED_FRAME_SIZES = [45, 55, 62, 68, 73, 77, 84, 89, 94, 98, 103, 109, 114, 121, 128, 137, 148, 162, 184, 288];

/** Of a measurement that was disturbed. */
const MAX_REPEATS = 2;

export class BenchRun {
  private readonly options: BenchOptions;
  private readonly say: (what: string) => void;
  private readonly systems: readonly SystemName[];
  /** Of Starwake's newest measurement, for the floor. */
  private frameSizes: readonly number[] = RECORDED_FRAME_SIZES;

  /** @param say told of whatever begins and of what came of it */
  constructor(options: BenchOptions, say: (what: string) => void) {
    this.options = options;
    this.say = say;
    this.systems = ["starwake", ...options.against];
  }

  /** All systems with each number of players in turn: what the machine does meanwhile is shared by all. */
  async measureAll(): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const players of this.options.players)
      for (const system of this.systems)
        outcomes.push(await this.measureUndisturbed(system, players, 0, this.options.profile));
    return outcomes;
  }

  async measureRooms(): Promise<Outcome[]> {
    const { rooms, profile } = this.options;
    if (rooms === undefined) return [];
    return [await this.measureUndisturbed("starwake", rooms.rooms * rooms.players, rooms.rooms, profile)];
  }

  /** Starwake and the floor by turns: of two that follow each other, the machine is as fast for both, if it is ever. */
  async measureFloorPairs(): Promise<FloorPair[]> {
    const pairs: FloorPair[] = [];
    for (let pair = 0; pair < this.options.floorPairs; pair++) {
      const own = await this.measureUndisturbed("starwake", FLOOR_PLAYERS);
      const floor = await this.measureUndisturbed("ws", FLOOR_PLAYERS);
      if ("figures" in own && "figures" in floor && hasDoneAll(own.figures) && hasDoneAll(floor.figures))
        pairs.push({ own: cpuOf(own.figures), floor: cpuOf(floor.figures) });
    }
    return pairs;
  }

  async runTrials(): Promise<TrialOutcome[]> {
    const { trials, seconds, others, seed } = this.options;
    const outcomes: TrialOutcome[] = [];
    for (const trial of trials) {
      this.say(`${trial}: measuring`);
      const outcome = await runTrial({ trial, seconds, others, seed });
      this.say(`${trial}: ${findingOf(outcome)}`);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** A step of each system's search in turn. */
  async findLimits(): Promise<Limit[]> {
    const searches = this.systems.map((system) => ({ system, search: new LimitSearch(this.options.most) }));
    for (let isGoing = true; isGoing; ) {
      isGoing = false;
      for (const { system, search } of searches) {
        const players = search.next;
        if (players === undefined) continue;
        isGoing = true;
        search.note(players, failureOf(await this.measureUndisturbed(system, players)));
      }
    }
    return searches.map(({ system, search }) => ({ system, players: search.limit, failure: search.failure }));
  }

  /** Again where others kept the server from its core and it fell behind, but not for ever. */
  private async measureUndisturbed(
    system: SystemName,
    players: number,
    rooms = 0,
    isSampled = false,
  ): Promise<Outcome> {
    let outcome = await this.measure(system, players, rooms, isSampled);
    for (let again = 0; again < MAX_REPEATS && failureOf(outcome) && disturbanceOf(outcome); again++)
      outcome = await this.measure(system, players, rooms, isSampled);
    return outcome;
  }

  private async measure(system: SystemName, players: number, rooms: number, isSampled: boolean): Promise<Outcome> {
    const { others, seconds, warmUpSeconds, seed } = this.options;
    const load = { system, players, rooms, isSampled };
    const plan: Plan = { ...load, others, seconds, warmUpSeconds, seed, frameSizes: this.frameSizes };
    const who = `${system}, ${players} players${rooms > 0 ? ` in ${rooms} rooms` : ""}`;
    const measured = await measure(plan, (what) => this.say(`${who}: ${what}`));
    this.keepSizes(plan, measured);
    this.say(`${who}: ${lineOf(measured.outcome)}`);
    return measured.outcome;
  }

  private keepSizes({ system, rooms }: Plan, { frameSizes }: Measured): void {
    if (system === "starwake" && rooms === 0 && frameSizes.length > 0) this.frameSizes = frameSizes;
  }
}

function lineOf(outcome: Outcome): string {
  if ("failure" in outcome) return outcome.failure;
  const { cpu, latenessMs, framesKept } = outcome.figures;
  const busy = ((cpu.user + cpu.system) * 100).toFixed(1);
  return `${busy} % of a core, p99 ${latenessMs.p99.toFixed(2)} ms late, ${(framesKept * 100).toFixed(1)} % of frames`;
}
