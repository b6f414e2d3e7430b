import supertest from 'supertest'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import {
  type Answer,
  type Browser,
  type FlowName,
  fieldOf,
  flowIn,
  HOST,
  namesOf,
  nodeOf,
  PASSWORD,
  Server,
  saidBy,
  textsOf,
  URL_OF_SERVER,
} from '../support/people.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000
const CALLBACK = '/self-service/methods/oidc/callback/acme'
const WELCOME = `${URL_OF_SERVER}/ui/welcome`

let server: Server
beforeEach(() => {
  server = new Server()
})

const withOidc = (oidc: JsonObject): JsonObject => ({ selfservice: { methods: { oidc } } })
const provider = (id: string, rest: JsonObject = {}): JsonObject => ({
  id,
  provider: 'generic',
  client_id: id,
  ...rest,
})

/** Tells the provider what to answer from now on. */
async function tell(answer: unknown, id = 'acme'): Promise<void> {
  const url = `/__mock/oidc/${id}/next`
  const told = await supertest(server.app)
    .put(url)
    .set({ Host: HOST, 'Content-Type': 'application/json' })
    .send(JSON.stringify(answer))
  expect(told.status).toBe(204)
}

/** Begins a flow and chooses the provider; answers where the browser is sent. */
async function leave(browser: Browser, kind: FlowName, query = '', values: JsonObject = {}): Promise<string> {
  const flow = await browser.begin(kind, 'browser', query)
  const choice = kind === 'settings' ? { link: 'acme' } : { provider: 'acme' }
  const { status, body, text } = await browser.submit(kind, flow, { ...choice, ...values })
  if (status !== 422) throw new Error(text)
  return body.redirect_browser_to
}

/** Signs in at the provider, which answers at once. */
async function comeBack(browser: Browser, to: string): Promise<string> {
  const { status, location } = await browser.get(to, { html: true })
  expect(status).toBe(303)
  return String(location)
}

async function through(browser: Browser, kind: FlowName, query = '', values: JsonObject = {}): Promise<Answer> {
  return browser.get(await comeBack(browser, await leave(browser, kind, query, values)), { html: true })
}

const whoami = async (browser: Browser) => (await browser.get('/sessions/whoami')).body

