import { defineConfig } from "vitest/config";

/** The built pages in a real browser against a real server: `npm run build` first. */
export default defineConfig({
  test: { include: ["tests/browser/**/*.test.ts"], testTimeout: 40_000, hookTimeout: 60_000, fileParallelism: false },
});
