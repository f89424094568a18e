/**
 * A room's name book: who is there under which name. No two names in it look alike, and nobody but a pilot has a name that is
 * kept for pilots. A name that is not free gets the next free number ("Ace 2"); nobody is refused for a name, and however
 * many names there are, no more than ten are tried.
 */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { cleanName, lettersOf, MAX_NAME_LENGTH } from "@starwake/shared/engine/player-name.ts";
import { skeletonsOf } from "./skeletons.ts";

/** The highest number that is looked for; then it is the player's own, and then the player is a guest. */
const MOST_NUMBERS = 9;
const NUMBER_AT_END = / \d+$/;
const DIGIT = /\p{N}/gu;
/** The skeleton of a guest's name: l and o are what two of the digits look like. */
const GUEST_SKELETON = /^guest[^\p{L}\p{N}]*[\p{N}lo]*$/u;

export class NameBook {
  /** Each name's skeletons, by player, and all of them. */
  private readonly byPlayer = new Map<PlayerId, readonly string[]>();
  private readonly taken = new Set<string>();
  private readonly reserved: ReadonlySet<string>;

  /** @param reserved names that players do not get, such as all that pilots have */
  constructor(reserved: readonly string[]) {
    this.reserved = new Set(reserved.flatMap(skeletonsOf));
  }

  /** @param wanted cleaned; "", or a name that only guests have, makes a guest */
  enterPlayer(player: PlayerId, wanted: string): string {
    if (wanted === "" || isGuestName(wanted)) return this.enter(player, guestName(player));
    return this.enter(
      player,
      this.numbered(player, wanted, (skeleton) => this.reserved.has(skeleton)),
    );
  }

  enterPilot(player: PlayerId, wanted: string): string {
    return this.enter(
      player,
      this.numbered(player, wanted, () => false),
    );
  }

  /** Frees a player's name. Of who is not there it does nothing. */
  leave(player: PlayerId): void {
    for (const skeleton of this.byPlayer.get(player) ?? []) this.taken.delete(skeleton);
    this.byPlayer.delete(player);
  }

  private enter(player: PlayerId, name: string): string {
    this.leave(player);
    const skeletons = skeletonsOf(name);
    this.byPlayer.set(player, skeletons);
    for (const skeleton of skeletons) this.taken.add(skeleton);
    return name;
  }

  private numbered(player: PlayerId, wanted: string, isKept: (skeleton: string) => boolean): string {
    const isFree = (name: string): boolean =>
      skeletonsOf(name).every((skeleton) => !this.taken.has(skeleton) && !isKept(skeleton));
    if (isFree(wanted)) return wanted;
    const numbers = Array.from({ length: MOST_NUMBERS - 1 }, (_, index) => index + 2);
    for (const number of [...numbers, player]) {
      const name = withNumber(wanted, number);
      if (isFree(name)) return name;
    }
    // Names of this form have nobody but their player: it is free.
    return guestName(player);
  }
}

/** As much of the name as leaves room for the number, which takes the place of a number at its end. */
function withNumber(name: string, number: number): string {
  const suffix = ` ${number}`;
  const letters = lettersOf(name.replace(NUMBER_AT_END, ""));
  for (let kept = Math.min(letters.length, MAX_NAME_LENGTH - suffix.length); kept > 0; kept--) {
    const cleaned = cleanName(letters.slice(0, kept).join("") + suffix);
    if ("name" in cleaned) return cleaned.name;
  }
  return `Pilot ${number}`;
}

function guestName(player: PlayerId): string {
  return `Guest ${player}`;
}

function isGuestName(name: string): boolean {
  return [name, name.replace(DIGIT, "0")].flatMap(skeletonsOf).some((skeleton) => GUEST_SKELETON.test(skeleton));
}
