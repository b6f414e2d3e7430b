import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli-process.ts'

/* What the commands that list something say. */

describe('ory-mock switches', () => {
  it('says all about those that are named', async () => {
    const { code, printed } = await runCli(['switches', 'slow', 'not-ready'])
    expect(code).toBe(0)
    expect(printed).toContain('slow: The answer comes late')
    expect(printed).toMatch(/ {2}operations {2}all\n {2}parameters\n +delay: .* \(duration, 2s if left out\)/)
    expect(printed).toMatch(/not-ready: .*\n {2}how .*\n {2}sees .*\n {2}operations {2}isReady\n/)
    expect(printed).toContain("curl -H 'X-Mock-Switch: not-ready'")
    expect(printed).not.toContain('flaky')
  })

  it('gives those that are named as data', async () => {
    const { printed } = await runCli(['switches', '--json', 'slow'])
    expect(JSON.parse(printed)).toMatchObject([{ name: 'slow', section: 'Transport', operations: '*' }])
  })
})

describe('ory-mock scenarios', () => {
  it('tells the story of those that are named', async () => {
    const { code, printed } = await runCli(['scenarios', 'gateway-down'])
    expect(code).toBe(0)
    expect(printed.split('\n')).toEqual([
      'gateway-down: The gateway answers with its own HTML page',
      expect.stringMatching(/^ {2}\S/),
      expect.stringMatching(/^ {2}\S/),
      expect.stringMatching(/^ {2}\S/),
      '  Start in it: ory-mock --scenario gateway-down',
      '',
    ])
  })
})

it.each([
  ['switches slwo', 'there is no switch "slwo". Did you mean "slow"?'],
  ['switches connection-refused', '"connection-refused" cannot be switched on.'],
  ['switches --jsno', 'It is used so: ory-mock switches [NAMES] [--json].'],
  ['scenarios gateway-dwn', 'There is no scenario "gateway-dwn". "ory-mock scenarios" lists them.'],
  ['operations toSession', 'It is used so: ory-mock operations [--json].'],
])('ory-mock %s: refused in one sentence', async (args, sentence) => {
  const { code, printed } = await runCli(args.split(' '))
  expect(code).toBe(2)
  expect(printed).toContain(sentence)
  expect(printed).not.toContain('    at ')
})
