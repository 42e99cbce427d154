import { defineConfig } from 'vitest/config';

// One file at a time: each starts servers of its own, and the machine may have two cores.
export default defineConfig({
  test: { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000, include: ['**/*.test.ts'] },
});
