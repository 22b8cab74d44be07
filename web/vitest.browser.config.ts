import { defineConfig } from "vitest/config";

/** A real browser against a real server, with the pages that were built into it. Both may share a machine with builds. */
export default defineConfig({
  test: { include: ["tests/browser/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});
