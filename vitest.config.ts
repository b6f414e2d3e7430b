import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.ts'

export default defineConfig({
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
