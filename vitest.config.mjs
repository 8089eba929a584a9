import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test measures time; a slow machine is no failure.
    testTimeout: 120_000,
    exclude: ["test/e2e/**", "node_modules/**"],
  },
});
