import { beforeEach, describe, expect, it } from 'vitest'
import { fieldOf, flowIn, namesOf, nodeOf, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'
import { CALLBACK, comeBack, leave, tell, through, whoami } from './social.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000
const WELCOME = `${URL_OF_SERVER}/ui/welcome`

let server: Server
beforeEach(() => {
  server = new Server()
})

describe('who comes back from a provider', () => {
  it('is signed up when nobody knows them, whichever flow they began', async () => {
    for (const kind of ['registration', 'login'] as const) {
      server = new Server()
      await tell(server, { sub: 'ann-1', claims: { email: ANN, name: 'a text, and no object', admin: true } })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    expect((await through(browser, 'registration')).location).toBe(WELCOME)
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
    expect(server.world.identities.size).toBe(1)
  })

  it('is asked for the traits that the provider left out, and goes there once more', async () => {
    await tell(server, { sub: 'ann-1', claims: {} })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
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
      await tell(server, answer)
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
    await tell(server, { error: 'access_denied' })
    const browser = server.browser()
    const { status, body } = await browser.get(await comeBack(browser, await leave(browser, 'login')))
    expect([status, saidBy(body)]).toEqual([400, { '': [4000001] }])
  })

  it('is not let in while the account is deactivated', async () => {
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    await through(server.browser(), 'registration')
    const [identity] = [...server.world.identities.values()]
    if (identity) server.world.identities.save({ ...identity, state: 'inactive' })
    const browser = server.browser()
    expect((await through(browser, 'login')).location).toContain('/ui/error?id=')
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('is too late when the flow has expired meanwhile, or half an hour is over', async () => {
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    const back = await comeBack(browser, await leave(browser, 'login'))
    server.world.clock.advance(30 * MINUTE)
    const { location } = await browser.get(back, { html: true })
    expect(saidBy(await browser.fetch('login', flowIn(location)))).toEqual({ '': [4010001] })
    server = new Server({ selfservice: { flows: { login: { lifespan: '2h' } } } })
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const other = server.browser()
    const late = await comeBack(other, await leave(other, 'login'))
    server.world.clock.advance(31 * MINUTE)
    expect((await other.get(late)).body.error.reason).toBe(
      'You must restart the flow because the resumable session has expired.',
    )
  })

  it('always gets a new session, also when one is refreshed', async () => {
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const browser = server.browser()
    await through(browser, 'registration')
    const { id } = await whoami(browser)
    expect((await through(browser, 'login', '?refresh=true')).location).toBe(WELCOME)
    expect((await whoami(browser)).id).not.toBe(id)
  })
})
