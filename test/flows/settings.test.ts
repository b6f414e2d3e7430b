import { beforeEach, describe, expect, it } from 'vitest'
import { fieldOf, namesOf, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

const MINUTE = 60_000
const UNKNOWN = '6f0b6c0e-0000-4000-8000-000000000000'

describe('a settings flow begins', () => {
  it('with the nodes of every enabled method, in the order of their groups', async () => {
    await server.person('ann@example.org')
    const flow = await (await server.signedIn('ann@example.org')).settings()
    expect(namesOf(flow).filter((name) => !name.startsWith('oidc/'))).toEqual([
      'default/csrf_token',
      'profile/traits.email',
      'profile/traits.name.first',
      'profile/traits.name.last',
      'profile/method',
      'password/password',
      'password/method',
      'lookup_secret/lookup_secret_regenerate',
      'webauthn/webauthn_register_displayname',
      'webauthn/webauthn_register_trigger',
      'webauthn/webauthn_register',
      'webauthn/webauthn_script',
      'totp/totp_qr',
      'totp/totp_secret_key',
      'totp/totp_code',
      'totp/method',
    ])
    expect(flow).toMatchObject({
      type: 'browser',
      state: 'show_form',
      identity: { traits: { email: 'ann@example.org' } },
    })
    expect(fieldOf(flow, 'traits.email')).toBe('ann@example.org')
  })

  it('without security keys in native apps, and without an anti-CSRF token', async () => {
    await server.person('ann@example.org')
    const flow = await (await server.signedInApp('ann@example.org')).settings()
    expect(namesOf(flow).filter((name) => name.startsWith('webauthn/'))).toEqual([])
    expect(fieldOf(flow, 'csrf_token')).toBe('')
  })

  it('without the methods that the project does not offer', async () => {
    server = new Server({ selfservice: { methods: { totp: { enabled: false }, profile: { enabled: false } } } })
    await server.person('ann@example.org')
    const groups = namesOf(await (await server.signedIn('ann@example.org')).settings()).map(
      (name) => name.split('/')[0],
    )
    expect(groups).not.toContain('totp')
    expect(groups).not.toContain('profile')
    expect(groups).toContain('password')
  })

  it('for a browser by sending it to the settings page, with the return address kept in the flow', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const back = 'http://localhost:3000/account'
    const { status, location } = await browser.get(`/self-service/settings/browser?return_to=${back}`, { html: true })
    expect(status).toBe(303)
    expect(location).toMatch(new RegExp(`^${URL_OF_SERVER}/ui/settings\\?flow=[0-9a-f-]{36}$`))
    const flow = await browser.fetch('settings', new URL(String(location)).searchParams.get('flow') ?? '')
    expect(flow.return_to).toBe(back)
  })

  it('not with a return address that is not allowed', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const path = '/self-service/settings/browser?return_to=https://evil.example.com/'
    expect(await browser.get(path)).toMatchObject({
      status: 400,
      body: { error: { id: 'self_service_flow_return_to_forbidden' } },
    })
    const { status, location } = await browser.get(path, { html: true })
    expect([status, location]).toEqual([303, expect.stringContaining('/ui/error?id=')])
  })
})

describe('without a session', () => {
  it('a browser is sent to the login page, a JSON client and an app are told so', async () => {
    const browser = server.browser()
    const page = await browser.get('/self-service/settings/browser', { html: true })
    expect([page.status, page.location]).toEqual([303, `${URL_OF_SERVER}/ui/login`])
    expect(await browser.get('/self-service/settings/browser')).toMatchObject({
      status: 401,
      body: { error: { id: 'session_inactive', reason: 'No active session was found in this request.' } },
    })
    expect(await browser.get('/self-service/settings/api')).toMatchObject({
      status: 401,
      body: { error: { id: 'session_inactive', reason: expect.stringContaining('can only be accessed') } },
    })
  })

  it('a flow is neither shown nor submitted', async () => {
    const browser = server.browser()
    for (const path of [`/self-service/settings/flows?id=${UNKNOWN}`, `/self-service/settings?flow=${UNKNOWN}`]) {
      const { status, body } = await browser.get(path)
      expect([status, body.error.id]).toEqual([401, undefined])
      const page = await browser.get(path, { html: true })
      expect([page.status, page.location]).toEqual([302, `${URL_OF_SERVER}/ui/login`])
    }
  })
})

describe('a flow is shown', () => {
  it('only to the one whom it was begun for', async () => {
    await server.person('ann@example.org')
    await server.person('bob@example.org')
    const flow = await (await server.signedIn('ann@example.org')).settings()
    const bob = await server.signedIn('bob@example.org')
    expect(await bob.get(`/self-service/settings/flows?id=${flow.id}`)).toMatchObject({
      status: 403,
      body: { error: { id: 'security_identity_mismatch' } },
    })
    expect((await bob.get(`/self-service/settings/flows?id=${UNKNOWN}`)).status).toBe(404)
  })

  it('until it expires', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    server.world.clock.advance(30 * MINUTE)
    const { status, body } = await browser.get(`/self-service/settings/flows?id=${flow.id}`)
    expect(status).toBe(410)
    expect(body.error.id).toBeUndefined()
    expect(body.error.details).toEqual({
      redirect_to: `${URL_OF_SERVER}/self-service/settings/browser`,
      return_to: '',
    })
  })
})

