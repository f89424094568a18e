/** The seams between the folders: the project is held against the table, and the table's rules are each seen to bite. */
import { describe, expect, test } from "vitest";
import { IMPORT_RULES, importsOf, violationsOf } from "../support/import-rules.ts";
import { readSources, type SourceFile } from "../support/source-tree.ts";

const project = ["shared", "server", "client"].flatMap(readSources);

describe("the project", () => {
  test.for(IMPORT_RULES)("$says", (rule) => {
    expect(violationsOf(rule, project)).toEqual([]);
  });
});

/** What breaks each rule, by what the rule says: path and source of the file that breaks it. */
const BREAKS: Readonly<Record<string, readonly (readonly [path: string, source: string])[]>> = {
  "shared/engine imports nothing but itself, zod/mini and @socket.io/component-emitter": [
    ["shared/engine/a.ts", 'import { readFileSync } from "node:fs";'],
    ["shared/engine/a.ts", 'import { readFileSync } from "fs";'],
    ["shared/engine/a.ts", 'import * as z from "zod";'],
    ["shared/engine/a.ts", 'import type { World } from "../game/world.ts";'],
    ["shared/engine/a.ts", 'export { stepWorld } from "@starwake/shared/game/step.ts";'],
    ["shared/engine/a.ts", 'const step = await import("@starwake/shared/game/step.ts");'],
    ["shared/engine/a.ts", "const step = await import(somewhere);"],
    ["shared/engine/a.ts", 'type World = import("../game/world.ts").World;'],
  ],
  "shared's games import nothing but shared": [
    ["shared/game/a.ts", 'import * as z from "zod/mini";'],
    ["shared/game/a.ts", 'export * from "../../server/engine/clock.ts";'],
  ],
  "shared uses no name of the DOM or of Node": [
    ["shared/game/a.ts", "export const width = window.innerWidth;"],
    ["shared/game/a.ts", "export function now() { return process.hrtime(); }"],
    ["shared/engine/a.ts", "export const bytes = Buffer.alloc(4);"],
    ["shared/engine/a.ts", "export function draw(on: HTMLElement) { return on; }"],
    ["shared/engine/a.ts", 'export const inPage = typeof document !== "undefined";'],
    ["shared/engine/a.ts", "export const page = globalThis.document;"],
  ],
  "an engine never imports a game, nor a root": [
    ["server/engine/a.ts", 'import { game } from "@starwake/shared/game/game.ts";'],
    ["client/engine/a.ts", 'import type { Scene } from "../game/scene.ts";'],
    ["shared/engine/a.ts", 'import { rules } from "../second-game/rules.ts";'],
    ["server/engine/a.ts", 'import { serve } from "../serve.ts";'],
    ["server/engine/a.ts", 'import { verify } from "../replay.ts";'],
  ],
  "the server never imports the client": [
    ["server/serve.ts", 'import { connect } from "@starwake/client/engine/connection.ts";'],
  ],
  "the client never imports the server": [
    ["client/game/a.ts", 'import type { Room } from "../../server/engine/room.ts";'],
  ],
  "the client imports no Node, but for its build": [["client/engine/a.ts", 'import { join } from "path";']],
  "only client/main.ts, server/serve.ts and server/replay.ts name both an engine's side and a game": [
    ["server/config.ts", 'import "./engine/room.ts"; import { game } from "@starwake/shared/game/game.ts";'],
  ],
  "nothing that runs imports a test": [["server/game/a.ts", 'import { toy } from "../../test/engine/toy-game.ts";']],
  "one file of the server imports socket.io": [["server/game/a.ts", 'import type { Server } from "socket.io";']],
  "one file of the client imports socket.io-client": [["client/main.ts", 'import { io } from "socket.io-client";']],
  "only client/game and client/main.ts import Phaser": [
    ["client/engine/a.ts", 'import Phaser from "phaser";'],
    ["shared/game/a.ts", 'import type { Math } from "phaser";'],
  ],
  "engines draw nothing: no Preact in them": [["client/engine/a.ts", 'import { useState } from "preact/hooks";']],
};

/** A small project that keeps every rule. */
const SOUND: readonly SourceFile[] = [
  {
    path: "shared/engine/tick.ts",
    source: 'import * as z from "zod/mini"; export const tick = (n: number): Readonly<number[]> => [n | 0];',
  },
  {
    path: "shared/game/game.ts",
    source: 'import { tick } from "@starwake/shared/engine/tick.ts"; export const game = { tick };',
  },
  {
    path: "server/engine/socket.ts",
    source: 'import { Server } from "socket.io"; import { createServer } from "node:http";',
  },
  {
    path: "server/game/pilots.ts",
    source: 'import { game } from "@starwake/shared/game/game.ts"; import "../engine/socket.ts";',
  },
  { path: "server/config.ts", source: 'import { parseArgs } from "node:util";' },
  {
    path: "server/serve.ts",
    source: 'import "./engine/socket.ts"; import { game } from "@starwake/shared/game/game.ts";',
  },
  { path: "client/engine/socket.ts", source: 'import { io } from "socket.io-client";' },
  { path: "client/game/stage.ts", source: 'import Phaser from "phaser"; import { io } from "../engine/socket.ts";' },
  { path: "client/main.ts", source: 'import "./engine/socket.ts"; const stage = await import("./game/stage.ts");' },
];

describe("the rules", () => {
  test.for(IMPORT_RULES)("a sound project keeps: $says", (rule) => {
    expect(violationsOf(rule, SOUND)).toEqual([]);
  });

  test("every rule has a source that breaks it", () => {
    expect(Object.keys(BREAKS)).toEqual(IMPORT_RULES.map(({ says }) => says));
  });

  const breaks = IMPORT_RULES.flatMap((rule) =>
    (BREAKS[rule.says] ?? []).map(([path, source]) => ({ rule, path, source })),
  );
  test.for(breaks)("$path with `$source` is reported", ({ rule, path, source }) => {
    const files = [...SOUND.filter((file) => file.path !== path), { path, source }];
    expect(violationsOf(rule, files).map((violation) => violation.path)).toContain(path);
  });

  test.for(IMPORT_RULES)("without files it is broken: $says", (rule) => {
    expect(violationsOf(rule, [])).toHaveLength(1);
  });

  test("a name that the file declares is no global", () => {
    const rule = IMPORT_RULES.find(({ says }) => says.startsWith("shared uses"))!;
    const source =
      "export function draw(window: number, { process }: { process: number }) { return { document: window + process }; }";
    expect(violationsOf(rule, [{ path: "shared/engine/a.ts", source }])).toEqual([]);
  });

  test("an import is named from the project's root, whichever way it is written", () => {
    const source =
      'import "./tick.ts"; export * from "../engine/tick.ts"; type T = import("@starwake/shared/engine/tick.ts").Tick;';
    const targets = importsOf({ path: "shared/engine/a.ts", source }).map(({ target }) => target);
    expect(targets).toEqual(Array(3).fill("shared/engine/tick.ts"));
  });
});
