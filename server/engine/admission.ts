/**
 * Admission: whether an address group may come in, by what it has and how often it asks. What it has is what the lobby
 * told; private rooms are counted by the matchmaker.
 */
import { type AddressLimits, ALL_JOINS_BURST_SECONDS, JOIN_BURST_SECONDS } from "./address-limits.ts";
import { AskingRate } from "./asking-rate.ts";
import { isWithinShare } from "./fair-share.ts";
import { GroupHolders } from "./group-holders.ts";
import type { Connection } from "./transport.ts";

/** Spares to all seats together: they leave room for players, whom the transport takes 5,000 of. */
const MAX_ALL_SPARES = 2_000;
/** Fewer players keep no process busy: where ticks are late with so few, it is the machine. */
const CROWD = 256;
/**
 * Who has fewer players than this waits for nothing, and nobody gives up so few: a hundred such addresses are 300 players. With
 * seven each, who besides asked as much as a seat may, they kept one core busy.
 */
const SMALL_SITE = 4;
/** Of a crowd for which there is no time, so many are too many at once; then it is seen whether there is time for the others. */
const TOO_MANY = 1 / 16;
/** A crowd that was too much grows back no faster than by all of itself in so long: else it is too much again within seconds. */
const REGROWTH_MS = 120_000;

export class Admission {
  private readonly limits: AddressLimits;
  /** Apart, so that no player waits for others' spares. */
  private readonly asked: { readonly join: AskingRate; readonly spare: AskingRate };
  /** Seats are known by whatever the lobby knows them by. */
  private readonly seats = new GroupHolders<object>();
  private readonly spares = new GroupHolders<Connection>();
  /** How many there was time for when some were too many last, and when that was. */
  private bearable = { players: Number.POSITIVE_INFINITY, atMs: 0 };

  constructor(limits: AddressLimits, nowMs: number) {
    this.limits = limits;
    const rate = {
      perSecond: { ofGroup: limits.joinsPerSecond, inAll: limits.allJoinsPerSecond },
      burstSeconds: { ofGroup: JOIN_BURST_SECONDS, inAll: ALL_JOINS_BURST_SECONDS },
    };
    this.asked = { join: new AskingRate(rate, nowMs), spare: new AskingRate(rate, nowMs) };
  }

  /** To be called for each request, whatever becomes of it. @returns why it is refused */
  problemWith(what: "join" | "spare", group: string, nowMs: number): "too-many-joins" | "server-busy" | undefined {
    const problem = this.asked[what].problemWith(group, nowMs);
    return problem && (problem === "busy" ? "server-busy" : "too-many-joins");
  }

  hasSeatFor(group: string): boolean {
    return !this.seats.isFull(group, this.limits.seats);
  }

  /** Whether a crowd may have one more of a group. @param isStrained whether there is hardly time for it as it is */
  mayJoinCrowd(group: string, isStrained: boolean, nowMs: number): boolean {
    if (!this.isCrowd || this.seats.ofSite(group) < SMALL_SITE) return true;
    const { players, atMs } = this.bearable;
    return !isStrained && this.seats.size < players * (1 + (nowMs - atMs) / REGROWTH_MS);
  }

  /** Seats to be given up, of those who have most, where there is less time than a crowd needs. */
  *tooMany(nowMs: number): Generator<object, void> {
    if (!this.isCrowd) return;
    const most = Math.floor(this.seats.size * (1 - TOO_MANY));
    this.bearable = { players: most, atMs: nowMs };
    while (this.seats.size > most) {
      const seat = this.seats.oldestOfLargestSite(SMALL_SITE);
      if (seat === undefined) return;
      // Counted no more: the next one is another's, whatever becomes of this.
      this.seatGone(seat);
      yield seat;
    }
  }

  /** Whoever may have any number of seats is held to none here either. */
  private get isCrowd(): boolean {
    return this.seats.size >= CROWD && Number.isFinite(this.limits.seats);
  }

  hasSpareFor(group: string): boolean {
    const most = this.limits.spares;
    const left = MAX_ALL_SPARES - this.spares.size;
    return !this.spares.isFull(group, most) && isWithinShare(this.spares.ofSite(group), left, most);
  }

  /** A seat counts for the address that its player comes from: for another one when they come back from there. */
  seatTaken(seat: object, group: string): void {
    this.seats.put(seat, group);
  }

  seatGone(seat: object): void {
    this.seats.remove(seat);
  }

  spareTaken(spare: Connection): void {
    this.spares.put(spare, spare.addressGroup);
  }

  spareGone(spare: Connection): void {
    this.spares.remove(spare);
  }
}
