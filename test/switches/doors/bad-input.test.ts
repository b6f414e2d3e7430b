import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { createOryMock } from '../../../src/index.ts'
import { runCli } from '../../support/cli-process.ts'
import { makeMock } from '../../support/running-mock.ts'
import { asking, textOf, withScenario, withSwitches } from './open.ts'
import type { Ask, Seen } from './rows.ts'

/* What is wrong is told at every door: what, where, and what to do. */

type Entry = { readonly name: string } & Readonly<Record<string, unknown>>

/** What is thrown, where in it the mistake is, what is said. */
const MISTAKES: readonly (readonly [what: string, entry: Entry, pointer: string, message: RegExp, hint: RegExp])[] = [
  [
    'an unknown switch',
    { name: 'internal-eror' },
    '/name',
    /there is no switch "internal-eror"/,
    /Did you mean "internal-error"\? "ory-mock switches" lists them\./,
  ],
  [
    'one that no server can have',
    { name: 'connection-refused' },
    '/name',
    /"connection-refused" cannot be switched on/,
    /Stop the server/,
  ],
  [
    'an unknown operation',
    { name: 'slow', operation: 'toSesion' },
    '/operation',
    /there is no operation "toSesion"/,
    /Did you mean "toSession"\? "ory-mock operations" lists them\./,
  ],
  [
    'an operation that it cannot meet',
    { name: 'not-ready', operation: 'isAlive' },
    '/operation',
    /"not-ready" cannot meet isAlive/,
    /It meets isReady\./,
  ],
  [
    'an unknown parameter',
    { name: 'slow', parameters: { dely: '3s' } },
    '/parameters/dely',
    /"slow" has no such parameter/,
    /It has delay, to, percentiles\./,
  ],
  [
    'a parameter of one that has none',
    { name: 'extra-field', parameters: { field: 'x' } },
    '/parameters/field',
    /"extra-field" has no such parameter/,
    /It has none\./,
  ],
  [
    'a duration that is none',
    { name: 'slow', parameters: { delay: 'long' } },
    '/parameters/delay',
    /must be a duration of 0s or more, such as "300ms" or "1h30m"/,
    /how long to wait/,
  ],
  [
    'a number out of its range',
    { name: 'rate-limited', parameters: { limit: 5000 } },
    '/parameters/limit',
    /must be a number from 0 to 999/,
    /how many calls a window allows/,
  ],
  [
    'a text that it does not understand',
    { name: 'flaky', parameters: { kinds: '501' } },
    '/parameters/kinds',
    /must be a text that it understands/,
    /500, 502, 503, 504 or reset/,
  ],
]

