import { describe, expect, it } from 'vitest'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import type { LinkToken } from '../../src/state/records.ts'
import { type Answer, type Browser, flowIn, type Server, saidBy } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { annIn } from './factors.ts'
import { ANN, errorOf, type OpenFlow, openFlow, submitted, submittedAsForm } from './flows.ts'

/* ecosystem §4.5, first part: recovery and verification by mailed links. */

type LinkKind = 'recovery' | 'verification'

/** Asks for a link to Ann; answers it. */
async function linkFor(server: Server, kind: LinkKind, type: 'browser' | 'api' = 'browser'): Promise<string> {
  expect((await submitted(await openFlow(server, kind, type))).status).toBe(200)
  return server.lastLink(ANN)
}

type Open = (browser: Browser, link: string) => Promise<Answer>

/** The ways to open a link. */
const WAYS: Readonly<Record<string, Open>> = {
  'in a browser': (browser, link) => browser.get(link, { html: true }),
  'by a JSON client': (browser, link) => browser.get(link),
  'by POST': (browser, link) => browser.post(link, { json: {} }),
}

const tokenOf = (server: Server): LinkToken | undefined => [...server.world.linkTokens.values()].at(-1)

const subjectsTo = async (server: Server, email: string) => (await server.mails(email)).map(({ subject }) => subject)

/** Name, whose link it is, what the new flow says, whether the link is used up. */
const BROKEN: readonly (readonly [SwitchName, LinkKind, number, boolean])[] = [
  ['recovery-link-used', 'recovery', 4060004, true],
  ['recovery-link-invalid', 'recovery', 4060004, false],
  ['recovery-link-expired', 'recovery', 4060005, true],
  ['verification-link-used', 'verification', 4070001, true],
  ['verification-link-invalid', 'verification', 4070001, false],
  ['verification-link-expired', 'verification', 4070005, true],
]

/** Name, and whose link it is; all of them make any link good. */
const GOOD = [
  ['recovery-ok-needs-new-password', 'recovery', '/ui/settings'],
  ['verification-other-device', 'verification', '/ui/verification'],
] as const

