import { defineConfig } from "vitest/config";

/** Where a JSON report of the run goes, for .ci/run to count; none unless told. */
const report = process.env.VITEST_REPORT;

/**
 * What takes this long hangs, and is ended. It judges nothing: on a machine with other work, what takes a second by itself may
 * take a minute. No test has a time-out of its own, see test/engine/no-clock-judges.test.ts.
 */
const HANGING = { testTimeout: 900_000, hookTimeout: 900_000, expect: { poll: { timeout: 600_000 } } };

export default defineConfig({
  test: {
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["test/{engine,game,bots,lab,bench,attack,fuzz,faults,real-network}/**/*.test.ts"],
          ...HANGING,
        },
      },
      {
        test: {
          name: "proxy",
          environment: "node",
          include: ["test/proxy/**/*.test.ts"],
          globalSetup: "test/support/require-proxies.ts",
          fileParallelism: false,
          ...HANGING,
        },
      },
      {
        test: {
          name: "browser",
          environment: "node",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/support/require-chromium.ts",
          // One page at a time: each draws with software GL and needs the cores to itself.
          fileParallelism: false,
          ...HANGING,
        },
      },
    ],
  },
});
