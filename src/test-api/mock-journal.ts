import type { OperationId } from '../simulation/switches/operation-ids.ts'
import type { Expectation } from '../verdict/assertion/expectation.ts'
import { type CallLike, patternOf } from './call-like.ts'
import { type ControlClient, ControlRequestError } from './control-client.ts'
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

/** How often a call is expected; at least once when nothing is said. */
export interface CallCount {
  /** Exactly so often. */
  readonly times?: number
  readonly atLeast?: number
  readonly atMost?: number
}

/** The journal is not as a test expects: the message says what came nearest, and why it is not what was expected. */
export class JournalAssertionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'JournalAssertionError'
  }
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

  /**
   * Such a call was made: `await mock.journal.called({ operation: 'toSession', status: 401 }, { times: 2 })`. An operation's
   * name alone is enough; values may be regular expressions or matchers of `expect`.
   * @returns the ids of the calls
   * @throws JournalAssertionError
   */
  async called(call: OperationId | CallLike, { times, atLeast, atMost }: CallCount = {}): Promise<readonly number[]> {
    return this.#verify({
      called: patternOf(call),
      ...(times === undefined ? {} : { times }),
      ...(atLeast === undefined ? {} : { at_least: atLeast }),
      ...(atMost === undefined ? {} : { at_most: atMost }),
    })
  }

  /** @throws JournalAssertionError */
  async calledOnce(call: OperationId | CallLike): Promise<number> {
    const [id = 0] = await this.called(call, { times: 1 })
    return id
  }

  /** @throws JournalAssertionError */
  async neverCalled(call: OperationId | CallLike): Promise<void> {
    await this.called(call, { times: 0 })
  }

  /**
   * Such calls were made one after the other; others may have come between.
   * @returns their ids
   * @throws JournalAssertionError
   */
  async calledInOrder(...calls: readonly (OperationId | CallLike)[]): Promise<readonly number[]> {
    return this.#verify({ in_order: calls.map(patternOf) })
  }

  /**
   * No request and no answer broke the contract.
   * @throws JournalAssertionError with what did
   */
  async neverViolated(
    of: { readonly side?: 'request' | 'response'; readonly operation?: OperationId } = {},
  ): Promise<void> {
    await this.#verify({ never_violated: of })
  }

  async #verify(expectation: Expectation): Promise<readonly number[]> {
    try {
      return (await this.#control.send<{ matched: readonly number[] }>('POST', '/journal/verify', expectation)).matched
    } catch (error) {
      if (!(error instanceof ControlRequestError) || error.status !== 417) throw error
      throw new JournalAssertionError(error.message.replace(/^POST \/journal\/verify: /, ''))
    }
  }

  clear(): Promise<void> {
    return this.#control.send('DELETE', '/journal')
  }
}
