import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, fieldOf, flowIn, namesOf, PASSWORD, Server, saidBy } from '../support/people.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000

let server: Server
beforeEach(async () => {
  server = new Server()
  await server.person(ANN)
})

const app = (): Browser => {
  const native = server.browser()
  native.token = ''
  return native
}

/** Signs in as a native app does. */
async function signIn(values: Record<string, unknown>, query = '') {
  const client = server.browser()
  const flow = await client.begin('login', 'api', query)
  return client.post(`/self-service/login?flow=${flow.id}`, { json: { method: 'password', ...values } })
}

describe('beginning a login', () => {
  it('asks for identifier and password', async () => {
    const flow = await server.browser().begin('login')
    expect(namesOf(flow)).toEqual(
      expect.arrayContaining(['default/csrf_token', 'default/identifier', 'password/password']),
    )
    expect(fieldOf(flow, 'csrf_token')).toMatch(/^[A-Za-z0-9+/]{86}==$/)
  })

  it('leaves the anti-CSRF field of API flows empty', async () => {
    expect(fieldOf(await app().begin('login', 'api'), 'csrf_token')).toBe('')
  })

  it('sends a browser to the page, a JSON client gets the flow', async () => {
    const { status, location } = await server.browser().get('/self-service/login/browser', { html: true })
    expect([status, flowIn(location)]).toEqual([303, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect((await server.browser().get('/self-service/login/browser')).status).toBe(200)
  })

  it('refuses one who is signed in; a browser is sent on to return_to', async () => {
    const browser = await server.signedIn(ANN)
    const { status, body } = await browser.get('/self-service/login/browser')
    expect([status, body.error.id]).toEqual([400, 'session_already_available'])
    const to = encodeURIComponent('http://localhost:3000/dash')
    const { location } = await browser.get(`/self-service/login/browser?return_to=${to}`, { html: true })
    expect(location).toBe('http://localhost:3000/dash')
  })

  it('refreshes only for one who is signed in, and only for the literal true', async () => {
    const anonymous = (await server.browser().get('/self-service/login/browser?refresh=true')).body
    expect(anonymous.refresh).toBe(false)
    const browser = await server.signedIn(ANN)
    const flow = await browser.begin('login', 'browser', '?refresh=true')
    expect(saidBy(flow)['']).toEqual([1010003])
    expect(fieldOf(flow, 'identifier')).toBe(ANN)
    expect((await browser.get('/self-service/login/browser?refresh=1')).status).toBe(400)
  })

  it('raises a session only where there is one, and knows two levels', async () => {
    const { status, body } = await server.browser().get('/self-service/login/api?aal=aal2')
    expect([status, body.error.id]).toEqual([401, 'session_aal1_required'])
    const unknown = await server.browser().get('/self-service/login/api?aal=aal3')
    expect(unknown.body.error.reason).toBe(
      'Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2] but got aal3',
    )
    const flow = await (await server.signedIn(ANN)).begin('login', 'browser', '?aal=AAL2')
    expect([flow.requested_aal, saidBy(flow)['']]).toEqual(['aal2', [1010004]])
  })

  it('keeps return_to when it is allowed, refuses it when not, fails when it is no address', async () => {
    const to = (address: string) => `/self-service/login/api?return_to=${encodeURIComponent(address)}`
    const allowed = await server.browser().get(to('http://localhost:3000/back?x=1'))
    expect(allowed.body.return_to).toBe('http://localhost:3000/back?x=1')
    const forbidden = await server.browser().get(to('https://evil.example.com'))
    expect([forbidden.status, forbidden.body.error.id]).toEqual([400, 'self_service_flow_return_to_forbidden'])
    expect((await server.browser().get(to('http://['))).status).toBe(500)
  })
})

describe('fetching a login flow', () => {
  it('takes the browser that began it; API flows take anyone', async () => {
    const flow = await server.browser().begin('login')
    const other = await server.browser().get(`/self-service/login/flows?id=${flow.id}`)
    expect([other.status, other.body.error.id]).toEqual([403, 'security_csrf_violation'])
    const native = await server.browser().begin('login', 'api')
    expect((await server.browser().get(`/self-service/login/flows?id=${native.id}`)).status).toBe(200)
  })

  it('answers 404 for ids that are unknown, malformed, or of another kind of flow', async () => {
    const registration = await server.browser().begin('registration', 'api')
    for (const id of ['', 'x', '6f0b6c0e-0000-4000-8000-000000000000', registration.id]) {
      expect((await server.browser().get(`/self-service/login/flows?id=${id}`)).status, id).toBe(404)
    }
  })

  it('answers 410 with the way to a new one when it has expired', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    server.world.clock.advance(30 * MINUTE)
    const { status, body } = await browser.get(`/self-service/login/flows?id=${flow.id}`)
    expect([status, body.error.id]).toEqual([410, 'self_service_flow_expired'])
    expect(body.error.details.redirect_to).toBe('http://localhost:4000/self-service/login/browser')
  })
})

describe('signing in with a password', () => {
  it('gives a native app a token, a JSON browser a cookie, a browser a redirect', async () => {
    const native = await signIn({ identifier: ANN, password: PASSWORD })
    expect(native.body.session_token).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(native.setCookies).toEqual([])
    const browser = server.browser()
    const json = await browser.signIn(ANN)
    expect(Object.keys(json.body)).toEqual(['session'])
    expect(json.setCookies.join()).toMatch(/ory_kratos_session=.*Max-Age=86400/)
    const other = server.browser()
    const form = await other.submitForm('login', await other.begin('login'), {
      method: 'password',
      identifier: ANN,
      password: PASSWORD,
    })
    expect([form.status, form.location]).toEqual([303, 'http://localhost:4000/ui/welcome'])
  })

  it('finds the identifier whatever its case and the blanks around it', async () => {
    expect((await signIn({ identifier: ` ${ANN.toUpperCase()} `, password: PASSWORD })).status).toBe(200)
  })

  it('says the same of wrong passwords and unknown people', async () => {
    const wrong = await signIn({ identifier: ANN, password: 'wrong' })
    const unknown = await signIn({ identifier: 'nobody@example.org', password: PASSWORD })
    expect([wrong.status, unknown.status]).toEqual([400, 400])
    expect(saidBy(wrong.body)).toEqual({ '': [4000006] })
    expect(saidBy(unknown.body)).toEqual(saidBy(wrong.body))
  })

  it('names every field that is missing, keeps the identifier and never the password', async () => {
    expect(saidBy((await signIn({})).body)).toEqual({ identifier: [4000002], password: [4000002] })
    const { body } = await signIn({ identifier: 'x@example.org', password: 'y' })
    expect([fieldOf(body, 'identifier'), fieldOf(body, 'password')]).toEqual(['x@example.org', undefined])
  })

  it('refuses a method that it does not know', async () => {
    expect(saidBy((await signIn({ method: 'telepathy' })).body)).toEqual({ '': [4010002] })
  })

  it('refuses people who are deactivated', async () => {
    const id = await server.person('gone@example.org', { state: 'inactive' })
    const { status, body } = await signIn({ identifier: 'gone@example.org', password: PASSWORD })
    expect([status, body.error.details]).toEqual([401, { identity_id: id }])
  })

  it('does not consume the flow', async () => {
    const client = server.browser()
    const flow = await client.begin('login', 'api')
    for (const _ of [1, 2]) {
      const json = { method: 'password', identifier: ANN, password: PASSWORD }
      expect((await client.post(`/self-service/login?flow=${flow.id}`, { json })).status).toBe(200)
    }
  })

  it('refuses a second login in a browser that is signed in', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    await browser.submit('login', flow, { method: 'password', identifier: ANN, password: PASSWORD })
    const again = await browser.submit('login', flow, { method: 'password', identifier: ANN, password: PASSWORD })
    expect([again.status, saidBy(again.body)]).toEqual([400, { '': [4000001] }])
  })

  it('replaces an expired flow, and keeps where it was to return to', async () => {
    const client = server.browser()
    const to = encodeURIComponent('http://localhost:3000/back')
    const flow = await client.begin('login', 'api', `?return_to=${to}`)
    server.world.clock.advance(31 * MINUTE)
    const { status, body } = await client.post(`/self-service/login?flow=${flow.id}`, { json: { method: 'password' } })
    expect([status, body.since]).toEqual([410, MINUTE * 1_000_000])
    const next = await client.fetch('login', body.use_flow_id)
    expect([saidBy(next)[''], next.return_to]).toEqual([[4010001], 'http://localhost:3000/back'])
  })
})

