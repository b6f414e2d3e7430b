import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { fieldOf, flowIn, type Server, saidBy, textsOf } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf, openFlow, submitted, submittedAsForm } from './flows.ts'

/* ecosystem §4.6, first part: submits that choose a social provider, or leave one. */

const KINDS = ['login', 'registration', 'settings'] as const

inBothDialects((open) => {
  async function opened(): Promise<Server> {
    const server = open()
    await server.person(ANN)
    return server
  }

  const linksOf = (server: Server): readonly string[] =>
    server.world.identities.find('identifier', `password:${ANN}`)?.credentials.oidc?.identifiers ?? []

  const AT_PROVIDER = /^http:\/\/localhost:4000\/__mock\/oidc\/acme\/authorize\?client_id=demo&redirect_uri=/

  describe('oidc-redirect', () => {
    it.each(KINDS)('the JSON client of a %s is told where to go', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind)
      await throwSwitch(server, 'oidc-redirect')
      const answer = await submitted(flow)
      expect(errorOf(answer)).toEqual({ status: 422, id: 'browser_location_change_required' })
      expect(answer.body.redirect_browser_to).toMatch(AT_PROVIDER)
      expectSwitched(answer, 'oidc-redirect')
      // the page there waits for a choice
      expect((await flow.client.get(answer.body.redirect_browser_to, { html: true })).status).toBe(200)
    })

    it.each(KINDS)('the form of a %s is redirected', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind)
      await throwSwitch(server, 'oidc-redirect')
      const { status, location } = await submittedAsForm(flow)
      expect({ status, location }).toEqual({ status: 303, location: expect.stringMatching(AT_PROVIDER) })
    })

    it.each(KINDS)('a native app is not met in a %s, and not counted', async (kind) => {
      const server = await opened()
      const [app, browser] = [await openFlow(server, kind, 'api'), await openFlow(server, kind)]
      await throwSwitch(server, 'oidc-redirect', { times: 1 })
      expect((await submitted(app)).status).toBe(200)
      expect((await submitted(browser)).status).toBe(422)
    })
  })

  describe('oidc-on-api-flow', () => {
    it.each(KINDS)('a native app is told in a %s that it cannot', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind, 'api')
      await throwSwitch(server, 'oidc-on-api-flow')
      const answer = await submitted(flow)
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [4000001] } })
      expect(textsOf(answer.body)[0]).toMatch(/only supported for flows initiated using the Browser endpoint/)
      expectSwitched(answer, 'oidc-on-api-flow')
    })

    it.each(KINDS)('a browser is not met in a %s', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind)
      await throwSwitch(server, 'oidc-on-api-flow')
      expect((await submitted(flow)).status).toBe(200)
    })
  })

  describe('oidc-unknown-provider', () => {
    const UNKNOWN = 'OpenID Connect Provider "acme" is unknown or has not been configured'

    it.each(KINDS.flatMap((kind) => (['browser', 'api'] as const).map((type) => [kind, type] as const)))(
      'a %s of a client of the kind %s: 404',
      async (kind, type) => {
        const server = await opened()
        const flow = await openFlow(server, kind, type)
        await throwSwitch(server, 'oidc-unknown-provider')
        const answer = await submitted(flow)
        expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
        expect(answer.body.error.reason).toBe(UNKNOWN)
        expectSwitched(answer, 'oidc-unknown-provider')
      },
    )

    it.each(KINDS)('the form of a %s is sent to the error page', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind)
      await throwSwitch(server, 'oidc-unknown-provider')
      const { location } = await submittedAsForm(flow)
      expect(location).toContain('/ui/error?id=')
      const id = new URL(String(location)).searchParams.get('id')
      expect((await flow.client.get(`/self-service/errors?id=${id}`)).body.error.reason).toBe(UNKNOWN)
    })

    it('settings: the link stays, and works again when the switch is cleared', async () => {
      const server = await opened()
      const { client, flow } = await openFlow(server, 'settings')
      await throwSwitch(server, 'oidc-unknown-provider')
      await client.submit('settings', flow, { link: 'acme' })
      await clearSwitches(server)
      expect(linksOf(server)).toHaveLength(1)
      expect(fieldOf(await client.begin('settings'), 'unlink')).toBe('acme')
    })

    it('the provider is the one that was chosen', async () => {
      const server = await opened()
      const { client, flow } = await openFlow(server, 'login')
      await throwSwitch(server, 'oidc-unknown-provider')
      const { body } = await client.submit('login', flow, { provider: 'other' })
      expect(body.error.reason).toContain('"other"')
    })
  })

  describe('links', () => {
    const LINK = /^can not link unknown or already existing OpenID Connect connection$/
    const UNLINK = /^can not unlink non-existing OpenID Connect connection$/

    /** Name of the switch, what is submitted, what is said; and how many links Ann has then. */
    const ROWS: readonly (readonly [SwitchName, JsonObject, RegExp, number])[] = [
      ['oidc-link-twice', { link: 'acme' }, LINK, 1],
      ['oidc-link-twice', { method: 'profile', 'traits.email': ANN }, LINK, 1],
      ['oidc-unlink-unknown', { unlink: 'acme' }, UNLINK, 0],
      ['oidc-unlink-unknown', { method: 'profile', 'traits.email': ANN }, UNLINK, 0],
      ['oidc-unlink-last', { unlink: 'acme' }, UNLINK, 1],
      ['oidc-unlink-last', { method: 'profile', 'traits.email': ANN }, UNLINK, 1],
    ]

    it.each(ROWS)('%s: %j is refused in the flow', async (name, values, text, links) => {
      const server = await opened()
      const { client, flow } = await openFlow(server, 'settings')
      await throwSwitch(server, name)
      const answer = await client.submit('settings', flow, values)
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [4000001] } })
      expect(textsOf(answer.body)[0]).toMatch(text)
      expectSwitched(answer, name)
      expect(linksOf(server)).toHaveLength(links)
    })

    it.each(ROWS)('%s: a form of %j is shown again', async (name, values, text) => {
      const server = await opened()
      const { client, flow } = await openFlow(server, 'settings')
      await throwSwitch(server, name)
      const { status, location } = await client.submitForm('settings', flow, values as Record<string, string>)
      expect(status).toBe(303)
      const shown = await client.fetch('settings', flowIn(location))
      expect(saidBy(shown)['']).toEqual([4000001])
      expect(textsOf(shown)[0]).toMatch(text)
    })

    it('oidc-unlink-last: the password is gone, and no button unlinks the provider', async () => {
      const server = await opened()
      const { client, flow } = await openFlow(server, 'settings')
      await throwSwitch(server, 'oidc-unlink-last', { times: 1 })
      await client.submit('settings', flow, { unlink: 'acme' })
      expect(fieldOf(await client.begin('settings'), 'unlink')).toBeUndefined()
      expect((await server.browser().signIn(ANN)).status).toBe(400)
    })
  })

  it('a project without providers is left to answer', async () => {
    const server = open({ selfservice: { methods: { oidc: { config: { providers: [] } } } } })
    await server.person(ANN)
    const flow = await openFlow(server, 'login')
    await throwSwitch(server, 'oidc-redirect')
    expect((await submitted(flow)).status).toBe(200)
  })
})
