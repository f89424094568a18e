/** Colyseus without views: everybody is sent the whole world. */
import { serveArena } from "./colyseus-arena.ts";

await serveArena(false);
