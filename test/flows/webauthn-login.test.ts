import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import {
  type Browser,
  type FlowBody,
  fieldOf,
  namesOf,
  nodeOf,
  PASSWORD,
  Server,
  saidBy,
  URL_OF_SERVER,
} from '../support/people.ts'
import { optionsOf, SecurityKey } from '../support/security-key.ts'

let server: Server
let key: SecurityKey
beforeEach(() => {
  key = new SecurityKey()
})

const PASSWORDLESS: JsonObject = { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } }
const SECOND_FACTOR: JsonObject = { selfservice: { methods: { webauthn: { config: { passwordless: false } } } } }

/** Somebody who has registered a key; their browser is signed in. */
async function withKey(email: string, config: JsonObject, own = key): Promise<Browser> {
  server ??= new Server(config)
  await server.person(email)
  const browser = await server.signedIn(email)
  const flow = await browser.settings()
  await browser.submit('settings', flow, {
    webauthn_register: own.register(flow),
    webauthn_register_displayname: 'blue key',
  })
  return browser
}

describe('as second factor, a key', () => {
  beforeEach(() => {
    server = new Server(SECOND_FACTOR)
  })

  /** The browser of somebody who has signed in with the password alone, and the flow that asks for more. */
  async function halfway(email = 'ann@example.org'): Promise<{ browser: Browser; flow: FlowBody }> {
    await withKey(email, SECOND_FACTOR)
    const browser = server.browser()
    const { body } = await browser.signIn(email)
    expect(body.session.identity).toBeNull()
    return { browser, flow: await browser.login('?aal=aal2') }
  }

  const answer = (browser: Browser, flow: FlowBody, webauthn_login: string, rest: JsonObject = {}) =>
    browser.submit('login', flow, { method: 'webauthn', identifier: 'ann@example.org', webauthn_login, ...rest })

  it('is asked for by its id, with the script that it needs', async () => {
    const { flow } = await halfway()
    expect(namesOf(flow)).toEqual([
      'default/csrf_token',
      'default/identifier',
      'webauthn/webauthn_login_trigger',
      'webauthn/webauthn_login',
      'webauthn/webauthn_script',
    ])
    expect(fieldOf(flow, 'identifier')).toBe('ann@example.org')
    expect(optionsOf(flow, 'webauthn_login_trigger')).toMatchObject({
      rpId: 'localhost',
      allowCredentials: [{ type: 'public-key', id: key.id.toString('base64') }],
    })
    expect(saidBy(flow)).toEqual({ '': [1010004] })
  })

  it('lifts the session', async () => {
    const { browser, flow } = await halfway()
    const { status, body } = await answer(browser, flow, key.login(flow))
    expect([status, body.session.authenticator_assurance_level]).toEqual([200, 'aal2'])
    expect(body.session.identity.traits).toEqual({ email: 'ann@example.org' })
    expect((await browser.get('/sessions/whoami')).status).toBe(200)
  })

  it('lifts it by a form, and leads on', async () => {
    const { browser } = await halfway()
    const flow = await browser.login('?aal=aal2&return_to=http://localhost:3000/in')
    const fields = { identifier: 'ann@example.org', webauthn_login: key.login(flow) }
    const { status, location } = await browser.submitForm('login', flow, fields)
    expect([status, location]).toEqual([303, 'http://localhost:3000/in'])
  })

  it('may say whose it is, or not', async () => {
    const { browser, flow } = await halfway()
    const foreign = Buffer.alloc(16).toString('base64')
    expect(saidBy((await answer(browser, flow, key.login(flow, { userHandle: foreign }))).body)).toEqual({
      '': [4000008],
    })
    expect((await answer(browser, flow, key.login(flow, { userHandle: '' }))).status).toBe(200)
  })

  it.each([
    ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['another origin', { origin: 'https://evil.example.com' }],
    ['another party', { rpId: 'evil.example.com' }],
    ['a wrong signature', { forged: true }],
    ['another ceremony', { type: 'webauthn.create' }],
  ])('is refused with %s', async (_, deviation) => {
    const { browser, flow } = await halfway()
    const { status, body } = await answer(browser, flow, key.login(flow, deviation))
    expect([status, saidBy(body)]).toEqual([400, { '': [4000008] }])
    expect((await browser.get('/sessions/whoami')).status).toBe(403)
    // the challenge still stands
    expect((await answer(browser, flow, key.login(flow))).status).toBe(200)
  })

  it('of somebody else is refused', async () => {
    const { browser, flow } = await halfway()
    const other = new SecurityKey()
    await withKey('bob@example.org', SECOND_FACTOR, other)
    expect(saidBy((await answer(browser, flow, other.login(flow))).body)).toEqual({ '': [4000008] })
  })

  it('signs a challenge once', async () => {
    const { browser, flow } = await halfway()
    const signed = key.login(flow)
    await answer(browser, flow, signed)
    // the flow is of no use to a session that is lifted already; a refreshing one shows what became of its challenge
    const refresh = await browser.login('?refresh=true&aal=aal2')
    const again = key.login(refresh)
    expect((await answer(browser, refresh, again)).status).toBe(200)
    expect(await answer(browser, refresh, again)).toMatchObject({
      status: 500,
      body: { error: { reason: expect.stringMatching(/^Expected WebAuthN in internal context to be an object/) } },
    })
  })

  it('must be read, and needs the identifier beside it', async () => {
    const { browser, flow } = await halfway()
    const unreadable = await answer(browser, flow, '{"id":1}')
    expect(unreadable.body.ui.messages).toMatchObject([{ id: 4000001, text: 'Unable to parse WebAuthn response.' }])
    const { body } = await browser.submit('login', flow, { webauthn_login: key.login(flow) })
    expect(saidBy(body)).toEqual({ identifier: [4000002] })
  })

  it('is not asked of those who have none', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.login('?aal=aal2')
    expect(namesOf(flow)).toEqual(['default/csrf_token'])
  })

  it('is not for native apps', async () => {
    await withKey('ann@example.org', SECOND_FACTOR)
    const app = await server.signedInApp('ann@example.org')
    const { body: flow } = await app.get('/self-service/login/api?aal=aal2')
    expect(flow.ui.nodes).toBeNull()
    const json = { method: 'webauthn', identifier: 'ann@example.org', webauthn_login: '{}' }
    const { body } = await app.post(`/self-service/login?flow=${flow.id}`, { json })
    expect(body.ui.messages).toMatchObject([{ id: 4010002 }])
  })
})

