import { describe, expect, expectTypeOf, it } from 'vitest'
import { catalogue, sections } from '../../src/simulation/switches/catalogue.ts'
import { notSwitchable } from '../../src/simulation/switches/not-switchable.ts'
import { EVERY } from '../../src/simulation/switches/operation-ids.ts'
import { type SwitchName, switchNames } from '../../src/simulation/switches/switch-names.ts'
import { runCli } from '../support/cli-process.ts'
import { Server } from '../support/people.ts'
import { NAMES } from './names.ts'

/* The catalogue as a whole. */

type KeyOf<T> = T extends unknown ? keyof T : never

/** Names that one list has and the other lacks. */
const without = (names: Iterable<string>, others: Iterable<string>): string[] => {
  const known = new Set(others)
  return [...names].filter((name) => !known.has(name))
}

const known = [...catalogue.keys()]

const STATES = Object.values<readonly string[]>(NAMES).flat()

describe('the catalogue of switches', () => {
  it('has the names of the list, in its order', () => {
    expect(without(known, switchNames), 'add these to src/simulation/switches/switch-names.ts').toEqual([])
    expect(without(switchNames, known), 'these of switch-names.ts are in no section').toEqual([])
    expect(switchNames).toEqual(known)
    expectTypeOf<SwitchName>().toEqualTypeOf<KeyOf<(typeof sections)[keyof typeof sections]>>()
  })

  it('names no switch twice', () => {
    const all = Object.values(sections).flatMap((section) => Object.keys(section))
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([])
  })

  it('holds exactly the 233 states, but for those that no server can switch on', () => {
    expect(STATES).toHaveLength(233)
    expect(new Set(STATES).size).toBe(233)
    const unswitchable = Object.keys(notSwitchable)
    expect(without(STATES, [...known, ...unswitchable]), 'neither in a section nor in not-switchable.ts').toEqual([])
    expect(without([...known, ...unswitchable], STATES), 'no such states').toEqual([])
    expect(without(known, unswitchable), 'both switchable and not').toEqual(known)
  })

  it('has its sections in the order of the states', () => {
    const order = known.map((name) =>
      Object.values<readonly string[]>(NAMES).findIndex((names) => names.includes(name)),
    )
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it.each([...catalogue])('%s says what it is, how one comes into it and what one sees', (_, definition) => {
    const { title, how, sees, operations } = definition
    for (const text of [title, how, sees]) expect(text.trim().length).toBeGreaterThan(3)
    expect(sees).toMatch(/[.…]"?$/)
    expect(title).not.toMatch(/\.$/)
    if (operations === '*') return
    expect(operations.length).toBeGreaterThan(0)
    expect(without(operations, EVERY), 'no such operations').toEqual([])
    expect(new Set(operations).size).toBe(operations.length)
  })

  it('can be read in part: the command line is not taken aback', async () => {
    const { code, printed } = await runCli(['switches'], { reads: 'the beginning' })
    expect(code).toBe(0)
    expect(printed).toContain('Flow lifecycle')
    expect(printed).not.toContain('Error')
  })

  it('is the same on the command line and in the control API', async () => {
    const { code, printed } = await runCli(['switches', '--json'])
    expect(code).toBe(0)
    const listed: unknown = JSON.parse(printed)
    expect(listed).toHaveLength(switchNames.length)
    const { body } = await new Server().browser().get('/__mock/switches')
    expect(body.catalogue).toEqual(listed)
    expect(body.catalogue.map(({ name }: { readonly name: string }) => name)).toEqual(switchNames)
    const reasons = Object.entries(notSwitchable).map(([name, reason]) => ({ name, reason }))
    expect(body.not_switchable).toEqual(reasons)
  })
})
