import { beforeEach, describe, expect, it } from 'vitest'
import { fieldOf, flowIn, namesOf, nodeOf, PASSWORD, Server, saidBy, textsOf } from '../support/people.ts'
import { comeBack, leave, tell, through, whoami } from './social.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000

let server: Server
beforeEach(() => {
  server = new Server()
})

describe('providers in settings', () => {
  it('are linked and unlinked', async () => {
    await server.person(ANN)
    await tell(server, { sub: 'ann-1', claims: { email: 'ann@work.example' } })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
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
    await tell(server, { sub: 'ann-1', claims: {} })
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
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    await through(server.browser(), 'registration')
    await server.person('bob@example.org')
    const bob = await server.signedIn('bob@example.org')
    const { location } = await through(bob, 'settings')
    expect(saidBy(await bob.fetch('settings', flowIn(location)))).toEqual({ '': [4000007] })
  })

  it('need a recent sign-in, before the provider and after it', async () => {
    await server.person(ANN)
    await tell(server, { sub: 'ann-1', claims: {} })
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
    await tell(server, { sub: 'ann-1', claims: {} })
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
