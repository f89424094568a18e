/**
 * Accounts each bit of a frame to its cause, without the codec's knowing: what is read is read by a function with a
 * name, for a kind and a group of fields that it has just looked up. It makes reading slow, and is for one process
 * that does nothing else.
 */
import { BitReader } from "@starwake/shared/engine/bit-stream.ts";
import type { EntityKind } from "@starwake/shared/engine/entity-kind.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Schema } from "@starwake/shared/engine/schema.ts";

/** What the codec has looked up last. */
type Topic = { kind: string; group: string; event: string };

/** The innermost of these functions on the stack tells the cause. */
const CAUSES: Readonly<Record<string, (topic: Topic) => string>> = {
  readSteered: () => "own row",
  readFrameHead: () => "frame head",
  readLeavers: () => "leavers",
  readGroup: ({ group }) => `survivors: ${group}`,
  readHeld: () => "survivors: held",
  readSurvivor: () => "survivors: flags, ages",
  readCrossers: ({ kind }) => `enterers: ${kind}, known next door`,
  readAnchored: ({ kind }) => `enterers: ${kind}, foretold`,
  readEnterers: ({ kind }) => `enterers: ${kind}, whole`,
  readEvents: ({ event }) => `events: ${event}`,
  readChunk: () => "news bits",
  readRegions: () => "chunk marks",
};
const STACK_DEPTH = 12;
const TAG_BITS = 8;

export class BitAccount {
  /** Bits by cause. */
  readonly bits = new Map<string, number>();
  private readonly topic: Topic = { kind: "", group: "", event: "" };
  private isReading = false;

  /** From now on all that is read in this process is accounted. */
  constructor() {
    const { prototype } = BitReader;
    for (const name of ["bits", "bit", "golomb", "signedGolomb"] as const) this.watch(prototype, name);
  }

  /** The game with kinds and events that tell when they are looked at. */
  watched(game: GameDefinition): GameDefinition {
    return {
      ...game,
      kinds: game.kinds.map((kind) => this.watchKind(kind)),
      events: game.events.map((event) => this.watchEvent(event)),
    };
  }

  /** What a frame takes beyond what was read of it. */
  pad(frameBytes: number, bitsBefore: number): void {
    this.add("frame head", TAG_BITS);
    this.add("padding", frameBytes * 8 - (this.total - bitsBefore));
  }

  get total(): number {
    return [...this.bits.values()].reduce((sum, bits) => sum + bits, 0);
  }

  private watch(prototype: BitReader, name: "bits" | "bit" | "golomb" | "signedGolomb"): void {
    const read = prototype[name] as (this: BitReader, count: number) => number | boolean;
    const account = this;
    const accounted = function (this: BitReader, count: number): number | boolean {
      if (account.isReading) return read.call(this, count);
      const start = this.position;
      account.isReading = true;
      const value = read.call(this, count);
      account.isReading = false;
      account.add(account.cause(), this.position - start);
      return value;
    };
    Object.defineProperty(prototype, name, { value: accounted });
  }

  private cause(): string {
    for (const name of callers()) if (name !== null && CAUSES[name] !== undefined) return CAUSES[name](this.topic);
    return "other";
  }

  private add(cause: string, bits: number): void {
    this.bits.set(cause, (this.bits.get(cause) ?? 0) + bits);
  }

  private watchKind(kind: EntityKind): EntityKind {
    const groups = new Proxy(kind.publicGroups, {
      get: (target, key) => {
        const group = target[Number(key)];
        if (Array.isArray(group)) this.topic.group = group.map((field) => kind.names[field]).join(" ");
        return Reflect.get(target, key);
      },
    });
    return new Proxy(kind, {
      get: (target, key) => {
        this.topic.kind = target.name;
        return key === "publicGroups" ? groups : Reflect.get(target, key);
      },
    });
  }

  private watchEvent(schema: Schema): Schema {
    return new Proxy(schema, {
      get: (target, key) => {
        this.topic.event = target.name;
        return Reflect.get(target, key);
      },
    });
  }
}

/** The names of the functions on the stack, innermost first. */
function callers(): (string | null)[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_DEPTH;
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunctionName());
  const names = new Error().stack as unknown as (string | null)[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return names;
}