describe('a social provider', () => {
  it('has a button in browser flows of login and registration, in the order of the ids', async () => {
    const providers = [provider('zeta'), provider('acme', { label: 'Acme' })]
    server = new Server(withOidc({ config: { providers } }))
    const browser = server.browser()
    for (const kind of ['login', 'registration'] as const) {
      const flow = await browser.begin(kind)
      const buttons = flow.ui.nodes.filter((node) => node.group === 'oidc')
      expect(buttons.map(({ attributes }) => 'value' in attributes && attributes.value)).toEqual(['acme', 'zeta'])
      expect(buttons[0]?.meta.label?.context).toEqual({ provider: 'Acme' })
      expect(namesOf(await server.browser().begin(kind, 'api'))).not.toContain('oidc/provider')
    }
  })

  it('has none where the project does not offer it, and is not found', async () => {
    server = new Server(withOidc({ enabled: false }))
    const browser = server.browser()
    const flow = await browser.begin('login')
    expect(namesOf(flow)).not.toContain('oidc/provider')
    expect((await browser.submit('login', flow, { provider: 'acme' })).status).toBe(404)
    expect((await browser.get(`${CALLBACK}?state=x&code=y`)).status).toBe(404)
  })

  it('is asked for a code, with what is configured, in the order in which Go writes a query', async () => {
    const acme = provider('acme', { scope: ['email'], requested_claims: { id_token: { email: null } } })
    server = new Server(withOidc({ config: { base_redirect_uri: 'http://localhost:4000/', providers: [acme] } }))
    const browser = server.browser()
    const flow = await browser.begin('login')
    const form = { provider: 'acme', csrf_token: 'not looked at' }
    const { status, location } = await browser.post(`/self-service/login?flow=${flow.id}`, { form, html: true })
    expect(status).toBe(303)
    const url = new URL(String(location))
    expect(url.origin + url.pathname).toBe(`${URL_OF_SERVER}/__mock/oidc/acme/authorize`)
    expect([...url.searchParams.keys()]).toEqual([
      'claims',
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ])
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      claims: '{"id_token":{"email":null}}',
      redirect_uri: URL_OF_SERVER + CALLBACK,
      scope: 'email openid',
    })
    expect((await browser.fetch('login', flow.id)).ui.messages).toBeUndefined()
  })

  it('is asked to have the person prove anew who they are, when a session is refreshed', async () => {
    await server.person(ANN)
    const to = await leave(await server.signedIn(ANN), 'login', '?refresh=true')
    expect(new URL(to).searchParams.get('prompt')).toBe('login')
  })

  it('can be gone to by a mere link, too', async () => {
    await server.person(ANN)
    const browser = server.browser()
    const owner = await server.signedIn(ANN)
    for (const [who, kind, query] of [
      [browser, 'login', 'provider=acme'],
      [browser, 'registration', 'provider=acme'],
      [owner, 'settings', 'link=acme'],
    ] as const) {
      const { id } = await who.begin(kind)
      const { status, location } = await who.get(`/self-service/${kind}?flow=${id}&${query}`, { html: true })
      expect([status, location]).toEqual([303, expect.stringContaining('/__mock/oidc/acme/authorize?client_id=')])
    }
  })

  it('is unknown, or not for native apps', async () => {
    for (const kind of ['login', 'registration'] as const) {
      const browser = server.browser()
      const nobody = await browser.submit(kind, await browser.begin(kind), { provider: 'nope' })
      const reason = 'OpenID Connect Provider "nope" is unknown or has not been configured'
      expect(nobody.body.error).toMatchObject({ code: 404, reason })
      const app = server.browser()
      const { status, body } = await app.submit(kind, await app.begin(kind, 'api'), { provider: 'acme' })
      expect([status, textsOf(body)]).toEqual([
        400,
        ['Social Sign In and OpenID Connect are only supported for flows initiated using the Browser endpoint.'],
      ])
    }
  })
})

