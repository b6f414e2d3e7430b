import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new SummaryReporter()],
    // generous: the machine may be slow, and no test measures time
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
