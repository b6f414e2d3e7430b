import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { controlRoutes } from '../src/simulation/control.ts'
import { catalogue } from '../src/simulation/switches/catalogue.ts'
import { BUILT_IN_FIXTURES, BUILT_IN_SCENARIOS } from '../src/test-api/built-in.ts'

/* What the README names is there. */

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The names in the first column of the table whose first heading is this. */
function firstColumn(heading: string): string[] {
  const lines = README.split('\n')
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const rows = lines.slice(from + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) => /`([^`]+)`/.exec(row)?.[1] ?? row)
}

const namedAfter = (text: string): string[] =>
  [...README.matchAll(new RegExp(`${text}([a-z][a-z0-9-]+)`, 'g'))].map(([, name = '']) => name)

describe('the README', () => {
  test('names scenarios that exist', () => {
    const named = [...firstColumn('Name'), ...namedAfter('--scenario ')]
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !(BUILT_IN_SCENARIOS as readonly string[]).includes(name))).toEqual([])
  })

  test('names twenty switches, and all that it names exist', () => {
    const table = firstColumn('Switch')
    expect(new Set(table).size).toBe(20)
    const named = [...table, ...namedAfter('X-Mock-Switch: '), ...namedAfter("mock.throw\\('")]
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !catalogue.has(name))).toEqual([])
  })

  test('names fixtures that exist', () => {
    const named = [...namedAfter('--fixture '), ...namedAfter("fixture: '")]
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(BUILT_IN_FIXTURES as readonly string[]).includes(name))).toEqual([])
  })

  test('names routes of the control API that exist', () => {
    const known = new Set(controlRoutes.map(({ path }) => path.split('/')[1]))
    const named = [...README.matchAll(/\/__mock\/([a-z]+)(?![a-z.])/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  test.each(['vitest/home-page.test.ts', 'playwright/playwright.config.ts', 'playwright/sign-in.spec.ts'])(
    'shows %s as it runs',
    (path) => {
      const text = readFileSync(new URL(`guides/${path}`, import.meta.url), 'utf8')
      expect(README).toContain(`\n${text}\`\`\`\n`)
    },
  )
})