describe('who comes back from a provider', () => {
  it('is signed up when nobody knows them, whichever flow they began', async () => {
    for (const kind of ['registration', 'login'] as const) {
      server = new Server()
      await tell({ sub: 'ann-1', claims: { email: ANN, name: 'a text, and no object', admin: true } })
      const browser = server.browser()
      expect(await through(browser, kind)).toMatchObject({ status: 303, location: WELCOME })
      const session = await whoami(browser)
      expect(session.authentication_methods).toMatchObject([{ method: 'oidc', aal: 'aal1' }])
      expect(session.identity.traits).toEqual({ email: ANN, name: {} })
      const [identity] = [...server.world.identities.values()]
      expect(identity?.credentials.oidc?.identifiers).toEqual(['acme:ann-1'])
      expect((await server.mails(ANN)).map((mail) => mail.subject)).toEqual(['Please verify your email address'])
    }
  })

  it('is signed in when they have signed up before, whichever flow they began, and led where they wanted', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    await through(server.browser(), 'registration')
    for (const kind of ['registration', 'login'] as const) {
      const browser = server.browser()
      const { location } = await through(browser, kind, '?return_to=http://localhost:3000/there')
      expect(location).toBe('http://localhost:3000/there')
      expect((await whoami(browser)).identity.traits.email).toBe(ANN)
    }
    expect(server.world.identities.size).toBe(1)
  })

  it('has no session after a sign-up that gives none', async () => {
    const flows = { registration: { after: { oidc: { hooks: [] } } } }
    server = new Server({ selfservice: { flows } })
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    expect((await through(browser, 'registration')).location).toBe(WELCOME)
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
    expect(server.world.identities.size).toBe(1)
  })

  it('is asked for the traits that the provider left out, and goes there once more', async () => {
    await tell({ sub: 'ann-1', claims: {} })
    const browser = server.browser()
    const first = await through(browser, 'registration', '', { traits: { name: { first: 'Ann' } } })
    expect([first.status, first.location]).toEqual([302, expect.stringContaining('/ui/registration?flow=')])
    const form = await browser.fetch('registration', flowIn(first.location))
    expect(namesOf(form)).toEqual([
      'default/csrf_token',
      'oidc/traits.email',
      'oidc/traits.name.first',
      'oidc/traits.name.last',
      'oidc/provider',
    ])
    expect(saidBy(form)).toEqual({ 'traits.email': [4000002] })
    expect(fieldOf(form, 'traits.name.first')).toBe('Ann')
    expect(nodeOf(form, 'provider')?.meta.label?.id).toBe(1040003)
    const values = { provider: 'acme', traits: { email: ANN, name: { first: 'Ann', last: 'Lee' } } }
    const { body } = await browser.submit('registration', form, values)
    const done = await browser.get(await comeBack(browser, body.redirect_browser_to), { html: true })
    expect(done.location).toBe(WELCOME)
    expect((await whoami(browser)).identity.traits).toEqual({ email: ANN, name: { first: 'Ann', last: 'Lee' } })
  })

  it('cannot take an address that another has, not even with that address at the provider', async () => {
    await server.person(ANN)
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const { status, location } = await through(browser, 'login')
    expect([status, location]).toEqual([302, expect.stringContaining('/ui/registration?flow=')])
    const form = await browser.fetch('registration', flowIn(location))
    expect([saidBy(form), fieldOf(form, 'traits.email')]).toEqual([{ '': [4000007] }, ANN])
    expect(form.request_url).toContain(`${CALLBACK}?state=`)
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('is told in the login that nobody may sign up', async () => {
    server = new Server({ selfservice: { flows: { registration: { enabled: false } } } })
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const { status, location } = await through(browser, 'login')
    expect([status, location]).toEqual([303, expect.stringContaining('/ui/login?flow=')])
    const flow = await browser.fetch('login', flowIn(location))
    expect(textsOf(flow)).toEqual(['Registration is not allowed because it was disabled.'])
  })

  it('is told what the provider answered instead of a code', async () => {
    const cases = [
      [
        { error: 'access_denied', error_description: 'Not today.' },
        'Unable to complete OpenID Connect flow because the OpenID Provider returned error "access_denied": Not today.',
      ],
      [
        { sub: 'ann-1', claims: { email: ANN }, withoutIdToken: true },
        'Authentication failed because no id_token was returned. Please accept the "openid" permission and try again.',
      ],
    ] as const
    for (const [answer, text] of cases) {
      await tell(answer)
      for (const [kind, status] of [
        ['login', 303],
        ['registration', 302],
      ] as const) {
        const browser = server.browser()
        const refused = await through(browser, kind)
        expect([refused.status, refused.location]).toEqual([status, expect.stringContaining(`/ui/${kind}?flow=`)])
        expect(textsOf(await browser.fetch(kind, flowIn(refused.location)))).toEqual([text])
      }
    }
    expect(server.world.identities.size).toBe(0)
  })

  it('gets the flow itself as a JSON client', async () => {
    await tell({ error: 'access_denied' })
    const browser = server.browser()
    const { status, body } = await browser.get(await comeBack(browser, await leave(browser, 'login')))
    expect([status, saidBy(body)]).toEqual([400, { '': [4000001] }])
  })

  it('is not let in while the account is deactivated', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    await through(server.browser(), 'registration')
    const [identity] = [...server.world.identities.values()]
    if (identity) server.world.identities.save({ ...identity, state: 'inactive' })
    const browser = server.browser()
    expect((await through(browser, 'login')).location).toContain('/ui/error?id=')
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('is too late when the flow has expired meanwhile, or half an hour is over', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'login'))
    server.world.clock.advance(30 * MINUTE)
    const { location } = await browser.get(back, { html: true })
    expect(saidBy(await browser.fetch('login', flowIn(location)))).toEqual({ '': [4010001] })
    server = new Server({ selfservice: { flows: { login: { lifespan: '2h' } } } })
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const other = server.browser()
    const late = await comeBack(other, await leave(other, 'login'))
    server.world.clock.advance(31 * MINUTE)
    expect((await other.get(late)).body.error.reason).toBe(
      'You must restart the flow because the resumable session has expired.',
    )
  })

  it('always gets a new session, also when one is refreshed', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    await through(browser, 'registration')
    const { id } = await whoami(browser)
    expect((await through(browser, 'login', '?refresh=true')).location).toBe(WELCOME)
    expect((await whoami(browser)).id).not.toBe(id)
  })
})