describe('a submit is refused', () => {
  it('without a flow, and for one that nobody knows', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const submit = (query: string) => browser.post(`/self-service/settings${query}`, { json: { method: 'password' } })
    expect(await submit('')).toMatchObject({
      status: 400,
      body: { error: { reason: 'The flow query parameter is missing or malformed.' } },
    })
    expect(await submit(`?flow=${UNKNOWN}`)).toMatchObject({
      status: 404,
      body: { error: { reason: 'The settings request could not be found. Please restart the flow.' } },
    })
  })

  it('in an expired flow, which has a successor with the same return address and a message', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings('?return_to=http://localhost:3000/account')
    server.world.clock.advance(31 * MINUTE)
    const { status, body } = await browser.submit('settings', flow, { method: 'password', password: 'new-castle-4712' })
    expect(status).toBe(410)
    expect(body).toMatchObject({ error: { id: 'self_service_flow_expired' }, since: MINUTE * 1e6 })
    const next = await browser.fetch('settings', body.use_flow_id)
    expect(next.return_to).toBe('http://localhost:3000/account')
    expect(textsOf(next)).toEqual(['The settings flow expired 1.00 minutes ago, please try again.'])
    const page = await browser.submitForm('settings', flow, { method: 'password', password: 'new-castle-4712' })
    expect([page.status, page.location]).toEqual([303, expect.stringMatching(/\/ui\/settings\?flow=/)])
  })

  it('in the flow of somebody else, where the message joins what stands there already', async () => {
    await server.person('ann@example.org')
    await server.person('bob@example.org')
    const ann = await server.signedIn('ann@example.org')
    const flow = await ann.settings()
    await ann.submit('settings', flow, { method: 'profile', traits: { email: 'ann@example.org' } })
    const bob = await server.signedIn('bob@example.org')
    for (const said of [
      [1050001, 4000001],
      [1050001, 4000001, 4000001],
    ]) {
      const { status, body } = await bob.submit('settings', flow, { method: 'password', password: 'new-castle-4712' })
      expect([status, saidBy(body)]).toEqual([400, { '': said }])
      expect(body.identity.traits).toEqual({ email: 'ann@example.org' })
    }
  })

  it('with a token of another browser', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    const json = { method: 'password', password: 'new-castle-4712', csrf_token: 'wrong' }
    expect(await browser.post(`/self-service/settings?flow=${flow.id}`, { json })).toMatchObject({
      status: 403,
      body: { error: { id: 'security_csrf_violation' } },
    })
    const { location } = await browser.post(`/self-service/settings?flow=${flow.id}`, { form: json, html: true })
    expect(location).toContain('/ui/error?id=')
  })

  it('in an app flow when it looks like a browser', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    const flow = await app.settings()
    const submit = (headers: Record<string, string>) =>
      app.post(`/self-service/settings?flow=${flow.id}`, {
        json: { method: 'password', password: 'new-castle-4712' },
        headers,
      })
    for (const [name, headers] of [
      ['Origin', { Origin: 'http://localhost:3000', Cookie: 'a=b' }],
      ['Cookie', { Cookie: 'a=b' }],
    ] as const) {
      const { status, body } = await submit(headers)
      expect(status).toBe(400)
      expect(textsOf(body)[0]).toMatch(new RegExp(`^The HTTP Request Header included the "${name}" key`))
    }
    expect((await submit({ Cookie: '__cf_bm=x' })).status).toBe(200)
  })

  it('when no method takes it, and when the one that does is not offered', async () => {
    server = new Server({ selfservice: { methods: { totp: { enabled: false }, lookup_secret: { enabled: false } } } })
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    for (const values of [{ method: 'pigeon' }, {}]) {
      const { status, body } = await browser.submit('settings', flow, values)
      expect([status, saidBy(body)]).toEqual([400, { '': [4010004] }])
    }
    for (const values of [
      { method: 'totp', totp_code: '123456' },
      { totp_unlink: true },
      { lookup_secret_regenerate: true },
    ]) {
      expect((await browser.submit('settings', flow, values)).status).toBe(404)
    }
  })

  it('as JSON that cannot be read with 400 and a body that says 500, be it of an app or a browser', async () => {
    await server.person('ann@example.org')
    for (const person of [await server.signedIn('ann@example.org'), await server.signedInApp('ann@example.org')]) {
      const flow = await person.settings()
      const answer = await person.post(`/self-service/settings?flow=${flow.id}`, { jsonText: '{"method":"password"' })
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 500 } } })
    }
  })

  it('by GET when nothing was paused', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    const { status, body } = await browser.get(`/self-service/settings?flow=${flow.id}`)
    expect(status).toBe(400)
    expect(textsOf(body)).toEqual([
      'Unable to decode body because HTTP Request Method was "GET" but only [POST PUT PATCH] are supported.',
    ])
  })
})
