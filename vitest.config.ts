import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A test that is focused by accident would hide the others.
    allowOnly: false,
    // Inference already uses every core: test files one after another.
    fileParallelism: false,
    reporters: ["default", new ClosingLine()],
  },
});
