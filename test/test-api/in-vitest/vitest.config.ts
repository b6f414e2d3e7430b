import { mergeConfig } from 'vitest/config'
import root from '../../../vitest.config.ts'

/* Runs the cases, of which some fail, for `vitest-fixtures.test.ts`. */

const { test: _, ...shared } = root

export default mergeConfig(shared, {
  test: { include: ['test/test-api/in-vitest/cases.ts'], reporters: ['default', 'json'] },
})
