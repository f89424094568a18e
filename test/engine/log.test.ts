/** What others say stands in the log as text: it steers no terminal, and is found again as it was said. */
import { createLog } from "@starwake/server/engine/log.ts";
import { LogOutlet } from "@starwake/server/engine/log-outlet.ts";
import { describe, expect, test } from "vitest";

const FORMS = [
  ["for people", true],
  ["as JSON", false],
] as const;
/** Of all that a terminal might take for a command, turn the line around by, or end the line at. */
const STEERING = [
  ...["\x1b[2J", "\x07", "\b\b", "\r", "\x7f", "\x85", "\x9b2J", "\x9d0;title\x9c"],
  ...["\u061c", "\u200e", "\u202e", "\u2066", "\u2028", "\u2029", "\ufeff", "\u00ad", "\ue000", "\u{e0001}", "\ud800"],
];
/** Our own colours, and line breaks. */
const OURS = /\x1b\[\d*m|\n/g;

/** What a terminal or a file is given for one thing that is logged. */
function written(isForPeople: boolean, fields: object, message: string): string {
  const chunks: string[] = [];
  const sink = { write: (chunk: string) => void chunks.push(chunk), writeLast: () => {} };
  createLog("info", new LogOutlet(sink), isForPeople).warn(fields, message);
  return chunks.join("");
}

describe.each(FORMS)("a log %s", (_, isForPeople) => {
  test.each(STEERING)("writes %j as an escape, wherever it stands", (text) => {
    const err = Object.assign(new Error(`bad ${text}`), { stack: `Error: bad ${text}\n    at ${text}` });
    const shown = written(isForPeople, { origin: text, [`x${text}`]: 1, list: [text], err }, `heard ${text}`);
    const others = isForPeople ? shown.replace(OURS, "") : shown.slice(0, -1);
    expect(others).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  test.each(["Zoë 星 Ωμέγα שלום", "👩‍🚀🏴‍☠️", "می‌خواهم"])("leaves words of people as they are: %s", (text) => {
    expect(written(isForPeople, { name: text }, "heard")).toContain(text);
  });
});

test("what was escaped in JSON is read as it was said", () => {
  const said = STEERING.join("");
  const line = written(false, { origin: said }, "heard");
  expect(line.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ origin: said, msg: "heard" });
});
