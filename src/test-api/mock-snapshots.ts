import type { Fixture } from '../simulation/fixture.ts'
import type { ControlClient } from './control-client.ts'
import type { SnapshotSummary } from './types.ts'

/** The snapshots of a sandbox. */
export class MockSnapshots {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /** In the order in which they were first taken. */
  list(): Promise<readonly SnapshotSummary[]> {
    return this.#control.get('/snapshots')
  }

  /** A snapshot as JSON, to be kept in a file. */
  read(name: string): Promise<Fixture> {
    return this.#control.get(pathOf(name))
  }

  /** Keeps what a fixture says under a name; the sandbox itself stays as it is. */
  write(name: string, state: Fixture): Promise<SnapshotSummary> {
    return this.#control.send('PUT', pathOf(name), state)
  }

  take(name: string): Promise<SnapshotSummary> {
    return this.#control.send('POST', pathOf(name))
  }

  restore(name: string): Promise<SnapshotSummary> {
    return this.#control.send('POST', `${pathOf(name)}/restore`)
  }

  delete(name: string): Promise<void> {
    return this.#control.send('DELETE', pathOf(name))
  }
}

const pathOf = (name: string): string => `/snapshots/${encodeURIComponent(name)}`
