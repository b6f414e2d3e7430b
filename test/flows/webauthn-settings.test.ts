import { beforeEach, describe, expect, it } from 'vitest'
import { WEBAUTHN_SCRIPT_INTEGRITY } from '../../src/flows/webauthn-script.ts'
import type { JsonObject } from '../../src/json.ts'
import {
  type Browser,
  type FlowBody,
  fieldOf,
  namesOf,
  nodeOf,
  Server,
  saidBy,
  textsOf,
  URL_OF_SERVER,
} from '../support/people.ts'
import { optionsOf, SecurityKey } from '../support/security-key.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

const PASSWORDLESS = { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } }
const RP = (rp: JsonObject) => ({ selfservice: { methods: { webauthn: { config: { rp } } } } })

async function annInSettings(config?: JsonObject): Promise<{ id: string; browser: Browser; flow: FlowBody }> {
  server = new Server(config)
  const id = await server.person('ann@example.org')
  const browser = await server.signedIn('ann@example.org')
  return { id, browser, flow: await browser.settings() }
}

/** An identity schema whose e-mail names passwords, and no keys. */
const PASSWORD_ONLY = `base64://${Buffer.from(
  JSON.stringify({
    type: 'object',
    properties: {
      traits: {
        type: 'object',
        properties: {
          email: { type: 'string', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } },
        },
      },
    },
  }),
).toString('base64')}`

const register = (browser: Browser, flow: FlowBody, webauthn_register: string, name = 'blue key') =>
  browser.submit('settings', flow, { webauthn_register, webauthn_register_displayname: name })

