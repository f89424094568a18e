/** Reads the overview that the server tells as text; what cannot be read is as if it were not told. */
import { levelsFromText } from "@starwake/shared/engine/level-text.ts";
import { columnsOf, overview } from "@starwake/shared/game/overview.ts";
import type { World } from "@starwake/shared/game/world.ts";
import type { OverviewView } from "./scene.ts";

export class OverviewReader {
  private readonly columns: number;
  private readonly sectorCount: number;
  private text: string | undefined;
  private newest: OverviewView | undefined;

  constructor(world: World) {
    this.columns = columnsOf(world);
    this.sectorCount = overview.sectorCount(world);
  }

  /** The same object for as long as the same is told. */
  read(text: string | undefined): OverviewView | undefined {
    if (text === this.text) return this.newest;
    this.text = text;
    const levels = text === undefined ? undefined : levelsFromText(text, this.sectorCount);
    this.newest = levels && { columns: this.columns, levels };
    return this.newest;
  }
}
