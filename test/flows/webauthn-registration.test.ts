import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Browser, type FlowBody, fieldOf, namesOf, nodeOf, Server, saidBy, textsOf } from '../support/people.ts'
import { SecurityKey } from '../support/security-key.ts'

let server: Server
beforeEach(() => {
  server = new Server({ selfservice: { methods: { webauthn: { config: { passwordless: true } } } } })
})

async function begin(): Promise<{ browser: Browser; flow: FlowBody }> {
  const browser = server.browser()
  return { browser, flow: (await browser.get('/self-service/registration/browser')).body }
}

/** A sign-up with a new key. */
async function signUp(key: SecurityKey, traits: JsonObject, values: JsonObject = {}) {
  const { browser, flow } = await begin()
  const json = { method: 'webauthn', webauthn_register: key.register(flow), traits, ...values }
  return { browser, flow, answer: await browser.submit('registration', flow, json) }
}

describe('the form to sign up', () => {
  it('asks for traits once, for whichever method, and for a key or a password', async () => {
    const { flow } = await begin()
    expect(namesOf(flow).filter((name) => !name.startsWith('oidc/'))).toEqual([
      'default/traits.email',
      'default/traits.name.first',
      'default/traits.name.last',
      'default/csrf_token',
      'webauthn/webauthn_register_displayname',
      'webauthn/webauthn_register',
      'webauthn/webauthn_register_trigger',
      'webauthn/webauthn_script',
      'password/password',
      'password/method',
    ])
    expect(nodeOf(flow, 'webauthn_register_trigger')?.meta.label?.id).toBe(1040004)
  })

  it('has nothing of it in native apps, nor where keys are second factors', async () => {
    const api = (await server.browser().get('/self-service/registration/api')).body
    expect(namesOf(api)).not.toContain('webauthn/webauthn_register')
    server = new Server()
    expect(namesOf((await begin()).flow)).not.toContain('webauthn/webauthn_register')
  })
})

describe('with a key, one', () => {
  it('signs up and is signed in', async () => {
    const { browser, answer } = await signUp(new SecurityKey(), { email: 'ann@example.org' })
    expect(answer.status).toBe(200)
    expect(answer.body.session).toMatchObject({
      authenticator_assurance_level: 'aal1',
      authentication_methods: [{ method: 'webauthn', aal: 'aal1' }],
    })
    expect((await browser.get('/sessions/whoami')).body.identity.traits).toEqual({ email: 'ann@example.org' })
  })

  it('signs in again by it, with the name of the key or without', async () => {
    const key = new SecurityKey()
    await signUp(key, { email: 'ann@example.org' })
    const browser = server.browser()
    const begun = await browser.login()
    await browser.submit('login', begun, { method: 'webauthn', identifier: 'ann@example.org' })
    const flow = await browser.fetch('login', begun.id)
    const json = { method: 'webauthn', identifier: 'ann@example.org', webauthn_login: key.login(flow) }
    expect((await browser.submit('login', flow, json)).status).toBe(200)
    const settings = await browser.settings()
    // the only way to sign in cannot be removed
    expect(nodeOf(settings, 'webauthn_remove')).toBeUndefined()
    await browser.submit('settings', settings, { method: 'password', password: 'new-castle-4712' })
    expect(nodeOf(await browser.settings(), 'webauthn_remove')?.meta.label?.text).toBe('Remove security key "unnamed"')
  })

  it('needs the traits that the schema asks for; what was typed stays', async () => {
    const { answer } = await signUp(
      new SecurityKey(),
      { name: { first: 'Ann' } },
      { webauthn_register_displayname: 'blue key' },
    )
    expect([answer.status, saidBy(answer.body)]).toEqual([400, { 'traits.email': [4000002] }])
    expect([fieldOf(answer.body, 'traits.name.first'), fieldOf(answer.body, 'webauthn_register_displayname')]).toEqual([
      'Ann',
      'blue key',
    ])
  })

  it('cannot take the e-mail of somebody else', async () => {
    await server.person('ann@example.org')
    const { answer } = await signUp(new SecurityKey(), { email: 'ann@example.org' })
    expect([answer.status, saidBy(answer.body)]).toEqual([400, { '': [4000007] }])
    expect(server.world.identities.size).toBe(1)
  })

  it('needs an answer that can be read, and that verifies', async () => {
    const { browser, flow } = await begin()
    const post = (webauthn_register: string) =>
      browser.submit('registration', flow, { webauthn_register, traits: { email: 'ann@example.org' } })
    const unreadable = await post('{}')
    expect(textsOf(unreadable.body)).toEqual(['Unable to parse WebAuthn response: Parse error for Registration'])
    expect(await post(new SecurityKey().register(flow, { challenge: 'AAAA' }))).toMatchObject({
      status: 500,
      body: { error: { reason: 'Unable to create WebAuthn credential: Error validating challenge' } },
    })
    expect(server.world.identities.size).toBe(0)
  })

  it('uses up the challenge by an answer that verifies, even if nobody is signed up by it', async () => {
    await server.person('ann@example.org')
    const key = new SecurityKey()
    const { browser, flow, answer } = await signUp(key, { email: 'ann@example.org' })
    expect(answer.status).toBe(400)
    const json = { webauthn_register: key.register(flow), traits: { email: 'bob@example.org' } }
    expect(await browser.submit('registration', flow, json)).toMatchObject({
      status: 500,
      body: { error: { reason: 'Expected WebAuthN in internal context to be an object.' } },
    })
    expect(server.world.identities.size).toBe(1)
  })
})

describe('a submit that no method takes', () => {
  it('is told what a sign-up with a key would need', async () => {
    const { browser, flow } = await begin()
    const { status, body } = await browser.submit('registration', flow, { method: 'pigeon' })
    expect(status).toBe(400)
    expect(saidBy(body)).toMatchObject({ webauthn_register: [4000002], identifier: [4000002] })
  })

  it('is refused as such when it only names somebody', async () => {
    const { browser, flow } = await begin()
    const { body } = await browser.submit('registration', flow, {
      method: 'webauthn',
      identifier: 'ann@example.org',
      traits: { email: 'ann@example.org' },
    })
    expect(saidBy(body)).toEqual({ '': [4010003] })
  })
})