describe('the form for a new key', () => {
  it('asks for a key of this server, for the one who is signed in', async () => {
    const { id, flow } = await annInSettings()
    const { challenge, ...options } = optionsOf(flow, 'webauthn_register_trigger')
    expect(Buffer.from(challenge, 'base64')).toHaveLength(32)
    expect(options).toMatchObject({
      rp: { name: 'Demo', id: 'localhost' },
      user: { id: Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64') },
      authenticatorSelection: { userVerification: 'discouraged' },
      timeout: 60_000,
    })
    expect(nodeOf(flow, 'webauthn_script')?.attributes).toMatchObject({
      src: `${URL_OF_SERVER}/.well-known/ory/webauthn.js`,
      integrity: WEBAUTHN_SCRIPT_INTEGRITY,
      crossorigin: 'anonymous',
    })
  })

  it('names the configured party', async () => {
    const { flow } = await annInSettings(
      RP({ id: 'example.org', display_name: 'A <b>', origin: 'https://example.org' }),
    )
    expect(optionsOf(flow, 'webauthn_register_trigger').rp).toEqual({ id: 'example.org', name: 'A <b>' })
  })
})

describe('a key', () => {
  it.each(['none', 'packed'] as const)(
    'is stored with its name, and lifts the session (attestation %s)',
    async (attestation) => {
      const { browser, flow } = await annInSettings()
      const key = new SecurityKey()
      const { status, body } = await register(browser, flow, key.register(flow, { attestation }))
      expect([status, body.state, saidBy(body)]).toEqual([200, 'success', { '': [1050001] }])
      expect(nodeOf(body, 'webauthn_remove')).toMatchObject({
        attributes: { type: 'submit', value: key.hex },
        meta: {
          label: {
            text: 'Remove security key "blue key"',
            context: { display_name: 'blue key', added_at: '2022-07-27T12:00:00Z' },
          },
        },
      })
      const { body: session } = await browser.get('/sessions/whoami')
      expect(session.authenticator_assurance_level).toBe('aal2')
      expect(session.authentication_methods).toMatchObject([
        { method: 'password', aal: 'aal1' },
        { method: 'webauthn', aal: 'aal2' },
      ])
    },
  )

  it('is a first factor where the project has no passwords in mind', async () => {
    const { browser, flow } = await annInSettings(PASSWORDLESS)
    await register(browser, flow, new SecurityKey().register(flow))
    const { body: session } = await browser.get('/sessions/whoami')
    expect(session.authenticator_assurance_level).toBe('aal1')
    expect(session.authentication_methods[1]).toMatchObject({ method: 'webauthn', aal: 'aal1' })
  })

  it('needs a name', async () => {
    const { browser, flow } = await annInSettings()
    const { status, body } = await browser.submit('settings', flow, {
      webauthn_register: new SecurityKey().register(flow),
    })
    expect([status, saidBy(body)]).toEqual([400, { webauthn_register_displayname: [4000002] }])
  })

  it.each(['{}', 'x', '{"id":"a b","type":"public-key"}', '{"id":"YQ","type":"password","response":{}}'])(
    'that cannot be read is refused in the form: %s',
    async (answer) => {
      const { browser, flow } = await annInSettings()
      const { status, body } = await register(browser, flow, answer)
      expect([status, textsOf(body)]).toEqual([
        400,
        ['Unable to parse WebAuthn response: Parse error for Registration'],
      ])
    },
  )

  it.each([
    ['challenge', { challenge: Buffer.alloc(32).toString('base64url') }, 'Error validating challenge'],
    ['origin', { origin: 'https://evil.example.com' }, 'Error validating origin'],
    ['ceremony', { type: 'webauthn.get' }, 'Error validating ceremony type'],
    ['party', { rpId: 'evil.example.com' }, 'Error validating the authenticator response'],
    ['signature', { attestation: 'packed', forged: true }, 'Error validating the authenticator response'],
  ] as const)('of another %s is an error of its own', async (_, deviation, why) => {
    const { browser, flow } = await annInSettings()
    expect(await register(browser, flow, new SecurityKey().register(flow, deviation))).toMatchObject({
      status: 500,
      body: { error: { reason: `Unable to create WebAuthn credential: ${why}` } },
    })
    expect(nodeOf(await browser.settings(), 'webauthn_remove')).toBeUndefined()
  })

  it('may come from a page on any port of this host, or from the configured origin alone', async () => {
    const { browser, flow } = await annInSettings()
    const key = new SecurityKey()
    const answer = key.register(flow, { origin: 'http://localhost:65535' })
    expect((await register(browser, flow, answer)).status).toBe(200)
    const configured = await annInSettings(RP({ id: 'localhost', origin: 'http://localhost:3001' }))
    const post = (origin: string) =>
      register(configured.browser, configured.flow, key.register(configured.flow, { origin }))
    expect((await post('http://localhost:3002')).status).toBe(500)
    expect((await post('http://localhost:3001')).status).toBe(200)
  })

  it('is registered once by one answer: its challenge is used up', async () => {
    const { browser, flow } = await annInSettings()
    const answer = new SecurityKey().register(flow)
    await register(browser, flow, answer)
    expect(await register(browser, flow, answer)).toMatchObject({
      status: 500,
      body: { error: { reason: 'Expected WebAuthN in internal context to be an object.' } },
    })
  })

  it('is registered once even if its answer comes twice at the same time', async () => {
    const { browser, flow } = await annInSettings()
    const answer = new SecurityKey().register(flow)
    const answers = await Promise.all([register(browser, flow, answer), register(browser, flow, answer)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 500])
    const [identity] = server.world.identities.values()
    expect(identity?.credentials.webauthn?.config.credentials).toHaveLength(1)
  })

  it('is of no use to an identity without a trait that names it', async () => {
    const { browser, flow } = await annInSettings({ identity: { schemas: [{ id: 'default', url: PASSWORD_ONLY }] } })
    const { status, body } = await register(browser, flow, new SecurityKey().register(flow))
    expect([status, saidBy(body)]).toEqual([400, { '': [4000009] }])
  })

  it('is not for native apps', async () => {
    await annInSettings()
    const app = await server.signedInApp('ann@example.org')
    const { status, body } = await app.submit('settings', await app.settings(), { webauthn_remove: 'abcd' })
    expect([status, saidBy(body)]).toEqual([400, { '': [4010004] }])
  })
})

describe('a registered key', () => {
  const removable = (flow: FlowBody) => namesOf(flow).filter((name) => name === 'webauthn/webauthn_remove').length

  it('is removed by its id; the session keeps what it proved', async () => {
    const { browser, flow } = await annInSettings()
    const key = new SecurityKey()
    await register(browser, flow, key.register(flow))
    const next = await browser.settings()
    const { status, body } = await browser.submit('settings', next, { webauthn_remove: key.hex })
    expect([status, removable(body)]).toEqual([200, 0])
    expect((await browser.get('/sessions/whoami')).body.authenticator_assurance_level).toBe('aal2')
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).not.toBeNull()
  })

  it('is one of several: the others stay', async () => {
    const { browser, flow } = await annInSettings()
    const [first, second] = [new SecurityKey(), new SecurityKey()]
    await register(browser, flow, first.register(flow), 'green key')
    const next = await browser.settings()
    await register(browser, next, second.register(next))
    const { body } = await browser.submit('settings', await browser.settings(), { webauthn_remove: second.hex })
    expect(fieldOf(body, 'webauthn_remove')).toBe(first.hex)
    expect(nodeOf(body, 'webauthn_remove')?.meta.label?.text).toBe('Remove security key "green key"')
  })

  it('must be known to be removed', async () => {
    const { browser, flow } = await annInSettings()
    const { status, body } = await browser.submit('settings', flow, { webauthn_remove: 'abcd' })
    expect([status, textsOf(body)]).toEqual([400, ['You tried to remove a WebAuthn credential which does not exist.']])
  })

  it('stays when it is the only way to sign in', async () => {
    const { id, browser, flow } = await annInSettings(PASSWORDLESS)
    const key = new SecurityKey()
    await register(browser, flow, key.register(flow))
    const identity = server.world.identities.get(id)
    if (!identity?.credentials.password) throw new Error('the identity has no password')
    const password = { ...identity.credentials.password, config: {} }
    server.world.identities.save({ ...identity, credentials: { ...identity.credentials, password } })
    const next = await browser.settings()
    expect(removable(next)).toBe(0)
    const { status, body } = await browser.submit('settings', next, { webauthn_remove: key.hex })
    expect([status, saidBy(body)]).toEqual([400, { webauthn_remove: [4000001] }])
    expect(namesOf(body)[0]).toBe('default/webauthn_remove')
  })
})