describe('the callback', () => {
  it('wants the state, the cookie of the browser that left, and that very state', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'login'))
    const refused = async (who: Browser, path: string) => (await who.get(path)).body.error
    expect((await refused(browser, CALLBACK)).reason).toContain('did not return the state query parameter')
    expect(await refused(server.browser(), back)).toMatchObject({ code: 400, message: 'no resumable session found' })
    expect((await refused(browser, `${CALLBACK}?state=other&code=x`)).reason).toContain('does not match the state')
    expect((await refused(browser, back)).message).toBe('no resumable session found')
    expect((await browser.get(back, { html: true })).location).toContain('/ui/error?id=')
    expect(server.world.identities.size).toBe(0)
  })

  it('works once', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'registration'))
    await browser.get(back, { html: true })
    expect((await browser.get(back)).body.error.message).toBe('no resumable session found')
  })

  it('takes no code that the provider did not give for it', async () => {
    server = new Server(withOidc({ config: { providers: [provider('acme'), provider('other')] } }))
    await tell({ sub: 'ann-1', claims: { email: ANN } }, 'acme')
    const browser = server.browser()
    for (const change of [
      (back: string) => back.replace(/code=[^&]+/, 'code=invented'),
      (back: string) => back.replace('/acme?', '/other?'),
    ]) {
      const { status, body } = await browser.get(change(await comeBack(browser, await leave(browser, 'login'))))
      expect([status, body.error.message]).toEqual([500, expect.stringContaining('oauth2: cannot fetch token')])
    }
    const missing = (await comeBack(browser, await leave(browser, 'login'))).replace(/&code=[^&]+/, '')
    expect(textsOf((await browser.get(missing)).body)[0]).toContain('did not return the code query parameter')
  })

  it('sends those who are signed in already away', async () => {
    await server.person(ANN)
    await tell({ sub: 'bob-1', claims: { email: 'bob@example.org' } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'login'))
    await browser.signIn(ANN)
    expect(await browser.get(back, { html: true })).toMatchObject({ status: 303, location: WELCOME })
    expect((await whoami(browser)).identity.traits.email).toBe(ANN)
  })

  it('that is posted becomes a GET with all fields in the query, from Apple alone', async () => {
    const form = { state: 's t', code: 'c' }
    const browser = server.browser()
    const { status, location } = await browser.post('/self-service/methods/oidc/callback/apple?x=1', {
      form,
      html: true,
    })
    expect([status, location]).toEqual([
      302,
      `${URL_OF_SERVER}/self-service/methods/oidc/callback/apple?code=c&state=s+t&x=1`,
    ])
    expect((await browser.post(CALLBACK, { form })).body.error.id).toBe('security_csrf_violation')
  })
})

