import { defineConfig } from "vitest/config";

// One browser and one server serve all files, which would be slower side by side.
const inBrowser = {
  fileParallelism: false,
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      { test: { name: "units", include: ["tests/units/**/*.test.ts"] } },
      { test: { name: "browser", include: ["tests/browser/**/*.test.ts"], ...inBrowser } },
      { test: { name: "measure", include: ["tests/browser/**/*.measure.ts"], ...inBrowser } },
    ],
  },
});
