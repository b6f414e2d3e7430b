import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with one plain line that any CI can read: `412 passed, 0 failed, 3 skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state]++
    const broken = modules.filter((module) => module.state() === 'failed' && module.children.size === 0).length
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.stdout.write(`\n${count.passed} passed, ${count.failed + count.pending + broken} failed${skipped}\n`)
  }
}
