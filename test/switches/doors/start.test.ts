import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { startCli } from '../../support/cli-process.ts'
import { makeMock } from '../../support/running-mock.ts'
import { asking, fetching, withScenario, withSwitches } from './open.ts'
import type { Ask } from './rows.ts'

/* What is active is seen: when the server starts, and in GET /__mock/switches. */

const active = async (ask: Ask) =>
  JSON.parse((await ask({ method: 'GET', path: '/__mock/switches?active' })).text).active

it('the start screen names the switches of configuration and scenario, with what narrows them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'start-'))
  try {
    const config = join(folder, 'kratos.yml')
    writeFileSync(config, 'mock:\n  switches:\n    - name: extra-field\n      operation: isAlive\n')
    const switches = ['clock-skew', { name: 'internal-error', operation: 'toSession', times: 2, after: 3 }]
    const cli = await withScenario(switches, (file) => startCli(['--config', config, '--scenario', file]))
    const ask = fetching(cli.url)
    expect(cli.printed()).toMatch(
      /\n {2}switches {2}extra-field \(isAlive\), clock-skew, internal-error \(toSession, times 2, after 3\)\n/,
    )
    expect((await ask({ method: 'GET', path: '/health/alive' })).headers['x-mock-switch']).toBe('clock-skew')
    expect(await active(ask)).toMatchObject([
      { name: 'extra-field', door: 'config', seen: 0 },
      { name: 'clock-skew', door: 'scenario', seen: 1, met: 1 },
      { name: 'internal-error', door: 'scenario', seen: 0 },
    ])
    expect(await cli.end('SIGTERM')).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('without any, the start screen is silent about them', async () => {
  const cli = await startCli([])
  expect(cli.printed()).not.toContain('switches')
  await cli.end('SIGTERM')
})

it('what is changed in the configuration is thrown, in place of what was before; other doors keep theirs', async () => {
  const { mock } = await makeMock({ auth: 'off', config: withSwitches(['extra-field']) })
  const ask = asking(createApp(mock))
  const alive = async () => (await ask({ method: 'GET', path: '/health/alive' })).headers['x-mock-switch']
  const patch = (switches: unknown) => ask({ method: 'PATCH', path: '/__mock/config', json: { mock: { switches } } })
  expect(await alive()).toBe('extra-field')
  await patch([{ name: 'internal-error', times: 1 }])
  expect([await alive(), await alive()]).toEqual(['internal-error', undefined])
  await ask({ method: 'POST', path: '/__mock/switches', json: { name: 'not-ready' } })
  await patch(['clock-skew'])
  expect((await active(ask)).map(({ name }: { readonly name: string }) => name)).toEqual(['not-ready', 'clock-skew'])
  // another change of the configuration does not count anew
  await alive()
  await ask({ method: 'PATCH', path: '/__mock/config', json: { session: { lifespan: '2h' } } })
  expect(await active(ask)).toMatchObject([{ name: 'not-ready' }, { name: 'clock-skew', met: 1 }])
  await patch(null)
  expect((await active(ask)).map(({ name }: { readonly name: string }) => name)).toEqual(['not-ready'])
})

it('a reset throws anew what configuration and scenario name, and clears the rest', async () => {
  const { mock } = await makeMock({ auth: 'off', config: withSwitches([{ name: 'extra-field', times: 1 }]) })
  const ask = asking(createApp(mock))
  await ask({ method: 'POST', path: '/__mock/switches', json: { name: 'not-ready' } })
  await ask({ method: 'GET', path: '/health/alive' })
  expect(await active(ask)).toMatchObject([{ name: 'not-ready' }])
  await ask({ method: 'POST', path: '/__mock/reset', json: {} })
  expect(await active(ask)).toMatchObject([{ name: 'extra-field', door: 'config', met: 0 }])
})
