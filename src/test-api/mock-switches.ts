import type { ControlClient } from './control-client.ts'
import type { SwitchCatalogue, SwitchRequest, ThrownSwitch } from './switch-types.ts'

/** The switches of a sandbox. */
export class MockSwitches {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /**
   * Throws one: by its name for every call that it can meet, or with what narrows it.
   * @throws ControlRequestError when it cannot meet the operation, or has no such parameter
   */
  throw(request: SwitchRequest['name'] | SwitchRequest): Promise<ThrownSwitch> {
    return this.#control.send('POST', '/switches', typeof request === 'string' ? { name: request } : request)
  }

  /** What is thrown, by whichever door, with what it has met so far. */
  async list(): Promise<readonly ThrownSwitch[]> {
    const { active } = await this.#control.get<{ readonly active: readonly ThrownSwitch[] }>('/switches?active')
    return active
  }

  /** Every switch of the server, and what no server can switch on, with the reason. */
  async catalogue(): Promise<SwitchCatalogue> {
    const { active: _, ...catalogue } = await this.#control.get<SwitchCatalogue & { readonly active: unknown }>(
      '/switches',
    )
    return catalogue
  }

  /** Clears one: as it was thrown, or by its id. Without one, all of them. */
  clear(thrown?: string | Pick<ThrownSwitch, 'id'>): Promise<void> {
    if (thrown === undefined) return this.#control.send('DELETE', '/switches')
    const id = typeof thrown === 'string' ? thrown : thrown.id
    return this.#control.send('DELETE', `/switches/${encodeURIComponent(id)}`)
  }
}
