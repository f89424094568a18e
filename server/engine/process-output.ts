/**
 * The process's own two outputs as log outlets. Node writes to files and terminals and waits for them; here nothing waits:
 * a terminal that is held (Ctrl-S), a pipe that nobody reads, and a slow disk hold up no tick.
 */
import { write, writeSync } from "node:fs";
import { Socket } from "node:net";
import { LogOutlet, type Sink } from "./log-outlet.ts";

type Output = NodeJS.WritableStream & { readonly fd: number };

/** Takes the output over: whoever else writes to it may come before what was written here first. */
export function outletTo(output: Output): LogOutlet {
  // A pipe, a socket or a terminal; the rest are files and devices.
  const outlet = new LogOutlet(output instanceof Socket ? streamSink(output) : fileSink(output.fd));
  process.on("exit", () => outlet.writeLast());
  return outlet;
}

function streamSink(stream: Socket): Sink {
  // Each failure reaches the write's own callback, too; unheard, the event would end the process.
  stream.on("error", () => {});
  stopWaiting(stream);
  return {
    write: (text, done) => void stream.write(text, done),
    writeLast: (text) => void stream.write(text),
  };
}

/**
 * Has the system refuse what it cannot take at once, so that it waits in our memory. Node has no public way to say so:
 * it makes terminals blocking, and on Windows pipes, too.
 */
function stopWaiting(stream: Socket): void {
  (stream as { _handle?: { setBlocking?: (isBlocking: boolean) => void } })._handle?.setBlocking?.(false);
}

function fileSink(fd: number): Sink {
  let isTorn = false;
  return {
    write(text, done) {
      // What was cut off in the middle of a line takes nothing of the next one with it.
      writeAll(fd, Buffer.from(isTorn ? `\n${text}` : text), 0, (error, written) => {
        isTorn = error ? isTorn || written > 0 : false;
        done(error);
      });
    },
    writeLast(text) {
      try {
        writeSync(fd, text);
      } catch {
        // There is nobody left to tell.
      }
    },
  };
}

/** A disk that is all but full takes a part; the rest is tried, and then its error is told. */
function writeAll(fd: number, bytes: Buffer, from: number, done: (error: Error | null, written: number) => void): void {
  write(fd, bytes, from, (error, written) => {
    if (error || from + written === bytes.length) done(error, from + written);
    else writeAll(fd, bytes, from + written, done);
  });
}
