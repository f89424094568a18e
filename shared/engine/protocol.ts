/**
 * The protocol: every control message, both ways, declared once as a schema from which its type, its check on arrival
 * and its part of the protocol hash follow. Frames and command packets, the hot path, have files of their own.
 *
 * Control messages are socket.io events; those with a reply are acknowledged.
 */
import * as z from "zod/mini";
import { MOST_VIEWS } from "./cell-grid.ts";
import type { GameDefinition } from "./game-definition.ts";
import { MAX_TYPED_NAME_UNITS } from "./player-name.ts";

/** Changes when the layout of frames, chunks or packets changes in a way that no schema shows. */
const WIRE_LAYOUT = 6;

/** 128 bits of chance, in base64url or hexadecimal digits. */
const BROWSER_KEY_PATTERN = /^[\w-]{22,64}$/;
export const ROOM_CODE_PATTERN = /^[A-Z0-9]{4,12}$/;

/** Why a client is not let in, or is sent away. The page has a sentence for each. */
export const REFUSALS = [
  "version-mismatch",
  "origin-not-allowed",
  "malformed",
  "name-refused",
  "room-full",
  "room-busy",
  "server-full",
  "server-busy",
  "already-joined",
  "no-such-seat",
  "too-many-spares",
  "too-many-joins",
  "too-many-seats",
  "too-many-private-rooms",
  "too-many-connections",
  "not-seated",
  "flooding",
  "not-responding",
  "replaced",
  "server-closing",
  "room-failed",
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** Last words after which a client comes back by itself: what they tell of passes. */
const PASSING_REFUSALS: ReadonlySet<Refusal> = new Set<Refusal>([
  "server-closing",
  "not-responding",
  "room-failed",
  "not-seated",
]);

/** Refusals of a wish that pass by themselves: a client asks again, after growing waits, until it is let in or leaves. */
export const ASK_AGAIN_REFUSALS: ReadonlySet<Refusal> = new Set<Refusal>([
  "room-full",
  "room-busy",
  "server-full",
  "server-busy",
  "too-many-joins",
  "too-many-connections",
  "too-many-seats",
  "too-many-private-rooms",
  "server-closing",
]);

/** Whether a link whose last word this was comes back by itself. */
export function isPassing(reason: Refusal): boolean {
  return PASSING_REFUSALS.has(reason) || ASK_AGAIN_REFUSALS.has(reason);
}

const refusal = z.enum(REFUSALS);
const whole = z.int();
const numbersByName = z.record(z.string(), z.number());

const roomWish = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("quick") }),
  z.strictObject({ kind: z.literal("new") }),
  z.strictObject({ kind: z.literal("code"), code: z.string().check(z.regex(ROOM_CODE_PATTERN)) }),
]);

/** The number of a screen's shape, by which the game chooses what its client is sent. */
const screenShape = z.int().check(z.minimum(0), z.maximum(MOST_VIEWS - 1));

/**
 * No message of a client is longer, nor has more characters: the longest is a hello that joins with a token, a key, and a name in
 * which each unit takes six letters of JSON.
 */
export const MAX_REQUEST_BYTES = 2 * 1024;

const joinRequest = z.strictObject({
  name: z.string().check(z.maxLength(MAX_TYPED_NAME_UNITS)),
  room: roomWish,
  /** From an earlier join: asks for the same ship, score and place. */
  token: z.optional(z.string().check(z.maxLength(64))),
  /**
   * A secret of the browser's, the same for every join: by it a player who left finds what they left, with its damage
   * and waits. Without one, what was left is lost.
   */
  key: z.optional(z.string().check(z.regex(BROWSER_KEY_PATTERN))),
  /** Without one the first. */
  shape: z.optional(screenShape),
});

const joinReply = z.discriminatedUnion("ok", [
  /** `detail`: of a name that was refused, which letter and why. */
  z.object({ ok: z.literal(false), reason: refusal, detail: z.optional(z.string()) }),
  z.object({
    ok: z.literal(true),
    player: whole,
    token: z.string(),
    resumed: z.boolean(),
    room: z.string(),
    isPrivate: z.boolean(),
    tick: whole,
    frameRate: z.number(),
    packetRate: z.number(),
    /** Seconds that the place is held when the connection is lost. */
    holdSeconds: z.number(),
    setup: z.object({ seed: whole, tickRate: z.number(), capacity: whole, mapSize: whole }),
  }),
]);

/** Asks that a further connection carries copies of all that a seat's own one carries. */
const spareRequest = z.strictObject({ token: z.string().check(z.maxLength(64)) });

const spareReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(false), reason: refusal }),
  /** `tick`: of the newest frame that this connection carries no copy of; before the first frame -1. */
  z.object({ ok: z.literal(true), tick: whole }),
]);

const version = z.string().check(z.maxLength(64));

/** What is known of a hello whatever version it is of: which one. */
export const handshakeVersion = z.object({ protocol: version });

/**
 * What a client says in the connection's handshake, its hello. What it came for rides along, which saves a round trip: a seat,
 * or to carry copies for one. The answer is the notice of that name.
 */
export const handshake = z
  .strictObject({ protocol: version, join: z.optional(joinRequest), spare: z.optional(spareRequest) })
  .check(z.refine(({ join, spare }) => join === undefined || spare === undefined));

/** Says that the screen has another shape now, as when a phone is turned; it takes effect once turns are allowed again. */
const turnRequest = z.strictObject({ shape: screenShape });

const pingReply = z.object({
  /** Ticks for which a command was there in time, was missing, came too late, or was refused as too far ahead. */
  onTime: whole,
  missing: whole,
  late: whole,
  refused: whole,
  /** Copies of packets that came long after the first one: what a lane holds up on the way up, only the server sees. */
  heldUp: whole,
});

/** A player's number, name, marks and standing, see roster-row.ts. */
const rosterRow = z.tuple([whole, z.string(), whole], z.number());

/** A game with more sectors would send much of a frame's budget to everybody for it. */
const MAX_OVERVIEW_LENGTH = 512;

/** What is new in the room; what is absent is as it was. */
const bulletin = z.object({
  /** Everybody, with the names of a standing's numbers: forget all others. */
  roster: z.optional(z.object({ standing: z.array(z.string()), players: z.array(rosterRow) })),
  gone: z.optional(z.array(whole)),
  /** Who came, or is not what they were. */
  changed: z.optional(z.array(rosterRow)),
  /** Players of whom the standing alone changed: number, then the standing. */
  standings: z.optional(z.array(z.array(z.number()))),
  news: z.optional(z.array(numbersByName)),
  /** The whole world, coarsely: levels as text, see level-text.ts. */
  overview: z.optional(z.string().check(z.maxLength(MAX_OVERVIEW_LENGTH))),
});

/** What clients ask: each has a reply, and is answered within the time-out or not at all. */
export const requests = {
  join: { body: joinRequest, reply: joinReply },
  spare: { body: spareRequest, reply: spareReply },
  turn: { body: turnRequest, reply: z.object({}) },
  ping: { body: z.strictObject({}), reply: pingReply },
  leave: { body: z.strictObject({}), reply: z.object({}) },
} as const;

/** What the server tells. */
export const notices = {
  bulletin,
  /** The answers to what came with the hello. */
  joinReply,
  spareReply,
  /** The server closes; whoever comes back afterwards finds a new one. */
  closing: z.object({ reason: refusal }),
  /** The last word before the connection is closed. */
  farewell: z.object({ reason: refusal }),
} as const;

export type RequestName = keyof typeof requests;
export type RequestBody<Name extends RequestName> = z.infer<(typeof requests)[Name]["body"]>;
export type RequestReply<Name extends RequestName> = z.infer<(typeof requests)[Name]["reply"]>;
export type NoticeName = keyof typeof notices;
export type NoticeBody<Name extends NoticeName> = z.infer<(typeof notices)[Name]>;

/** What rides with a hello. */
export type HelloWish = Omit<z.infer<typeof handshake>, "protocol">;

export type JoinRequest = RequestBody<"join">;
export type RoomWish = JoinRequest["room"];
export type JoinReply = RequestReply<"join">;
export type Joined = Extract<JoinReply, { ok: true }>;

/** Twelve hexadecimal digits that differ whenever two programs could misunderstand each other. */
export function protocolHash(game: GameDefinition): string {
  const messages = { handshake, ...requests.join, spareRequest, turnRequest, pingReply, ...notices };
  const shapes = Object.entries(messages).map(([name, schema]) => [name, z.toJSONSchema(schema)]);
  const schemas = [...game.kinds, ...game.events, game.command, ...(game.leaving ? [game.leaving.condition] : [])];
  const records = schemas.map(({ name, names, fields }) => [name, names, fields]);
  return fingerprint(JSON.stringify([WIRE_LAYOUT, game.name, game.digest, shapes, records]));
}

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 units, twice with different bases. */
function fingerprint(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x01234567;
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(index), 0x01000193);
  }
  return ((one >>> 0).toString(16).padStart(8, "0") + (other >>> 0).toString(16).padStart(8, "0")).slice(0, 12);
}
