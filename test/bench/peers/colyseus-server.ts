/** Colyseus with a view for each client. */
import { serveArena } from "./colyseus-arena.ts";

await serveArena(true);
