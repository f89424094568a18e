/**
 * The heartbeat's clock: engine.io-client asks the time of day whether the server's next heartbeat is overdue, so whoever's
 * clock is set forward by a minute would lose every connection. Here the time that passes counts, not the one that is shown.
 */

/** engine.io-client's socket; when it is overdue, 0 once that has been noticed. The field has no type there. */
type Engine = { _pingTimeoutTime?: number };

/**
 * Has an engine keep its heartbeat by a clock that nobody sets; to be called before the first heartbeat is waited for.
 * Should a later version keep it elsewhere, then this does nothing, and test/engine/heartbeat-clock.test.ts fails.
 */
export function keepHeartbeatBy(now: () => number, engine: object): void {
  let dueMs = Infinity;
  let isOver = false;
  const field: PropertyDescriptor & ThisType<Engine> = {
    configurable: true,
    enumerable: true,
    set(dueAtDate: number) {
      isOver = dueAtDate === 0;
      dueMs = now() + dueAtDate - Date.now();
    },
    get: () => (isOver ? 0 : dueMs - now() + Date.now()),
  };
  Object.defineProperty(engine, "_pingTimeoutTime", field);
}
