import { TOTP } from 'otpauth'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Browser, flowIn, Server, saidBy } from '../support/people.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000
const UNKNOWN = '6f0b6c0e-0000-4000-8000-000000000000'

let server: Server
beforeEach(() => {
  server = new Server()
})

const withFlow = (recovery: JsonObject): JsonObject => ({ selfservice: { flows: { recovery } } })
const withLink = (link: JsonObject): JsonObject => ({ selfservice: { methods: { link } } })

/** Asks for a link in a new browser; answers the browser and the flow. */
async function ask(email: string, query = ''): Promise<{ browser: Browser; flow: string }> {
  const browser = server.browser()
  const flow = await browser.begin('recovery', 'browser', query)
  const { status } = await browser.submit('recovery', flow, { method: 'link', email })
  expect(status).toBe(200)
  return { browser, flow: flow.id }
}

describe('opening a recovery link', () => {
  it('signs in, in any browser, verifies the address, and leads to settings where a password can be set', async () => {
    await server.person(ANN)
    const { browser: asking, flow } = await ask(ANN, '?return_to=http://localhost:3000/done')
    const browser = server.browser()
    const { status, location } = await browser.get(await server.lastLink(ANN), { html: true })
    expect([status, location]).toEqual([303, expect.stringContaining('/ui/settings?flow=')])
    const session = (await browser.get('/sessions/whoami')).body
    expect(session.authentication_methods).toEqual([
      { method: 'link_recovery', aal: 'aal1', completed_at: '2022-07-27T12:00:00Z' },
    ])
    expect(session.identity.verifiable_addresses[0]).toMatchObject({ verified: true, status: 'completed' })
    const settings = await browser.fetch('settings', flowIn(location))
    expect(saidBy(settings)).toEqual({ '': [1060001] })
    const done = await browser.submitForm('settings', settings, { method: 'password', password: 'new-castle-0815' })
    expect(done).toMatchObject({ status: 303, location: 'http://localhost:3000/done' })
    expect((await server.browser().signIn(ANN, 'new-castle-0815')).status).toBe(200)
    expect((await server.browser().signIn(ANN)).status).toBe(400)
    expect((await asking.get(`/self-service/recovery/flows?id=${flow}`)).status).toBe(403)
  })

  it('redirects JSON clients and flows of native apps just the same', async () => {
    await server.person(ANN)
    const app = server.browser()
    const flow = await app.begin('recovery', 'api')
    await app.submit('recovery', flow, { method: 'link', email: ANN })
    const answer = await server.browser().get(await server.lastLink(ANN))
    expect([answer.status, answer.location]).toEqual([303, expect.stringContaining('/ui/settings?flow=')])
  })

  it('works once: a used or wrong token leads to a new flow, which can send again', async () => {
    await server.person(ANN)
    const { flow } = await ask(ANN)
    const link = await server.lastLink(ANN)
    await server.browser().get(link, { html: true })
    for (const each of [link, `/self-service/recovery?flow=${flow}&token=wrong`]) {
      const browser = server.browser()
      const { status, location } = await browser.get(each, { html: true })
      expect([status, location]).toEqual([303, expect.stringContaining('/ui/recovery?flow=')])
      const next = await browser.fetch('recovery', flowIn(location))
      expect([saidBy(next), next.state]).toEqual([{ '': [4060004] }, 'choose_method'])
      expect((await browser.submit('recovery', next, { method: 'link', email: ANN })).status).toBe(200)
    }
  })

  it('leaves earlier links of the same flow good', async () => {
    await server.person(ANN)
    const browser = server.browser()
    const flow = await browser.begin('recovery')
    await browser.submit('recovery', flow, { method: 'link', email: ANN })
    const first = await server.lastLink(ANN)
    await browser.submit('recovery', flow, { method: 'link', email: ANN })
    expect((await server.browser().get(first)).location).toContain('/ui/settings?flow=')
    expect((await server.browser().get(await server.lastLink(ANN))).location).toContain('/ui/settings?flow=')
  })

  it('is too late once the token has expired, which uses it up, or the flow, which does not', async () => {
    server = new Server(withLink({ config: { lifespan: '10m' } }))
    await server.person(ANN)
    await ask(ANN)
    const link = await server.lastLink(ANN)
    server.world.clock.advance(11 * MINUTE)
    for (const said of [4060005, 4060004]) {
      const browser = server.browser()
      const { location } = await browser.get(link, { html: true })
      expect(saidBy(await browser.fetch('recovery', flowIn(location)))).toEqual({ '': [said] })
    }
    server = new Server(withLink({ config: { lifespan: '10h' } }))
    await server.person(ANN)
    const { flow } = await ask(ANN)
    const late = await server.lastLink(ANN)
    server.world.clock.advance(31 * MINUTE)
    expect((await server.browser().get(late, { html: true })).location).toContain('/ui/recovery?flow=')
    const { id } = await server.browser().begin('recovery', 'api')
    const good = await server.browser().get(late.replace(flow, id))
    expect(good.location).toContain('/ui/settings?flow=')
  })

  it('dies with every change of the identity', async () => {
    await server.person(ANN)
    await ask(ANN)
    const link = await server.lastLink(ANN)
    const browser = await server.signedIn(ANN)
    await browser.submit('settings', await browser.settings(), { method: 'password', password: 'new-castle-0815' })
    const other = server.browser()
    const { location } = await other.get(link, { html: true })
    expect(saidBy(await other.fetch('recovery', flowIn(location)))).toEqual({ '': [4060004] })
  })

  it('signs nobody in whose account is deactivated', async () => {
    const id = await server.person(ANN)
    await ask(ANN)
    const link = await server.lastLink(ANN)
    const identity = server.world.identities.get(id)
    if (identity) server.world.identities.save({ ...identity, state: 'inactive' })
    const browser = server.browser()
    const answer = await browser.get(link)
    expect(answer).toMatchObject({ status: 401, body: { error: { message: 'identity is disabled' } } })
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('replaces the session of whoever was signed in, and leaves that session alone', async () => {
    await server.person(ANN)
    await server.person('bob@example.org')
    await ask(ANN)
    const browser = await server.signedIn('bob@example.org')
    await browser.get(await server.lastLink(ANN), { html: true })
    expect((await browser.get('/sessions/whoami')).body.identity.traits).toEqual({ email: ANN })
    expect([...server.world.sessions.values()].map((session) => session.active)).toEqual([true, true])
  })

  it('revokes the other sessions where the project says so', async () => {
    for (const [hooks, status] of [
      [[{ hook: 'revoke_active_sessions' }], 401],
      [[], 200],
    ] as const) {
      server = new Server(withFlow({ after: { hooks } }))
      await server.person(ANN)
      const elsewhere = await server.signedIn(ANN)
      await ask(ANN)
      const browser = server.browser()
      await browser.get(await server.lastLink(ANN), { html: true })
      expect((await elsewhere.get('/sessions/whoami')).status).toBe(status)
      expect((await browser.get('/sessions/whoami')).status).toBe(200)
    }
  })

  it('is not found where links are not offered any longer', async () => {
    await server.person(ANN)
    await ask(ANN)
    const { settings } = server.world
    const { methods } = settings.selfservice
    const link = { ...methods.link, enabled: false }
    server.world.settings = { ...settings, selfservice: { ...settings.selfservice, methods: { ...methods, link } } }
    expect((await server.browser().get(await server.lastLink(ANN))).status).toBe(404)
  })

  it('leads to a new flow when the form is submitted again afterwards', async () => {
    await server.person(ANN)
    const app = server.browser()
    const flow = await app.begin('recovery', 'api')
    await app.submit('recovery', flow, { method: 'link', email: ANN })
    await server.browser().get(await server.lastLink(ANN))
    const again = await app.post(`/self-service/recovery?flow=${flow.id}`, { json: { method: 'link', email: ANN } })
    expect([again.status, again.location]).toEqual([303, expect.stringContaining('/self-service/recovery/flows?id=')])
    const { body } = await app.get(String(again.location))
    expect([body.type, saidBy(body)]).toEqual(['api', { '': [4060001] }])
  })
})

describe('a recovery link of an administrator', () => {
  const link = (json: JsonObject) => server.browser().post('/admin/recovery/link', { json })

  it('works without an address, where recovery is not offered, and verifies none', async () => {
    server = new Server(withFlow({ enabled: false }))
    const identity_id = await server.person(ANN)
    const { status, body, text } = await link({ identity_id })
    expect([status, body.expires_at]).toEqual([200, '2022-07-27T12:30:00Z'])
    expect(text).toContain('&token=')
    const browser = server.browser()
    expect((await browser.get(body.recovery_link, { html: true })).location).toContain('/ui/settings?flow=')
    const { identity } = (await browser.get('/sessions/whoami')).body
    expect(identity.verifiable_addresses[0].verified).toBe(false)
    expect(await server.mails(ANN)).toEqual([])
  })

  it('lives as long as it is told, and outlives changes of the identity', async () => {
    const identity_id = await server.person(ANN)
    const { body } = await link({ identity_id, expires_in: '1h30m' })
    expect(body.expires_at).toBe('2022-07-27T13:30:00Z')
    const browser = await server.signedIn(ANN)
    await browser.submit('settings', await browser.settings(), { method: 'password', password: 'new-castle-0815' })
    server.world.clock.advance(89 * MINUTE)
    expect((await server.browser().get(body.recovery_link)).location).toContain('/ui/settings?flow=')
    const late = await link({ identity_id, expires_in: '1s' })
    server.world.clock.advance(MINUTE)
    expect((await server.browser().get(late.body.recovery_link, { html: true })).location).toContain(
      '/ui/recovery?flow=',
    )
  })

  it('is refused for nobody, for lengths that are none, and where links are not offered', async () => {
    const identity_id = await server.person(ANN)
    const refused = async (json: JsonObject) => (await link(json)).body.error
    const nobody = { code: 400, reason: 'The requested identity id does not exist.' }
    expect(await refused({ identity_id: UNKNOWN })).toMatchObject(nobody)
    expect(await refused({})).toMatchObject(nobody)
    expect((await refused({ identity_id, expires_in: 'soon' })).reason).toContain('Unable to parse "expires_in"')
    for (const expires_in of ['-5m', '0s']) {
      const reason = `Value from "expires_in" must be result to a future time: ${expires_in}`
      expect(await refused({ identity_id, expires_in })).toMatchObject({ code: 400, reason })
    }
    server = new Server(withLink({ enabled: false }))
    expect(await refused({ identity_id: await server.person(ANN) })).toMatchObject({ code: 404 })
  })
})

it('a person who recovers still needs the second factor', async () => {
  await server.person(ANN)
  const owner = await server.signedIn(ANN)
  const settings = await owner.settings()
  const secret = settings.ui.nodes.flatMap(({ attributes }) => ('text' in attributes ? [attributes.text.text] : []))[0]
  const totp_code = new TOTP({ secret: secret ?? '' }).generate({ timestamp: server.world.now() })
  expect((await owner.submit('settings', settings, { method: 'totp', totp_code })).status).toBe(200)
  await ask(ANN)
  const browser = server.browser()
  const { location } = await browser.get(await server.lastLink(ANN), { html: true })
  const fetched = await browser.get(`/self-service/settings/flows?id=${flowIn(location)}`)
  expect(fetched).toMatchObject({ status: 403, body: { error: { id: 'session_aal2_required' } } })
})