inBothDialects((open, dialect) => {
  async function withAnn(): Promise<Server> {
    const server = open()
    await server.person(ANN)
    return server
  }

  describe.each(BROKEN)('%s', (name, kind, message, isUsedUp) => {
    it.each(Object.entries(WAYS))('opened %s, it leads to a new flow that says so', async (_, way) => {
      const server = await withAnn()
      await throwSwitch(server, name, { times: 1 })
      // asking for the link is not met
      const link = await linkFor(server, kind)
      const browser = server.browser()
      const answer = await way(browser, link)
      expect(answer.status).toBe(303)
      expectSwitched(answer, name)
      expect(answer.location).toContain(`/ui/${kind}?flow=`)
      expect(flowIn(answer.location)).not.toBe(flowIn(link))
      expect(saidBy(await browser.fetch(kind, flowIn(answer.location)))).toEqual({ '': [message] })
      expect((await browser.get('/sessions/whoami')).status).toBe(401)
      expect(annIn(server).verifiable_addresses[0]?.verified).toBe(false)
      expect(tokenOf(server)?.used).toBe(isUsedUp)
    })

    it('an invented link does just as well, and a client may send its token in the body', async () => {
      const server = await withAnn()
      const { flow } = await openFlow(server, kind, 'api')
      await throwSwitch(server, name)
      const path = `/self-service/${kind}?flow=${flow.id}`
      const opened: readonly ((browser: Browser) => Promise<Answer>)[] = [
        (browser) => browser.get(`${path}&token=invented`),
        (browser) => browser.post(path, { json: { token: 'also-invented' } }),
      ]
      for (const way of opened) {
        const browser = server.browser()
        const answer = await way(browser)
        expect(answer.status).toBe(303)
        expect(saidBy(await browser.fetch(kind, flowIn(answer.location)))).toEqual({ '': [message] })
      }
    })
  })

  it.each(BROKEN)('%s: so is every link that is mailed to its address', async (name, kind, message) => {
    const server = open()
    const { client, flow } = await openFlow(server, kind)
    const email = `${name}@mock.test`
    const asked = await client.submit(kind, flow, { method: 'link', email })
    expect([asked.status, asked.headers['x-mock-switch']]).toEqual([200, undefined])
    const browser = server.browser()
    const answer = await browser.get(await server.lastLink(email), { html: true })
    expectSwitched(answer, name)
    expect(saidBy(await browser.fetch(kind, flowIn(answer.location)))).toEqual({ '': [message] })
  })

  it('recovery-link-invalid: the link itself stays good', async () => {
    const server = await withAnn()
    await throwSwitch(server, 'recovery-link-invalid', { times: 1 })
    const link = await linkFor(server, 'recovery')
    await server.browser().get(link, { html: true })
    expect((await server.browser().get(link, { html: true })).location).toContain('/ui/settings')
  })

  it('recovery-flow-of-link-gone: 404, and the error page for browsers', async () => {
    const server = await withAnn()
    await throwSwitch(server, 'recovery-flow-of-link-gone')
    const link = await linkFor(server, 'recovery')
    const answer = await server.browser().get(link)
    expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
    expect(answer.body.error.reason).toBe('The recovery request could not be found. Please restart the flow.')
    expectSwitched(answer, 'recovery-flow-of-link-gone')
    const page = await server.browser().get(link, { html: true })
    expect([page.status, page.location]).toEqual([303, expect.stringContaining('/ui/error?id=')])
  })

  describe.each(GOOD)('%s', (name, kind, target) => {
    /** What may have happened to a link. */
    const FATES: Readonly<Record<string, (server: Server, link: string) => Promise<string>>> = {
      fresh: async (_, link) => link,
      used: async (server, link) => {
        await server.browser().get(link)
        return link
      },
      expired: async (server, link) => {
        server.world.clock.advance(2 * 3_600_000)
        return link
      },
      invented: async (_, link) => link.replace(/token=.*/, 'token=invented'),
    }

    it.each(Object.keys(FATES))('a link that is %s is good', async (fate) => {
      const server = await withAnn()
      const link = await FATES[fate]?.(server, await linkFor(server, kind))
      await throwSwitch(server, name)
      const answer = await server.browser().get(String(link), { html: true })
      expect(answer.status).toBe(303)
      expect(answer.location).toContain(target)
      expectSwitched(answer, name)
      expect(annIn(server).verifiable_addresses[0]).toMatchObject({ verified: true, status: 'completed' })
    })
  })

  it('recovery-ok-needs-new-password: a session by link_recovery, and settings that ask for a password', async () => {
    const server = await withAnn()
    await throwSwitch(server, 'recovery-ok-needs-new-password')
    const browser = server.browser()
    const { location } = await browser.get(await linkFor(server, 'recovery'), { html: true })
    expect(saidBy(await browser.fetch('settings', flowIn(location)))).toEqual({ '': [1060001] })
    const { body } = await browser.get('/sessions/whoami')
    expect(body.authentication_methods.map(({ method }: { readonly method: string }) => method)).toEqual([
      'link_recovery',
    ])
  })

  it('verification-other-device: neither session nor cookies are sent, and none is needed', async () => {
    const server = await withAnn()
    const browser = await server.signedIn(ANN)
    await throwSwitch(server, 'verification-other-device')
    const answer = await browser.get(await linkFor(server, 'verification'), { html: true })
    expect([answer.status, saidBy(await browser.fetch('verification', flowIn(answer.location)))]).toEqual([
      303,
      { '': [1080002] },
    ])
    expect(answer.setCookies.map((cookie) => cookie.split('=')[0])).toEqual([expect.stringMatching(/^csrf_token_/)])
  })

  describe('asking for a link', () => {
    /** A form is answered by its page, which then says the same. */
    async function asForm(flow: OpenFlow): Promise<readonly [number, Readonly<Record<string, readonly number[]>>]> {
      const { status, location } = await submittedAsForm(flow)
      return [status, saidBy(await flow.client.fetch(flow.kind, flowIn(location)))]
    }

    it.each([
      ['recovery-unknown-address', 'recovery', 1060002, 'Account access attempted'],
      ['verification-unknown-address', 'verification', 1080001, 'Someone tried to verify this email address'],
    ] as const)('%s: looks as if it were known, but for the mail', async (name, kind, message, subject) => {
      const server = await withAnn()
      await throwSwitch(server, name)
      const answer = await submitted(await openFlow(server, kind))
      expect([answer.status, answer.body.state, saidIn(answer)]).toEqual([200, 'sent_email', { '': [message] }])
      expectSwitched(answer, name)
      expect(await subjectsTo(server, ANN)).toEqual([subject])
      await expect(server.lastLink(ANN)).rejects.toThrow('no mail with a link')
      expect(await asForm(await openFlow(server, kind))).toEqual([303, { '': [message] }])
      // until her profile is saved again
      await clearSwitches(server)
      expect((await submitted(await openFlow(server, 'settings'))).status).toBe(200)
      expect(await linkFor(server, kind)).toContain('token=')
    })

    it('recovery-unknown-address: a project may mail nothing at all', async () => {
      const server = await withAnn()
      await throwSwitch(server, 'recovery-unknown-address', { parameters: { mail: false } })
      expect(saidIn(await submitted(await openFlow(server, 'recovery', 'api')))).toEqual({ '': [1060002] })
      expect(await subjectsTo(server, ANN)).toEqual([])
    })

    it('recovery-unknown-address: its address is unknown', async () => {
      const server = open()
      const { client, flow } = await openFlow(server, 'recovery')
      const email = 'recovery-unknown-address@mock.test'
      const answer = await client.submit('recovery', flow, { method: 'link', email })
      expectSwitched(answer, 'recovery-unknown-address')
      expect(await subjectsTo(server, email)).toEqual(['Account access attempted'])
    })

    it.each(['browser', 'api'] as const)('recovery-email-missing: %s', async (type) => {
      const server = await withAnn()
      await throwSwitch(server, 'recovery-email-missing')
      const answer = await submitted(await openFlow(server, 'recovery', type))
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { email: [4000002] } })
      expectSwitched(answer, 'recovery-email-missing')
      expect(await subjectsTo(server, ANN)).toEqual([])
    })

    it('recovery-email-missing: a form shows it at its page', async () => {
      const server = await withAnn()
      await throwSwitch(server, 'recovery-email-missing')
      expect(await asForm(await openFlow(server, 'recovery'))).toEqual([303, { email: [4000002] }])
    })

    it('recovery-while-logged-in: an error for JSON clients, a browser is sent on', async () => {
      const server = await withAnn()
      await throwSwitch(server, 'recovery-while-logged-in')
      for (const type of ['browser', 'api'] as const) {
        const answer = await submitted(await openFlow(server, 'recovery', type))
        expect(errorOf(answer)).toEqual({ status: 400, id: 'session_already_available' })
        expectSwitched(answer, 'recovery-while-logged-in')
      }
      const { status, location } = await submittedAsForm(await openFlow(server, 'recovery'))
      expect([status, location]).toEqual([dialect === 'wire' ? 302 : 303, 'http://localhost:4000/ui/welcome'])
      expect(await subjectsTo(server, ANN)).toEqual([])
    })

    it('verification-already-done: a new flow says so, and the address is verified', async () => {
      const server = await withAnn()
      const flow = await openFlow(server, 'verification')
      await submitted(flow)
      const link = await server.lastLink(ANN)
      await throwSwitch(server, 'verification-already-done', { times: 1 })
      const answer = await submitted(flow)
      expect(answer.status).toBe(303)
      expectSwitched(answer, 'verification-already-done')
      expect(saidBy(await flow.client.fetch('verification', flowIn(answer.location)))).toEqual({ '': [4070002] })
      expect(annIn(server).verifiable_addresses[0]).toMatchObject({ verified: true, status: 'completed' })
      const { location } = await flow.client.get(link)
      expect(saidBy(await flow.client.fetch('verification', flowIn(location)))).toEqual({ '': [4070001] })
    })
  })
})
