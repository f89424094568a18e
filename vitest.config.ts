import { defineConfig } from "vitest/config";

/** Where a JSON report of the run goes, for .ci/run to count; none unless told. */
const report = process.env.VITEST_REPORT;

export default defineConfig({
  test: {
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["test/{engine,game,bots,lab,bench}/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "proxy",
          environment: "node",
          include: ["test/proxy/**/*.test.ts"],
          globalSetup: "test/support/require-proxies.ts",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
