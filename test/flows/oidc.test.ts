import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, namesOf, Server, textsOf, URL_OF_SERVER } from '../support/people.ts'
import { CALLBACK, comeBack, leave, provider, tell, whoami, withOidc } from './social.ts'

const ANN = 'ann@example.org'
const WELCOME = `${URL_OF_SERVER}/ui/welcome`

let server: Server
beforeEach(() => {
  server = new Server()
})

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

describe('the callback', () => {
  it('wants the state, the cookie of the browser that left, and that very state', async () => {
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'registration'))
    await browser.get(back, { html: true })
    expect((await browser.get(back)).body.error.message).toBe('no resumable session found')
  })

  it('takes no code that the provider did not give for it', async () => {
    server = new Server(withOidc({ config: { providers: [provider('acme'), provider('other')] } }))
    await tell(server, { sub: 'ann-1', claims: { email: ANN } }, 'acme')
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
    await tell(server, { sub: 'bob-1', claims: { email: 'bob@example.org' } })
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