describe('providers in settings', () => {
  it('are linked and unlinked', async () => {
    await server.person(ANN)
    await tell({ sub: 'ann-1', claims: { email: 'ann@work.example' } })
    const browser = await server.signedIn(ANN)
    expect(nodeOf(await browser.begin('settings'), 'link')?.meta.label?.id).toBe(1050002)
    const { status, location } = await through(browser, 'settings')
    expect([status, location]).toEqual([303, expect.stringContaining('/ui/settings?flow=')])
    const linked = await browser.fetch('settings', flowIn(location))
    expect([saidBy(linked), linked.state, fieldOf(linked, 'unlink')]).toEqual([{ '': [1050001] }, 'success', 'acme'])
    expect(nodeOf(linked, 'link')).toBeUndefined()
    const other = server.browser()
    await through(other, 'login')
    expect((await whoami(other)).identity.traits).toEqual({ email: ANN })
    const { body } = await browser.submit('settings', await browser.begin('settings'), { unlink: 'acme' })
    expect([saidBy(body), fieldOf(body, 'link')]).toEqual([{ '': [1050001] }, 'acme'])
    expect((await through(server.browser(), 'login')).location).toContain('/ui/welcome')
    expect(server.world.identities.size).toBe(2)
  })

  it('cannot be unlinked while they are the only way in', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    await through(browser, 'registration')
    const flow = await browser.begin('settings')
    expect(namesOf(flow).filter((name) => name.startsWith('oidc/'))).toEqual([])
    const refused = await browser.submit('settings', flow, { unlink: 'acme' })
    expect([refused.status, textsOf(refused.body)]).toEqual([
      400,
      ['can not unlink non-existing OpenID Connect connection'],
    ])
    await browser.submit('settings', flow, { method: 'password', password: PASSWORD })
    expect(fieldOf(await browser.begin('settings'), 'unlink')).toBe('acme')
  })

  it('are refused when unknown, linked, asked for both ways, or wanted by a native app', async () => {
    await server.person(ANN)
    await tell({ sub: 'ann-1', claims: {} })
    const browser = await server.signedIn(ANN)
    await through(browser, 'settings')
    const flow = await browser.begin('settings')
    for (const [values, text] of [
      [{ link: 'nope' }, 'can not link unknown or already existing OpenID Connect connection'],
      [{ link: 'acme' }, 'can not link unknown or already existing OpenID Connect connection'],
      [{ unlink: 'nope' }, 'can not unlink non-existing OpenID Connect connection'],
      [{ link: 'acme', unlink: 'acme' }, 'it is not possible to link and unlink providers in the same request'],
    ] as const) {
      const { status, body } = await browser.submit('settings', flow, values)
      expect([status, textsOf(body)]).toEqual([400, [text]])
    }
    server = new Server()
    await server.person(ANN)
    const app = await server.signedInApp(ANN)
    const { status, body } = await app.submit('settings', await app.settings(), { link: 'acme' })
    expect([status, textsOf(body)[0]]).toEqual([400, expect.stringContaining('only supported for flows initiated')])
  })

  it('are not linked to a second person', async () => {
    await tell({ sub: 'ann-1', claims: { email: ANN } })
    await through(server.browser(), 'registration')
    await server.person('bob@example.org')
    const bob = await server.signedIn('bob@example.org')
    const { location } = await through(bob, 'settings')
    expect(saidBy(await bob.fetch('settings', flowIn(location)))).toEqual({ '': [4000007] })
  })

  it('need a recent sign-in, before the provider and after it', async () => {
    await server.person(ANN)
    await tell({ sub: 'ann-1', claims: {} })
    const browser = await server.signedIn(ANN)
    const to = await leave(browser, 'settings')
    server.world.clock.advance(16 * MINUTE)
    expect((await browser.get(await comeBack(browser, to))).body.error.id).toBe('session_refresh_required')
    const flow = await browser.begin('settings')
    const again = await browser.submit('settings', flow, { link: 'acme' })
    expect([again.status, again.body.error.id]).toEqual([403, 'session_refresh_required'])
  })

  it('are linked for nobody but the one who left, and signed in', async () => {
    await server.person(ANN)
    await server.person('bob@example.org')
    await tell({ sub: 'ann-1', claims: {} })
    for (const [email, check] of [
      ['bob@example.org', { status: 400 }],
      [undefined, { status: 401, body: { error: { id: 'session_inactive' } } }],
    ] as const) {
      const browser = await server.signedIn(ANN)
      const back = await comeBack(browser, await leave(browser, 'settings'))
      browser.jar.delete('ory_kratos_session')
      if (email) await browser.signIn(email)
      expect(await browser.get(back)).toMatchObject(check)
    }
    expect([...server.world.identities.values()].map(({ credentials }) => credentials.oidc)).toEqual([
      undefined,
      undefined,
    ])
  })
})
