import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { social } from '../../src/simulation/switches/sections/social.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { CALLBACK, comeBack, leave, tell, through, whoami } from '../flows/social.ts'
import { type Browser, type FlowName, flowIn, nodeOf, type Server, saidBy, textsOf } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { ANN, BOB, errorOf, sentBackBy } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.6, second part: what the callback of a social provider tells. The submits stand in social-submit.test.ts. */

it('the section holds the names of §4.6', () => {
  expect(Object.keys(social)).toEqual(NAMES['4.6 Social sign-in'])
})

type Kind = 'login' | 'registration' | 'settings'

const SIGN_INS = ['login', 'registration'] as const
const KINDS = [...SIGN_INS, 'settings'] as const

/** Name of the switch, the flows that it meets, what is said at which node of the flow, and in which words. */
const IN_FLOW: readonly (readonly [SwitchName, readonly Kind[], JsonObject, RegExp])[] = [
  ['oidc-provider-denied', KINDS, { '': [4000001] }, /error "access_denied": The resource owner denied the request/],
  ['oidc-code-missing', KINDS, { '': [4000001] }, /did not return the code query parameter/],
  ['oidc-id-token-missing', KINDS, { '': [4000001] }, /no id_token was returned/],
  ['oidc-scope-missing', KINDS, { '': [4000001] }, /one or more permissions were not granted/],
  ['oidc-traits-missing', SIGN_INS, { 'traits.email': [4000002] }, /^$/],
  ['oidc-account-exists', SIGN_INS, { '': [4000007] }, /An account with the same identifier/],
  ['oidc-sign-up-disabled', ['login'], { '': [4000001] }, /Registration is not allowed because it was disabled/],
]

const ON_ERROR_PAGE: readonly (readonly [SwitchName, RegExp])[] = [
  ['oidc-state-missing', /did not return the state query parameter/],
  ['oidc-state-mismatch', /does not match the state parameter from the session cookie/],
  ['oidc-no-resumable-session', /does not contain the necessary cookie to resume the session/],
]

const FAILED: readonly (readonly [SwitchName, RegExp])[] = [
  [
    'oidc-provider-unreachable',
    /^Post "https:\/\/acme\.example\/token": dial tcp: lookup acme\.example: no such host$/,
  ],
  ['oidc-token-exchange-fails', /^oauth2: cannot fetch token: 400 Bad Request/],
]

const flat = <Rest extends readonly unknown[]>(rows: readonly (readonly [SwitchName, readonly Kind[], ...Rest])[]) =>
  rows.flatMap(([name, kinds, ...rest]) => kinds.map((kind) => [name, kind, ...rest] as const))

const EACH = flat(IN_FLOW)

