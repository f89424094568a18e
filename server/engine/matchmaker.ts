/**
 * The matchmaker: which room a player comes into. Quick play fills the fullest open room, so that people meet; a
 * private room is found by its code, and opened under it when it is not there (after a restart, friends who come back
 * by their link meet again).
 */
import { randomInt } from "node:crypto";
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { siteOf } from "./address-group.ts";
import { AskingRate } from "./asking-rate.ts";
import { Departures } from "./departures.ts";
import { FairBudget } from "./fair-budget.ts";
import { isWithinShare } from "./fair-share.ts";
import { GroupCounts } from "./group-counts.ts";
import type { Log } from "./log.ts";
import { Punctuality } from "./punctuality.ts";
import { Room, type RoomOptions, type RoomSurroundings } from "./room.ts";
import type { RoomCrowd } from "./room-page.ts";
import { SeatMemories } from "./seat-memories.ts";

/** What all rooms of a server have in common. */
export type RoomPlan = Omit<RoomOptions, "code" | "isPrivate"> & RoomLimits;

/** Infinity lifts a limit. */
export type RoomLimits = {
  /** Private ones are at most half of them: quick play always has places that those cannot use up. */
  readonly maxRooms: number;
  /** Private ones that an address group opened, and that live or have ended only just now; fewer where few are left. */
  readonly maxPrivateRoomsPerAddress: number;
  /** Of private rooms, and as many of public ones: opening one takes some four milliseconds, for which ticks wait. */
  readonly openingsPerSecond: number;
  /** Of public ones, for each address group: nobody has them opened one after the other by coming and going. */
  readonly openingsPerSecondPerAddress: number;
};

export const DEFAULT_ROOM_LIMITS: RoomLimits = {
  maxRooms: 200,
  maxPrivateRoomsPerAddress: 4,
  openingsPerSecond: 4,
  openingsPerSecondPerAddress: 1,
};

export const NO_ROOM_LIMITS: RoomLimits = {
  maxRooms: Number.POSITIVE_INFINITY,
  maxPrivateRoomsPerAddress: Number.POSITIVE_INFINITY,
  openingsPerSecond: Number.POSITIVE_INFINITY,
  openingsPerSecondPerAddress: Number.POSITIVE_INFINITY,
};

const LARGEST_PRIVATE_PART = 1 / 2;
/** A private room that has ended counts for so long: opening one costs more than having it for a moment. */
const AFTERMATH_MS = 5_000;
/** So many seconds' worth of rooms may be opened at once; by one address as many as a class needs where rooms are small. */
const BURST_SECONDS = { inAll: 2, ofGroup: 4 };

type Surroundings = Omit<RoomSurroundings, "failed" | "emptied" | "departures" | "memories" | "punctuality"> & {
  /** See Punctuality: without it the process is taken for at work all the time. */
  readonly atWork?: (nowMs: number) => number;
};

type NoRoom = "server-full" | "server-busy" | "too-many-private-rooms";

/** Of 31 letters: who tries a hundred a second, which is all that come in, needs a day to come upon one of a hundred rooms. */
const CODE_LENGTH = 6;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** Without the letters and digits that are mistaken for each other. */
const CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

export class Matchmaker {
  readonly rooms = new Map<string, Room>();
  /** From all rooms. */
  readonly departures: Departures;
  private readonly memories: SeatMemories;
  /** Of the ticks of all rooms. */
  readonly punctuality: Punctuality;
  private readonly plan: RoomPlan;
  private readonly surroundings: Surroundings;
  private readonly log: Log;
  /** By whom the private rooms were opened that count against their opener. */
  private readonly openers = new Map<Room, string>();
  private readonly openedBy = new GroupCounts();
  private readonly privateOpenings: FairBudget;
  private readonly publicOpenings: AskingRate;
  private opened = 0;
  private firstOpenedMs: number | undefined;

  constructor(plan: RoomPlan, surroundings: Surroundings, log: Log) {
    this.departures = new Departures(surroundings.clock);
    this.memories = new SeatMemories(plan.setup.tickRate);
    this.punctuality = new Punctuality(surroundings.atWork);
    this.plan = plan;
    this.surroundings = surroundings;
    this.log = log;
    const nowMs = surroundings.clock.now();
    const { openingsPerSecond: inAll, openingsPerSecondPerAddress: ofGroup, maxPrivateRoomsPerAddress } = plan;
    this.privateOpenings = new FairBudget(inAll, inAll * BURST_SECONDS.inAll, maxPrivateRoomsPerAddress, nowMs);
    this.publicOpenings = new AskingRate({ perSecond: { ofGroup, inAll }, burstSeconds: BURST_SECONDS }, nowMs);
  }

  /** Who is here, in all rooms. */
  occupancy(): { humans: number; pilots: number; rooms: number } {
    const rooms = [...this.rooms.values()];
    const humans = rooms.reduce((sum, room) => sum + room.playerCount, 0);
    const pilots = rooms.reduce((sum, room) => sum + room.crew.pilots.size, 0);
    return { humans, pilots, rooms: rooms.length };
  }

  /** How many play in a public room. Private ones are nobody's business: not even that they are there. */
  crowdOf(code: string): RoomCrowd | undefined {
    const room = this.rooms.get(code);
    if (room === undefined || room.options.isPrivate) return undefined;
    return { players: room.playerCount, capacity: room.options.setup.capacity };
  }

