import { demoConfig } from '../../src/config/demo.ts'
import type { RunningOptions } from './running-mock.ts'

const member = (end: string) => ({
  id: `6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c${end}`,
  email: `member-${end}@example.com`,
  name: `Member ${end}`,
})

/** A server on which every operation can succeed: a namespace for relation tuples, and members of whom one can leave. */
export const WALKABLE: RunningOptions = {
  config: { ...demoConfig(), namespaces: [{ id: 0, name: 'files' }] },
  fixture: { project: { name: 'demo', members: [member('01'), member('02')] } },
}
