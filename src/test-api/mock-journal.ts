import type { OperationId } from '../simulation/switches/operation-ids.ts'
import type { ControlClient } from './control-client.ts'
import type { RecordedExchange } from './types.ts'

/** Which exchanges, and how they are shown. */
export interface JournalQuery {
  /** Only the newest so many. */
  readonly newest?: number
  /** Only calls of this operation. */
  readonly operation?: OperationId
  /** Passwords, tokens and cookies as they were, and not masked. */
  readonly secrets?: boolean
}

/** The journal of a sandbox: what was called, answered and violated. */
export class MockJournal {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /** Oldest first. */
  entries({ newest, operation, secrets }: JournalQuery = {}): Promise<readonly RecordedExchange[]> {
    const query = new URLSearchParams()
    if (newest !== undefined) query.set('limit', String(newest))
    if (operation !== undefined) query.set('operation', operation)
    if (secrets) query.set('secrets', 'true')
    return this.#control.get(query.size === 0 ? '/journal' : `/journal?${query}`)
  }

  /** One exchange, with the curl command that repeats its request; with `secrets` it repeats it as it was. */
  entry(
    id: number,
    { secrets = false }: Pick<JournalQuery, 'secrets'> = {},
  ): Promise<RecordedExchange & { readonly curl: string }> {
    return this.#control.get(`/journal/${id}${secrets ? '?secrets=true' : ''}`)
  }

  clear(): Promise<void> {
    return this.#control.send('DELETE', '/journal')
  }
}