/** These are checked by schemas where there are schemas, in other words. */
const COUNTS: readonly (readonly [what: string, entry: Entry, pointer: string, message: RegExp])[] = [
  ['no times', { name: 'slow', times: 0 }, '/times', /must be (a whole number above 0|>= 1)/],
  ['a part of a call', { name: 'slow', after: 1.5 }, '/after', /must be (a whole number|an integer)/],
  ['more than certain', { name: 'slow', probability: 2 }, '/probability', /must be (a number from 0 to 1|<= 1)/],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mistakes-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function server(): Promise<Ask> {
  const { mock } = await makeMock({ auth: 'off' })
  return asking(createApp(mock))
}

const reasonOf = ({ status, text }: Seen) => ({ status, reason: JSON.parse(text).error.reason as string })

describe.each([...MISTAKES, ...COUNTS.map((row) => [...row, /./] as const)])(
  '%s',
  (_, entry, pointer, message, hint) => {
    const { parameters, ...rest } = entry
    const text = textOf({
      ...rest,
      ...(parameters === undefined ? {} : { parameters: parameters as Record<string, string> }),
    })

    it('header X-Mock-Switch: 400, at whatever operation', async () => {
      const ask = await server()
      for (const path of ['/schemas', '/health/alive', '/self-service/login/browser', '/projects']) {
        const { status, reason } = reasonOf(await ask({ method: 'GET', path, headers: { 'X-Mock-Switch': text } }))
        expect(status).toBe(400)
        expect(reason).toMatch(`the header X-Mock-Switch: ${pointer}: `)
        expect(reason).toMatch(message)
        expect(reason).toMatch(hint)
      }
    })

    it('cookie mock_switch: 400', async () => {
      const headers = { Cookie: `mock_switch=${encodeURIComponent(text)}` }
      const { status, reason } = reasonOf(await (await server())({ method: 'GET', path: '/schemas', headers }))
      expect(status).toBe(400)
      expect(reason).toMatch(`the cookie mock_switch: ${pointer}: `)
      expect(reason).toMatch(message)
      expect(reason).toMatch(hint)
    })

    it('control API: 400 with the place; nothing is thrown', async () => {
      const ask = await server()
      const { status, text: said } = await ask({ method: 'POST', path: '/__mock/switches', json: entry })
      expect(status).toBe(400)
      const { error, problems } = JSON.parse(said)
      expect(error).toMatch(message)
      expect(error).toMatch(hint)
      expect(problems[0].pointer).toBe(pointer)
      expect(JSON.parse((await ask({ method: 'GET', path: '/__mock/switches?active' })).text)).toEqual({ active: [] })
    })

    it('configuration while it runs: 400; nothing is changed', async () => {
      const ask = await server()
      const json = { mock: { switches: ['slow', entry] } }
      const { status, text: said } = await ask({ method: 'PATCH', path: '/__mock/config', json })
      expect(status).toBe(400)
      expect(said).toContain(`/mock/switches/1${pointer}`)
      expect((await ask({ method: 'GET', path: '/__mock/config' })).text).not.toContain('"switches"')
    })

    it('configuration and scenario in a test: refused with the place', async () => {
      await expect(createOryMock({ config: withSwitches([entry]) })).rejects.toThrow(`/mock/switches/0${pointer}: `)
      await withScenario(['slow', entry], async (file) => {
        const refused = createOryMock({ scenario: { file } })
        await expect(refused).rejects.toThrow(/thrown\.json:\d+:\d+: /)
        await expect(refused).rejects.toThrow(`/switches/1${pointer}: `)
      })
    })

    it('test API: the promise is refused', async () => {
      const mock = await createOryMock()
      try {
        const thrown = mock.throw(entry as unknown as Parameters<typeof mock.throw>[0])
        await expect(thrown).rejects.toThrow(message)
        await expect(thrown).rejects.toThrow(hint)
      } finally {
        await mock.close()
      }
    })
  },
)

describe('what is no number', () => {
  it.each(['slow;times=often', 'slow;after=x', 'slow;times', 'slow;probability='])(
    'is told as it is written: %s',
    async (text) => {
      const { status, reason } = reasonOf(
        await (await server())({ method: 'GET', path: '/schemas', headers: { 'X-Mock-Switch': text } }),
      )
      expect(status).toBe(400)
      expect(reason).not.toMatch(/NaN/)
    },
  )
})

describe('files', () => {
  /** A configuration whose third switch, on line 6, is wrong, and a scenario whose second step throws it on line 9. */
  const CONFIG = [
    'mock:',
    '  switches:',
    '    - slow',
    '    - name: flaky',
    '      times: 1',
    '    - internal-eror',
    '',
  ]
  const SCENARIO = `{
  "title": "T",
  "story": "One.\\nTwo.\\nThree.",
  "config": {"mock": {"switches": ["internal-eror"]}},
  "switches": ["slow", {"name": "slow", "operation": "toSesion"}],
  "fixture": "empty",
  "steps": [
    {"request": {"method": "GET", "path": "/schemas"}, "expect": {"status": 200}},
    {"throw": "internal-eror"},
    {"throw": {"name": "not-ready", "operation": "isAlive"}}
  ]
}
`

  function write(name: string, text: string): string {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }

  it('serve --config refuses to start, with file and line', async () => {
    const file = write('kratos.yml', CONFIG.join('\n'))
    const { code, printed } = await runCli(['serve', '--port', '0', '--config', file])
    expect(code).toBe(1)
    expect(printed).toContain(`${file}:6:7: /mock/switches/2: there is no switch "internal-eror". Did you mean`)
  })

  it('serve --scenario refuses to start, with file and line', async () => {
    const file = write('scenario.json', SCENARIO)
    const { code, printed } = await runCli(['serve', '--port', '0', '--scenario', file])
    expect(code).toBe(1)
    expect(printed).toContain(`${file}:5:54: /switches/1/operation: there is no operation "toSesion".`)
  })

  it('check tells all of it, of both', async () => {
    const [config, scenario] = [write('kratos.yml', CONFIG.join('\n')), write('scenario.json', SCENARIO)]
    const { code, printed } = await runCli(['check', config, scenario])
    expect(code).toBe(1)
    const lines = printed.split('\n').filter((line) => line.startsWith(folder))
    expect(
      lines.map((line) =>
        line
          .slice(folder.length + 1)
          .split(': ')
          .slice(0, 2)
          .join(': '),
      ),
    ).toEqual([
      'kratos.yml:6:7: /mock/switches/2',
      'scenario.json:4:36: /config/mock/switches/0',
      'scenario.json:5:54: /switches/1/operation',
      'scenario.json:9:15: /steps/1/throw',
      'scenario.json:10:50: /steps/2/throw/operation',
    ])
    expect(printed).toContain('5 problems.')
  })
})