  /**
   * The room for a wish, or why there is none.
   * @param group the address group of whoever wishes
   * @param key of the browser that asks: quick play leads back to what its player left
   */
  find(wish: RoomWish, group: string, key?: string): Room | "room-full" | NoRoom {
    if (wish.kind === "code") {
      const room = this.rooms.get(wish.code);
      if (room !== undefined) return room.isFull ? "room-full" : room;
      return this.openPrivate(wish.code, group);
    }
    if (wish.kind === "new") return this.openPrivate(this.freshCode(), group);
    const open = [...this.rooms.values()].filter((room) => !room.options.isPrivate && !room.isFull);
    const left = key === undefined ? undefined : open.find((room) => room.keepsFor(key));
    if (left !== undefined) return left;
    const fullest = open.sort((one, other) => other.playerCount - one.playerCount)[0];
    return fullest ?? this.openPublic(group);
  }

  private openPublic(group: string): Room | NoRoom {
    if (this.rooms.size >= this.plan.maxRooms) return "server-full";
    const problem = this.publicOpenings.problemWith(group, this.surroundings.clock.now());
    return problem === undefined ? this.open(this.freshCode(), false) : "server-busy";
  }

  private openPrivate(code: string, group: string): Room | NoRoom {
    const { maxRooms, maxPrivateRoomsPerAddress } = this.plan;
    if (this.openedBy.isFull(group, maxPrivateRoomsPerAddress)) return "too-many-private-rooms";
    const left = Math.floor(maxRooms * LARGEST_PRIVATE_PART) - this.privateCount;
    if (left < 1) return "server-full";
    const own = this.openedBy.of(siteOf(group));
    if (!isWithinShare(own, left, maxPrivateRoomsPerAddress)) return "too-many-private-rooms";
    const nowMs = this.surroundings.clock.now();
    // Those who are here already come first: what makes their ticks late is not added to.
    if (this.punctuality.isStrained(nowMs) || !this.privateOpenings.take(group, nowMs)) return "server-busy";
    const room = this.open(code, true);
    if (typeof room === "string") return room;
    // Counted first: what is not counted cannot be given back.
    this.openedBy.add(group);
    this.openers.set(room, group);
    return room;
  }

  private get privateCount(): number {
    let count = 0;
    for (const { options } of this.rooms.values()) if (options.isPrivate) count++;
    return count;
  }

  private open(code: string, isPrivate: boolean): Room | "server-full" {
    if (this.rooms.size >= this.plan.maxRooms) return "server-full";
    // Each room has a seed of its own that follows from the server's, so that a run can be repeated.
    const setup = { ...this.plan.setup, seed: (this.plan.setup.seed + this.opened++) >>> 0 };
    const room: Room = new Room(
      { ...this.plan, setup, code, isPrivate },
      {
        ...this.surroundings,
        departures: this.departures,
        memories: this.memories,
        punctuality: this.punctuality,
        failed: (error) => this.fail(room, error),
        emptied: () => this.drop(room, "nobody is there any more"),
      },
    );
    // Started first: a room that does not tick never ends.
    room.start(this.delayOf(this.opened - 1));
    this.rooms.set(code, room);
    this.log.info({ room: code, isPrivate, seed: setup.seed }, "room opened");
    return room;
  }

  /**
   * Until the first tick of the room that was opened as the `number`th: rooms tick one after the other, evenly spread
   * over a tick's length, or each would wait for those that happen to be due with it. Multiples of the golden ratio are
   * spread evenly however many there are, and whichever of them are gone.
   */
  private delayOf(number: number): number {
    const intervalMs = 1000 / this.plan.setup.tickRate;
    const nowMs = this.surroundings.clock.now();
    this.firstOpenedMs ??= nowMs;
    const ahead = number * GOLDEN_RATIO - (nowMs - this.firstOpenedMs) / intervalMs;
    return intervalMs * (1 + ahead - Math.floor(ahead));
  }

  private fail(room: Room, error: unknown): void {
    this.log.error({ room: room.options.code, err: error }, "room failed");
    this.drop(room, "it failed");
  }

  private drop(room: Room, why: string): void {
    const { code } = room.options;
    if (this.rooms.get(code) === room) this.rooms.delete(code);
    this.attempt(room, () => room.close("room-failed"));
    this.forgetOpener(room);
    this.log.info({ room: code }, `room closed: ${why}`);
  }

  /** Ends a room as far as that can be done: one that throws meanwhile holds up no other. */
  private attempt(room: Room, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.log.error({ room: room.options.code, err: error }, "a room could not be closed as it should");
    }
  }

  /** Tells everybody that the server closes, and closes every room. */
  closeAll(): void {
    for (const room of this.rooms.values()) {
      this.attempt(room, () => room.tellAll("closing", { reason: "server-closing" }));
      this.attempt(room, () => room.close("server-closing"));
    }
    this.rooms.clear();
  }

  private forgetOpener(room: Room): void {
    const group = this.openers.get(room);
    if (group === undefined) return;
    this.openers.delete(room);
    this.surroundings.clock.after(AFTERMATH_MS, () => this.openedBy.remove(group));
  }

  private freshCode(): string {
    for (;;) {
      const code = Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join("");
      if (!this.rooms.has(code)) return code;
    }
  }
}
