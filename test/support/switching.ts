import { describe, expect } from 'vitest'
import type { Dialect } from '../../src/contract/contract.ts'
import type { JsonObject } from '../../src/json.ts'
import { catalogue } from '../../src/simulation/switches/catalogue.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, Server, saidBy } from './people.ts'

/*
 * Switches thrown through the control API, in a fresh world of each dialect.
 */

const DIALECTS: readonly Dialect[] = ['spec', 'wire']

/** The same tests for servers of both dialects. */
export function inBothDialects(tests: (open: (changes?: JsonObject) => Server, dialect: Dialect) => void): void {
  describe.each(DIALECTS)('in the dialect %s', (dialect) =>
    tests((changes = {}) => new Server(changes, { dialect }), dialect),
  )
}

/** Throws a switch for every call to come. */
export async function throwSwitch(server: Server, name: SwitchName, rest: JsonObject = {}): Promise<void> {
  const { status, text } = await server.browser().post('/__mock/switches', { json: { name, ...rest } })
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' })
}

export async function clearSwitches(server: Server): Promise<void> {
  expect((await server.browser().send('DELETE', '/__mock/switches', { json: {} })).status).toBe(204)
}

/** The answer was one that the switch met, and it kept the contract. */
export function expectSwitched({ headers }: Answer, name: SwitchName): void {
  expect(headers['x-mock-switch']).toBe(name)
  expect(headers['x-mock-contract-violation']).toBeUndefined()
  const breaks = catalogue.get(name)?.breaksContract !== undefined
  if (!breaks) expect(headers['x-mock-contract-broken-by']).toBeUndefined()
}

/** What a flow's form says, by node; that of the whole form stands under ''. */
export function saidIn(answer: Answer): Readonly<Record<string, readonly number[]>> {
  return answer.body.ui === undefined ? {} : saidBy(answer.body)
}
