import { createLog } from "@starwake/server/engine/log.ts";
import { LogOutlet, type Sink } from "@starwake/server/engine/log-outlet.ts";
import { describe, expect, test } from "vitest";

/** An output that answers when the test says so. */
function createSink() {
  const written: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const lastWords: string[] = [];
  const sink: Sink = {
    write(text, done) {
      written.push(text);
      answers.push(done);
    },
    writeLast: (text) => void lastWords.push(text),
  };
  /** Answers what was asked first. */
  const answer = (error?: Error) => answers.shift()!(error);
  return { sink, written, lastWords, answer, asked: () => answers.length };
}

const FULL = Object.assign(new Error("no space left"), { code: "ENOSPC" });

describe("lines get out in their order", () => {
  test("one write is under way at a time, and the next takes all that came meanwhile", () => {
    const { sink, written, answer, asked } = createSink();
    const outlet = new LogOutlet(sink);
    for (const line of ["1\n", "2\n", "3\n"]) outlet.write(line);
    expect(written).toEqual(["1\n"]);
    expect(asked()).toBe(1);
    answer();
    expect(written).toEqual(["1\n", "2\n3\n"]);
  });

  test("flushed is who has nothing that waits", async () => {
    const { sink, answer } = createSink();
    const outlet = new LogOutlet(sink);
    await outlet.whenFlushed();
    outlet.write("1\n");
    outlet.write("2\n");
    let isFlushed = false;
    const flushed = outlet.whenFlushed().then(() => (isFlushed = true));
    answer();
    await Promise.resolve();
    expect(isFlushed).toBe(false);
    answer();
    await flushed;
  });

  test("at the process's end what waits is written at once, and what is under way is not written twice", () => {
    const { sink, lastWords } = createSink();
    const outlet = new LogOutlet(sink);
    for (const line of ["1\n", "2\n", "3\n"]) outlet.write(line);
    outlet.writeLast();
    outlet.writeLast();
    expect(lastWords).toEqual(["2\n3\n"]);
  });
});

describe("what cannot be written is lost, counted, and harms nothing", () => {
  test("a write that fails costs the lines that were in it", () => {
    const { sink, answer } = createSink();
    const outlet = new LogOutlet(sink);
    for (const line of ["1\n", "2\n", "3\n"]) outlet.write(line);
    answer();
    answer(FULL);
    expect(outlet.lostLines).toBe(2);
  });

  test("who stands still holds a bounded memory, whatever is logged", () => {
    const { sink, written } = createSink();
    const outlet = new LogOutlet(sink);
    const line = `${"x".repeat(999)}\n`;
    for (let lines = 0; lines < 100_000; lines++) outlet.write(line);
    expect(written).toEqual([line]);
    expect(outlet.lostLines).toBe(99_000);
  });

  test("after it, lines are written again", () => {
    const { sink, written, answer } = createSink();
    const outlet = new LogOutlet(sink);
    outlet.write("1\n");
    answer(FULL);
    outlet.write("2\n");
    answer();
    expect(written).toEqual(["1\n", "2\n"]);
    expect(outlet.lostLines).toBe(1);
  });

  test("the log says how many are lost, once it is heard again, and never twice", () => {
    const { sink, written, answer, asked } = createSink();
    const log = createLog("info", new LogOutlet(sink), false);
    for (const message of ["1", "2", "3"]) log.info(message);
    answer(FULL);
    answer(FULL);
    log.info("4");
    while (asked() > 0) answer();
    log.info("5");
    while (asked() > 0) answer();
    const lines = written.flatMap((text) => text.trim().split("\n")).map((line) => JSON.parse(line));
    expect(lines.map(({ msg, lines: lost }) => lost ?? msg)).toEqual(["1", "2", "3", "4", 3, "5"]);
  });
});
