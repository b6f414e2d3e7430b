import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { transport } from '../../src/simulation/switches/sections/transport.ts'
import type { SwitchContext } from '../../src/simulation/switches/switch.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type RunningOptions, startOnePort } from '../support/running-mock.ts'

/* What chance decides, and that it decides the same again. */

/** What twenty-four calls get: a status, or a connection that is broken off. */
async function statuses(name: SwitchName, rest: JsonObject, options: RunningOptions = {}): Promise<string[]> {
  const mock = await startOnePort(options)
  const url = `http://localhost:${mock.port}`
  try {
    const headers = { 'Content-Type': 'application/json' }
    await fetch(`${url}/__mock/switches`, { method: 'POST', headers, body: JSON.stringify({ name, ...rest }) })
    const got: string[] = []
    for (let i = 0; i < 24; i++) {
      got.push(
        await fetch(`${url}/health/alive`).then(
          ({ status }) => String(status),
          () => 'broken off',
        ),
      )
    }
    expect(mock.failures).toEqual([])
    return got
  } finally {
    await mock.close()
  }
}

const share = (all: readonly string[], of: (each: string) => boolean): number => all.filter(of).length / all.length

describe('flaky', () => {
  it('fails for a share of the calls, in each way that is wished', async () => {
    const parameters = { share: 0.6, kinds: '500 502 503 504 reset' }
    const got = await statuses('flaky', { seed: 'a', parameters })
    expect(share(got, (each) => each !== '200')).toBeGreaterThan(0.3)
    expect(share(got, (each) => each !== '200')).toBeLessThan(0.9)
    expect(new Set(got)).toEqual(new Set(['200', '500', '502', '503', '504', 'broken off']))
  })

  it('fails the same calls for the same seed, and others for another', async () => {
    const [one, same, other] = await Promise.all(
      ['a', 'a', 'b'].map((seed, index) => statuses('flaky', { seed }, { seed: `server ${index}` })),
    )
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
  })

  it.each([
    [0, ['200']],
    [1, ['503']],
  ])('with the share %i it is the same for all', async (part, all) => {
    const got = await statuses('flaky', { parameters: { share: part, kinds: '503' } })
    expect([...new Set(got)]).toEqual(all)
  })
})

describe('probability', () => {
  it('lets a switch meet a share of the calls, the same ones for the same seed', async () => {
    const thrown = { probability: 0.5, seed: 'x' }
    const [one, same, other] = await Promise.all([
      statuses('gateway-502-html', thrown),
      statuses('gateway-502-html', thrown, { seed: 'another server' }),
      statuses('gateway-502-html', { ...thrown, seed: 'y' }),
    ])
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
    expect(share(one, (each) => each === '502')).toBeGreaterThan(0.2)
    expect(share(one, (each) => each === '502')).toBeLessThan(0.8)
  })

  it('counts only what it met: times', async () => {
    const got = await statuses('gateway-502-html', { probability: 0.5, seed: 'x', times: 3 })
    expect(got.filter((each) => each === '502')).toHaveLength(3)
    expect(got.slice(-1)).toEqual(['200'])
  })
})

describe('the delay of slow', () => {
  /** What it waits where chance draws that number. */
  function delay(parameters: Record<string, string>, drawn: number): number {
    const all = { delay: '2s', to: '', percentiles: '', ...parameters }
    const context = { parameters: all, chance: () => drawn } as unknown as SwitchContext
    return transport.slow.effect.transport(context).delay ?? Number.NaN
  }

  it.each([
    [{}, [2000, 2000, 2000]],
    [{ delay: '300ms' }, [300, 300, 300]],
    [{ delay: '100ms', to: '300ms' }, [100, 200, 300]],
    [{ percentiles: '50=100ms 100=1s' }, [0, 100, 1000]],
    [{ percentiles: '0=10ms,50=20ms,90=1s' }, [10, 20, 1000]],
    [{ percentiles: '25=100ms/75=200ms' }, [0, 150, 200]],
  ])('%j', (parameters, [least, middle, most]) => {
    expect([0, 0.5, 1].map((drawn) => Math.round(delay(parameters, drawn)))).toEqual([least, middle, most])
  })
})