inBothDialects((open, dialect) => {
  /** Somebody is back from the provider; the callback comes next. Who changes settings is Bob, others are new. */
  async function back(name: SwitchName, kind: Kind) {
    const server = open()
    await server.person(BOB)
    await tell(server, { sub: 'ann-1', claims: { email: ANN } })
    const browser = kind === 'settings' ? await server.signedIn(BOB) : server.browser()
    const address = await comeBack(browser, await leave(browser, kind))
    await throwSwitch(server, name)
    return { server, browser, address }
  }

  /** The flow that a page shows which a browser is sent to. */
  const shown = (browser: Browser, location: string | undefined) => {
    const kind = /\/ui\/(\w+)\?/.exec(String(location))?.[1] as FlowName
    return browser.fetch(kind, flowIn(location))
  }

  describe('what is said in the flow', () => {
    it.each(EACH)('%s: a JSON client that comes back to a %s gets 400', async (name, kind, said, text) => {
      const { server, browser, address } = await back(name, kind)
      const answer = await browser.get(address)
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said })
      expect(textsOf(answer.body).join()).toMatch(text)
      expectSwitched(answer, name)
      expect(server.world.identities.find('identifier', 'oidc:acme:ann-1')).toBeUndefined()
    })

    it.each(EACH)('%s: a browser that comes back to a %s is sent to its page', async (name, kind, said, text) => {
      const { browser, address } = await back(name, kind)
      const { status, location } = await browser.get(address, { html: true })
      expect(status).toBe(sentBackBy(dialect, location))
      const flow = await shown(browser, location)
      expect(saidBy(flow)).toEqual(said)
      expect(textsOf(flow).join()).toMatch(text)
      expect((await browser.get('/sessions/whoami')).status).toBe(kind === 'settings' ? 200 : 401)
    })
  })

  describe('what is said before the flow is known', () => {
    it.each(ON_ERROR_PAGE)('%s: 400 for a JSON client, the error page for a browser', async (name, reason) => {
      for (const kind of KINDS) {
        const { browser, address } = await back(name, kind)
        const answer = await browser.get(address)
        expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
        expect(answer.body.error.reason).toMatch(reason)
        expectSwitched(answer, name)
        if (name === 'oidc-no-resumable-session') expect(answer.body.error.message).toBe('no resumable session found')
      }
      const { browser, address } = await back(name, 'login')
      const { status, location } = await browser.get(address, { html: true })
      expect({ status, location }).toEqual({ status: 303, location: expect.stringContaining('/ui/error?id=') })
      const id = new URL(String(location)).searchParams.get('id')
      expect((await browser.get(`/self-service/errors?id=${id}`)).body.error.reason).toMatch(reason)
    })
  })

  describe('no tokens', () => {
    it.each(FAILED)('%s: 500, in settings 400 with the same body; the error page for a browser', async (name, text) => {
      for (const kind of KINDS) {
        const { browser, address } = await back(name, kind)
        const answer = await browser.get(address)
        expect(errorOf(answer)).toEqual({ status: kind === 'settings' ? 400 : 500, id: undefined })
        expect(answer.body.error.code).toBe(500)
        expect(answer.body.error.message).toMatch(text)
        expectSwitched(answer, name)
        const html = await back(name, kind)
        const { location } = await html.browser.get(html.address, { html: true })
        expect(location).toContain('/ui/error?id=')
      }
    })
  })

  it('oidc-traits-missing: the gap is filled, and the sign-up goes on although the switch is still thrown', async () => {
    const { server, browser, address } = await back('oidc-traits-missing', 'registration')
    const form = (await browser.get(address)).body
    const groups = form.ui.nodes.map(({ group }: { readonly group: string }) => group)
    expect(new Set(groups)).toEqual(new Set(['default', 'oidc']))
    expect(nodeOf(form, 'provider')?.meta.label?.id).toBe(1040003)
    expect(nodeOf(form, 'traits.email')?.group).toBe('oidc')
    const { body } = await browser.submit('registration', form, { provider: 'acme', traits: { email: ANN } })
    const done = await browser.get(await comeBack(browser, body.redirect_browser_to), { html: true })
    expect(done.location).toContain('/ui/welcome')
    expect((await whoami(browser)).identity.traits.email).toBe(ANN)
    expect(server.world.identities.size).toBe(2)
  })

  it('oidc-account-exists: somebody has signed up with a password, and what was typed before counts', async () => {
    const server = open()
    await tell(server, { sub: 'ann-1', claims: {} })
    await throwSwitch(server, 'oidc-account-exists')
    const browser = server.browser()
    await through(browser, 'registration', '', { traits: { email: 'typed@example.org' } })
    expect(server.world.identities.find('identifier', 'password:typed@example.org')).toBeDefined()
    await through(server.browser(), 'registration')
    expect(server.world.identities.find('identifier', 'password:taken@example.org')).toBeDefined()
    expect(server.world.identities.size).toBe(2)
  })

  describe('whom the project knows', () => {
    async function known(): Promise<Server> {
      const server = open()
      await tell(server, { sub: 'ann-1', claims: { email: ANN } })
      await through(server.browser(), 'registration')
      return server
    }

    it('oidc-sign-in-becomes-sign-up: is a newcomer with another address, and signed in', async () => {
      const server = await known()
      await throwSwitch(server, 'oidc-sign-in-becomes-sign-up')
      const browser = server.browser()
      const answer = await through(browser, 'login')
      expect(answer.status).toBe(303)
      expect(answer.location).toContain('/ui/welcome')
      expectSwitched(answer, 'oidc-sign-in-becomes-sign-up')
      expect(server.world.identities.size).toBe(2)
      expect((await whoami(browser)).identity.traits.email).toMatch(/^newcomer-.*@example\.org$/)
      // without it, the same sign-in is one
      await clearSwitches(server)
      const other = server.browser()
      await through(other, 'login')
      expect((await whoami(other)).identity.traits.email).toBe(ANN)
    })

    it('oidc-sign-in-becomes-sign-up: a sign-up is one anyhow, and not counted', async () => {
      const server = await known()
      await throwSwitch(server, 'oidc-sign-in-becomes-sign-up', { times: 1 })
      await through(server.browser(), 'registration')
      expect(server.world.identities.size).toBe(1)
      await through(server.browser(), 'login')
      expect(server.world.identities.size).toBe(2)
    })

    it('oidc-sign-up-disabled: is told so; others still sign up', async () => {
      const server = await known()
      await throwSwitch(server, 'oidc-sign-up-disabled', { times: 1 })
      const browser = server.browser()
      const flow = await shown(browser, (await through(browser, 'login')).location)
      expect(textsOf(flow)).toEqual(['Registration is not allowed because it was disabled.'])
      await tell(server, { sub: 'bob-1', claims: { email: BOB } })
      expect((await through(server.browser(), 'login')).location).toContain('/ui/welcome')
    })
  })

  it('an address that nobody waits for is answered as without a switch', async () => {
    for (const name of ['oidc-account-exists', 'oidc-traits-missing', 'oidc-sign-up-disabled'] as const) {
      const server = open()
      await throwSwitch(server, name)
      const answer = await server.browser().get(`${CALLBACK}?state=nobody&code=none`)
      expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
      expect(answer.headers['x-mock-switch']).toBeUndefined()
      expect(server.world.identities.size).toBe(0)
    }
  })
})
