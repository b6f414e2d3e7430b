import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // the guides of test/guides import the package by its name
  resolve: {
    alias: [
      { find: /^ory-mock$/, replacement: here('src/index.ts') },
      { find: /^ory-mock\/vitest$/, replacement: here('src/test-api/vitest.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new SummaryReporter()],
    // as nothing at module level can change, files may share modules, and with them the compiled contract
    isolate: false,
    maxWorkers: '100%',
    // generous: the machine may be slow, and no test measures time
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
