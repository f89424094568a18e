/**
 * Where tests, and what they run, may look at the time, sleep, or name a short time, and why no verdict of `npm test` hangs on
 * it: each file with its problems, as clock-judgements.ts calls them, and the reason.
 */
type Allowance = { readonly problems: string; readonly reason: string };

const ATTACKERS_OWN = "how long attackers go on, and wait before they do something else: that is not judged";
const LONG_TOOL = "the long tools' own output and end";

/** Files that `npm run bench` alone has; the tests beside them are read like all others. */
export const BENCHMARK: readonly string[] = [
  ...["main", "measurement", "peers/load", "peers/starwake-players", "pinned-process", "probe", "raw-socket"],
  ...["trials/client", "trials/cuts", "trials/page"],
].map((name) => `test/bench/${name}.ts`);

export const ALLOWANCES: Readonly<Record<string, Allowance>> = {
  "test/attack/attacked-server.ts": {
    problems: "node:timers/promises setTimeout",
    reason: "ends what hangs, after minutes",
  },
  "test/attack/attack.test.ts": {
    problems: "seconds",
    reason: "how long an attack lasts; what is left of it is judged",
  },
  "test/attack/attacks/churn.ts": { problems: "PIECE_MS", reason: ATTACKERS_OWN },
  "test/attack/attacks/greetings.ts": { problems: "PAUSE_MS WAIT_MS", reason: ATTACKERS_OWN },
  "test/attack/attacks/holders.ts": { problems: "DRIP_MS GOODBYE_MS", reason: ATTACKERS_OWN },
  "test/attack/attacks/mixed.ts": { problems: "TURN_SECONDS", reason: ATTACKERS_OWN },
  "test/attack/attacks/quiet.ts": { problems: "STAY_MS", reason: ATTACKERS_OWN },
  "test/attack/attacks/rooms.ts": {
    problems: "AGAIN_MS COMMAND_MS CROWD_MS QUESTION_MS AWAKE_MS HEARTBEAT_MS performance.now",
    reason: ATTACKERS_OWN,
  },
  "test/attack/attacks/unread.ts": { problems: "STEP_MS", reason: ATTACKERS_OWN },
  "test/attack/child-process.ts": { problems: "setTimeout", reason: "ends what hangs, after minutes" },
  "test/attack/field.ts": {
    problems: "node:timers/promises performance.now REPLY_TIMEOUT_MS BLIND_PAUSE_MS REFUSED_PAUSE_MS",
    reason: ATTACKERS_OWN,
  },
  "test/attack/honest.ts": {
    problems: "node:timers/promises setInterval performance.now UPDATE_INTERVAL_MS JOIN_SPACING_MS NEWCOMER_STAY_MS",
    reason: "plays in real time; what is measured goes into marks of pace, which npm test does not judge",
  },
  "test/attack/main.ts": { problems: "MOST_BESIDE_SECONDS", reason: LONG_TOOL },
  "test/attack/options.test.ts": { problems: "seconds", reason: "an option that is parsed" },
  "test/attack/raw-peer.ts": {
    problems: "setInterval performance.now setTimeout BLIND_PONG_MS",
    reason: "each wait ends after a time that its caller gives; a heartbeat",
  },
  "test/attack/siege.ts": {
    problems:
      "node:timers/promises performance.now freeWithinMs newcomerMs SETTLE_MS SAMPLE_MS FIRST_NEWCOMER_MS NEWCOMER_INTERVAL_MS",
    reason: "when to look and when newcomers come; the short times of STRICT are the long tools', tests have ENDLESS",
  },
  "test/attack/telling.ts": { problems: "performance.now setTimeout", reason: LONG_TOOL },
  "test/attack/worker.ts": {
    problems: "setInterval setTimeout REPORT_MS",
    reason: "an attack lasts as long as it was told to; npm test judges what is left when it is over",
  },
  "test/bench/process-accounts.ts": { problems: "process.cpuUsage", reason: "told beside marks, and judged by none" },
  "test/browser/tab-life.test.ts": {
    problems: "performance.now",
    reason: "the page's own clock is made coarse; nothing is measured",
  },
  "test/bots/bot.ts": { problems: "performance.now", reason: "the clock of a client that plays in real time" },
  "test/bots/main.ts": {
    problems:
      "node:timers/promises performance.now UPDATE_INTERVAL_MS JOIN_LOOK_MS JOIN_SPACING_MS SETTLE_MS LINE_INTERVAL_MS",
    reason: "plays in real time and tells rates, which no test judges; who waits for whom is said by --patience",
  },
  "test/browser/kill-replay.test.ts": {
    problems: "setInterval",
    reason: "the page's look at itself, until it has seen",
  },
  "test/browser/waiting.test.ts": { problems: "setInterval TICK_MS", reason: "a bot plays in real time" },
  "test/engine/heartbeat-clock.test.ts": {
    problems: "Date.now MINUTE_MS",
    reason: "the calendar's clock is what is set to another time, by minutes",
  },
  "test/engine/http-connection.test.ts": {
    problems: "setInterval",
    reason: "a peer that reads a little now and then, until it is ended",
  },
  "test/engine/stop-request.test.ts": {
    problems: "setInterval",
    reason: "signals again and again, until the process ends",
  },
  "test/engine/system-clock.test.ts": {
    problems: "performance.now",
    reason: "stands for a time that is moved by hand",
  },
  "test/engine/wire-parser.test.ts": { problems: "Date.now", reason: "draws a seed" },
  "test/faults/trial.ts": {
    problems: "setInterval performance.now setTimeout TICK_MS ms",
    reason:
      "plays in real time; what decides is visits that were made and frames that came, and the times are added to that",
  },
  "test/faults/visitors.ts": {
    problems: "setTimeout STEP_MS",
    reason: "pauses between what is said; a visit that hangs ends after minutes",
  },
  "test/fuzz/main.ts": { problems: "MOST_BESIDE_SECONDS", reason: LONG_TOOL },
  "test/fuzz/speaker.ts": {
    problems: "node:timers/promises ANSWER_MS AFTERWARDS_MS",
    reason: "an answer is given up only when the server has answered somebody who asked later",
  },
  "test/fuzz/worker.ts": {
    problems: "setInterval performance.now REPORT_MS RECENT_MS TOGETHER_MS",
    reason: "reports, and which conversations were held last, for who looks for the one that ended a server",
  },
  "test/lab/main.ts": { problems: "performance.now SEEN_AFTER_SECONDS", reason: "tells how fast the laboratory runs" },
  "test/proxy/proxy.test.ts": { problems: "setInterval", reason: "a bot plays in real time" },
  "test/real-network/main.ts": { problems: "setTimeout BESIDE_SECONDS JOIN_SECONDS", reason: LONG_TOOL },
  "test/real-network/monotonic.ts": {
    problems: "process.hrtime",
    reason: "the clock that the players and the server have in common; what it measures, no test judges",
  },
  "test/real-network/player-process.ts": {
    problems: "node:timers/promises FRAME_MS BETWEEN_JOINS_MS",
    reason: "plays in real time; who has no picture gives up after minutes",
  },
  "test/real-network/run.ts": {
    problems: "node:timers/promises JOIN_SPACING_MS PROGRESS_MS",
    reason: "plays in real time, for as long as it is told to",
  },
  "test/support/game-page.ts": { problems: "setInterval", reason: "the page's look at itself" },
  "test/support/live-game.ts": { problems: "setInterval", reason: "a client plays in real time" },
  "test/support/still-player.ts": {
    problems: "performance.now setInterval UPDATE_INTERVAL_MS",
    reason: "a client plays in real time",
  },
};
