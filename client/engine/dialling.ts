/**
 * Dialling: how a connection is opened. An attempt that is not answered soon is raced by a second one: what got lost may be
 * the very first packet, which the system sends again only after a second (RFC 6298). Whichever is open first is taken; on
 * the other one nothing was said yet.
 */

/** Unanswered for so long, an attempt is raced. */
const RACED_AFTER_MS = 300;

/** Begins to open a connection, and tells once how that went. @returns what gives it up */
export type Attempt<Connection> = (opened: (connection: Connection) => void, failed: () => void) => () => void;

export type DialEvents<Connection> = {
  opened(connection: Connection): void;
  /** No attempt came to anything. */
  failed(): void;
};

/** Does something later. @returns what takes it back */
export type After = (ms: number, act: () => void) => () => void;

const afterByTimer: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/**
 * @param isRaced whether a second attempt is made when the first is not answered soon
 * @param after by which time it waits; this machine's, unless given
 * @returns what gives up, after which nothing is told any more
 */
export function dial<Connection>(
  attempt: Attempt<Connection>,
  isRaced: boolean,
  events: DialEvents<Connection>,
  after = afterByTimer,
): () => void {
  const underWay = new Set<object>();
  const giveUps = new Map<object, () => void>();
  let isOver = false;
  const end = (taken?: object) => {
    isOver = true;
    takeBackRace();
    for (const [one, giveUp] of giveUps) if (one !== taken) giveUp();
  };
  const start = () => {
    const own = {};
    underWay.add(own);
    const giveUp = attempt(
      (connection) => {
        if (isOver) return;
        end(own);
        events.opened(connection);
      },
      () => {
        underWay.delete(own);
        giveUps.delete(own);
        if (isOver || underWay.size > 0) return;
        end();
        events.failed();
      },
    );
    if (underWay.has(own)) giveUps.set(own, giveUp);
  };
  const takeBackRace = isRaced ? after(RACED_AFTER_MS, start) : () => {};
  start();
  return () => {
    if (!isOver) end();
  };
}
