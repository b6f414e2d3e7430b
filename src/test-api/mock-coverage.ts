import type { Coverage } from '../report/shown-coverage.ts'
import type { ControlClient } from './control-client.ts'

/** What of the contract a test exercised. */
export class MockCoverage {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /** Of this sandbox; of `server`, what all its sandboxes exercised since it started, those that are gone too. */
  read(of: 'sandbox' | 'server' = 'sandbox'): Promise<Coverage> {
    return this.#control.get(`/coverage${query(of)}`)
  }

  /** Counts anew. The journal stays. */
  clear(of: 'sandbox' | 'server' = 'sandbox'): Promise<void> {
    return this.#control.send('DELETE', `/coverage${query(of)}`)
  }
}

const query = (of: 'sandbox' | 'server'): string => (of === 'server' ? '?all' : '')