describe('protection of login forms', () => {
  const values = { method: 'password', identifier: ANN, password: PASSWORD }

  it('needs the token of the browser in the body; the header does not count', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    const headers = { 'X-CSRF-Token': String(fieldOf(flow, 'csrf_token')) }
    const { status, body } = await browser.post(`/self-service/login?flow=${flow.id}`, { json: values, headers })
    expect([status, body.error.id]).toEqual([403, 'security_csrf_violation'])
  })

  it('takes the bare cookie value too', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    const cookie = [
      ...(browser.jar.header(server.world.now()) ?? '').matchAll(/csrf_token_[0-9a-f]{64}=([^;]+)/g),
    ][0]?.[1]
    const json = { ...values, csrf_token: cookie }
    expect((await browser.post(`/self-service/login?flow=${flow.id}`, { json })).status).toBe(200)
  })

  it('checks the body before the token', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    const { status } = await browser.post(`/self-service/login?flow=${flow.id}`, { json: { method: 'password' } })
    expect(status).toBe(400)
  })

  it('sends a browser to the error page, where the error can be read', async () => {
    const browser = server.browser()
    const flow = await browser.begin('login')
    const { location } = await browser.post(`/self-service/login?flow=${flow.id}`, { form: values, html: true })
    const id = new URL(String(location)).searchParams.get('id')
    const { body } = await browser.get(`/self-service/errors?id=${id}`)
    expect(body.error.id).toBe('security_csrf_violation')
  })

  it.each([
    ['Origin', { Origin: 'http://localhost:3000' }],
    ['Cookie', { Cookie: 'some=thing' }],
  ])('refuses API flows from browsers: %s', async (name, headers) => {
    const flow = await server.browser().begin('login', 'api')
    const { status, body } = await server
      .browser()
      .post(`/self-service/login?flow=${flow.id}`, { json: values, headers })
    expect(status).toBe(400)
    expect(body.ui.messages[0].text).toContain(`HTTP Request Header included the "${name}" key`)
  })

  it('lets cookies of a proxy pass', async () => {
    const flow = await server.browser().begin('login', 'api')
    const headers = { Cookie: '__cf_bm=1' }
    expect((await server.browser().post(`/self-service/login?flow=${flow.id}`, { json: values, headers })).status).toBe(
      200,
    )
  })
})

describe('hooks after login', () => {
  const withHook = (hook: string) => ({
    selfservice: { flows: { login: { after: { password: { hooks: [{ hook }] } } } } },
  })

  it('revoke_active_sessions ends the other sessions', async () => {
    server = new Server(withHook('revoke_active_sessions'))
    await server.person(ANN)
    const before = await server.signedIn(ANN)
    await server.signedIn(ANN)
    expect((await before.get('/sessions/whoami')).status).toBe(401)
  })

  it('require_verified_address lets only those in whose address is verified', async () => {
    server = new Server(withHook('require_verified_address'))
    await server.person(ANN)
    expect(saidBy((await server.browser().signIn(ANN)).body)).toEqual({ '': [4000010] })
  })
})