describe('to confirm that it is you, any key counts', () => {
  it('beside the password; it lifts the session where it is a second factor', async () => {
    server = new Server(SECOND_FACTOR)
    await withKey('ann@example.org', SECOND_FACTOR)
    const browser = server.browser()
    await browser.signIn('ann@example.org')
    const flow = await browser.login('?refresh=true')
    expect(namesOf(flow).filter((name) => !name.startsWith('oidc/'))).toEqual([
      'default/csrf_token',
      'default/identifier',
      'webauthn/webauthn_login_trigger',
      'webauthn/webauthn_login',
      'webauthn/webauthn_script',
      'password/password',
      'password/method',
    ])
    server.world.clock.advance(60_000)
    const json = { method: 'webauthn', identifier: 'ann@example.org', webauthn_login: key.login(flow) }
    const { body } = await browser.submit('login', flow, json)
    expect(body.session).toMatchObject({
      authenticator_assurance_level: 'aal2',
      authenticated_at: '2022-07-27T12:01:00Z',
      authentication_methods: [{ method: 'password' }, { method: 'webauthn', aal: 'aal2' }],
    })
  })
})

describe('without a password', () => {
  beforeEach(() => {
    server = new Server(PASSWORDLESS)
  })

  /** The flow of a new browser that has named somebody. */
  async function named(
    identifier: string,
  ): Promise<{ browser: Browser; flow: FlowBody; status: number; target: string }> {
    const browser = server.browser()
    const begun = await browser.login()
    const { status, body } = await browser.submit('login', begun, { method: 'webauthn', identifier })
    const flow = await browser.fetch('login', begun.id)
    return { browser, flow, status, target: body.redirect_browser_to }
  }

  it('one is asked who one is, then for a key', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    const first = await server.browser().login()
    expect(nodeOf(first, 'method')).toMatchObject({ group: 'webauthn', attributes: { value: 'webauthn' } })
    const { flow, status, target } = await named('ann@example.org')
    expect([status, target]).toEqual([422, `${URL_OF_SERVER}/ui/login?flow=${flow.id}`])
    expect(namesOf(flow)).toEqual([
      'default/identifier',
      'default/csrf_token',
      'webauthn/webauthn_script',
      'webauthn/webauthn_login_trigger',
      'webauthn/webauthn_login',
    ])
    expect(nodeOf(flow, 'webauthn_login_trigger')?.meta.label?.id).toBe(1010013)
    expect(saidBy(flow)).toEqual({ '': [1010012] })
  })

  it('the key signs in, and is a first factor', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    const { browser, flow } = await named(' ANN@example.org ')
    const json = { method: 'webauthn', identifier: 'ann@example.org', webauthn_login: key.login(flow) }
    const { status, body } = await browser.submit('login', flow, json)
    expect(status).toBe(200)
    expect(body.session).toMatchObject({
      authenticator_assurance_level: 'aal1',
      authentication_methods: [{ method: 'webauthn', aal: 'aal1' }],
      identity: { traits: { email: 'ann@example.org' } },
    })
  })

  it('a form is led from step to step', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    const browser = server.browser()
    const begun = await browser.login()
    const first = await browser.submitForm('login', begun, { method: 'webauthn', identifier: 'ann@example.org' })
    expect([first.status, first.location]).toEqual([303, `${URL_OF_SERVER}/ui/login?flow=${begun.id}`])
    const flow = await browser.fetch('login', begun.id)
    const fields = { identifier: 'ann@example.org', webauthn_login: key.login(flow) }
    const second = await browser.submitForm('login', flow, fields)
    expect([second.status, second.location]).toEqual([303, `${URL_OF_SERVER}/ui/welcome`])
  })

  it('nobody is told whether they exist', async () => {
    await server.person('bob@example.org')
    for (const identifier of ['nobody@example.org', 'bob@example.org']) {
      const { flow, status } = await named(identifier)
      expect([status, saidBy(flow)]).toEqual([400, { '': [4000015] }])
      expect(namesOf(flow)).toContain('webauthn/method')
    }
  })

  it('a key that is a second factor does not sign in', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    for (const identity of [...server.world.identities.values()]) {
      const { webauthn } = identity.credentials
      if (!webauthn) continue
      const credentials = webauthn.config.credentials.map((each) => ({ ...each, is_passwordless: false }))
      const changed = { ...webauthn, config: { ...webauthn.config, credentials } }
      server.world.identities.save({ ...identity, credentials: { ...identity.credentials, webauthn: changed } })
    }
    expect(saidBy((await named('ann@example.org')).flow)).toEqual({ '': [4000015] })
  })

  it('the key of another does not sign in for the one who was named', async () => {
    const other = new SecurityKey()
    await withKey('ann@example.org', PASSWORDLESS)
    await withKey('bob@example.org', PASSWORDLESS, other)
    const { browser, flow } = await named('ann@example.org')
    const json = { method: 'webauthn', identifier: 'bob@example.org', webauthn_login: other.login(flow) }
    expect(saidBy((await browser.submit('login', flow, json)).body)).toEqual({ '': [4000008] })
  })

  it('the password still signs in beside it', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    expect((await server.browser().signIn('ann@example.org', PASSWORD)).status).toBe(200)
  })

  it('a token of another browser is refused', async () => {
    await withKey('ann@example.org', PASSWORDLESS)
    const browser = server.browser()
    const flow = await browser.login()
    const json = { method: 'webauthn', identifier: 'ann@example.org', csrf_token: 'wrong' }
    expect(await browser.post(`/self-service/login?flow=${flow.id}`, { json })).toMatchObject({
      status: 403,
      body: { error: { id: 'security_csrf_violation' } },
    })
  })
})
