/**
 * Time, passed in: the process's clock in production, one moved by hand in tests, virtual time in the laboratory.
 */
export type Clock = {
  /** Milliseconds from an arbitrary start, never going back. */
  now(): number;
  /** Calls `callback` once, at the earliest after `delayMs`. @returns a function that takes it back. */
  after(delayMs: number, callback: () => void): () => void;
};
