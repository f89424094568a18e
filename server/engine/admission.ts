/**
 * Admission: whether an address group may come in, by what it has and how often it asks. What it has is what the lobby
 * told; private rooms are counted by the matchmaker.
 */
import { type AddressLimits, JOIN_BURST_SECONDS } from "./address-limits.ts";
import { GroupBuckets } from "./group-buckets.ts";
import { GroupCounts } from "./group-counts.ts";

/** Spares to all seats together: they leave room for players, whom the transport takes 5,000 of. */
const MAX_ALL_SPARES = 2_000;

export class Admission {
  private readonly limits: AddressLimits;
  /** Apart, so that no player waits for others' spares. */
  private readonly asked: { readonly join: GroupBuckets; readonly spare: GroupBuckets };
  private readonly seats = new GroupCounts();
  private readonly spares = new GroupCounts();
  private allSpares = 0;

  constructor(limits: AddressLimits, nowMs: number) {
    this.limits = limits;
    const bucket = () =>
      new GroupBuckets(limits.joinsPerSecond, Math.max(1, limits.joinsPerSecond * JOIN_BURST_SECONDS), nowMs);
    this.asked = { join: bucket(), spare: bucket() };
  }

  /** To be called for each request, whatever becomes of it. */
  mayAsk(what: "join" | "spare", group: string, nowMs: number): boolean {
    return this.asked[what].take(group, nowMs);
  }

  hasSeatFor(group: string): boolean {
    return this.seats.of(group) < this.limits.seats;
  }

  hasSpareFor(group: string): boolean {
    return this.allSpares < MAX_ALL_SPARES && this.spares.of(group) < this.limits.spares;
  }

  seatTaken(group: string): void {
    this.seats.add(group);
  }

  seatGone(group: string): void {
    this.seats.remove(group);
  }

  spareTaken(group: string): void {
    this.allSpares++;
    this.spares.add(group);
  }

  spareGone(group: string): void {
    this.allSpares--;
    this.spares.remove(group);
  }
}
