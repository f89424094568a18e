/**
 * The process's own two outputs as log outlets. Node writes to files and terminals and waits for them; here nothing waits:
 * a terminal that is held (Ctrl-S), a pipe that nobody reads, and a slow disk hold up no tick. Nor does it throw in whoever
 * writes, as Node does for a file on a full disk: libraries write, too, in the middle of their work, when somebody's shell
 * has DEBUG or NODE_DEBUG set.
 */
import { write, writeSync } from "node:fs";
import { Socket } from "node:net";
import { LogOutlet, type Sink } from "./log-outlet.ts";

/** A file's write that takes so long may take for ever, on a network disk that is gone: nobody's last words wait for it. */
const STUCK_MS = 250;

type Output = NodeJS.WritableStream & { readonly fd: number };

/** Takes the output over, to be called once for each: whoever else writes to it writes to the outlet from then on. */
export function outletTo(output: Output): LogOutlet {
  // A pipe, a socket or a terminal; the rest are files and devices.
  const outlet = new LogOutlet(output instanceof Socket ? streamSink(output) : fileSink(output.fd));
  output.write = writeTo(outlet);
  process.on("exit", () => outlet.writeLast());
  return outlet;
}

type Written = (error?: Error | null) => void;

/** A stream's write that never throws or fails; what is lost the outlet counts. */
function writeTo(outlet: LogOutlet): Output["write"] {
  return (text: string | Uint8Array, encoding?: BufferEncoding | Written, written?: Written): boolean => {
    const [code, done] = typeof encoding === "function" ? [undefined, encoding] : [encoding, written];
    outlet.write(typeof text === "string" ? Buffer.from(text, code).toString() : Buffer.from(text).toString());
    if (done !== undefined) process.nextTick(done);
    return true;
  };
}

function streamSink(stream: Socket): Sink {
  // Each failure reaches the write's own callback, too; unheard, the event would end the process.
  stream.on("error", () => {});
  stopWaiting(stream);
  // The stream's own, which is about to be replaced.
  const write = stream.write.bind(stream);
  return {
    write: (text, done) => void write(text, done),
    writeLast: (text) => void write(text),
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
  let writingSinceMs: number | undefined;
  return {
    write(text, done) {
      writingSinceMs = performance.now();
      // What was cut off in the middle of a line takes nothing of the next one with it.
      writeAll(fd, Buffer.from(isTorn ? `\n${text}` : text), 0, (error, written) => {
        isTorn = error ? isTorn || written > 0 : false;
        writingSinceMs = undefined;
        done(error);
      });
    },
    writeLast(text) {
      if (writingSinceMs !== undefined && performance.now() - writingSinceMs > STUCK_MS) return;
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
