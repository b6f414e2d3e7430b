import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, PASSWORD, type Server } from '../support/people.ts'
import { inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, openFlow, submitted } from './flows.ts'

/* A switch for one call waits for the call that it is about: others of the same operation neither meet it nor use it up. */

type Act = (server: Server) => Promise<Answer>

const login: Act = async (server) => submitted(await openFlow(server, 'login'))
const appLogin: Act = async (server) => submitted(await openFlow(server, 'login', 'api'))
const recovery: Act = async (server) => submitted(await openFlow(server, 'recovery'))
const profile: Act = async (server) => submitted(await openFlow(server, 'settings'))
const password: Act = async (server) => {
  const { client, flow } = await openFlow(server, 'settings')
  return client.submit('settings', flow, { method: 'password', password: PASSWORD })
}
const link: Act = async (server) => server.browser().get(await server.lastLink(ANN))

/** Name, a call of its operations that it is not about, and one that it is. */
const ROWS: readonly (readonly [SwitchName, Act, Act])[] = [
  ['csrf-on-submit', appLogin, login],
  ['api-flow-with-origin', login, appLogin],
  ['password-breached', profile, password],
  ['breach-api-down', profile, password],
  ['trait-bad-format', password, profile],
  ['no-changes', password, profile],
  ['recovery-link-used', recovery, link],
]

inBothDialects((open) => {
  it.each(ROWS)('%s', async (name, other, own) => {
    const server = open()
    await server.person(ANN)
    await throwSwitch(server, name, { times: 1 })
    const passed = await other(server)
    expect([passed.status, passed.headers['x-mock-switch']]).toEqual([200, undefined])
    const [thrown] = (await server.browser().get('/__mock/switches?active')).body.active
    expect(thrown).toMatchObject({ seen: 0, met: 0 })
    const met = await own(server)
    expect(met.headers['x-mock-switch']).toBe(name)
    expect(met.status).toBeGreaterThanOrEqual(303)
    // now it is used up
    expect((await server.browser().get('/__mock/switches?active')).body.active).toEqual([])
  })

  it('a preferred status is brought about by a switch that is about the call', async () => {
    const server = open()
    await server.person(ANN)
    const { client, flow } = await openFlow(server, 'recovery', 'api')
    const headers = { Prefer: 'code=400' }
    const send = (json: JsonObject) => client.post(`/self-service/recovery?flow=${flow.id}`, { json, headers })
    const asking = await send({ method: 'link', email: ANN })
    expect([asking.status, asking.headers['x-mock-switch']]).toEqual([400, 'recovery-email-missing'])
    // it is not about links that are opened
    const opening = await send({ method: 'link', token: 'any' })
    expect([opening.status, opening.headers['x-mock-switch']]).toEqual([400, 'recovery-disabled'])
  })
})
