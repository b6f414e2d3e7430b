import { beforeEach, describe, expect, it } from 'vitest'
import { Server, saidBy, URL_OF_SERVER } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

describe('after a change', () => {
  it('the flow says so, and its form leads to a second flow that says nothing', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    const flow = await app.settings()
    const { status, body } = await app.submit('settings', flow, { method: 'password', password: 'new-castle-4712' })
    expect([status, body.id, body.state, saidBy(body)]).toEqual([200, flow.id, 'success', { '': [1050001] }])
    const nextId = new URL(body.ui.action).searchParams.get('flow') ?? ''
    expect(nextId).not.toBe(flow.id)
    const next = await app.fetch('settings', nextId)
    expect([next.state, saidBy(next)]).toEqual(['show_form', {}])
    expect(next.request_url).toBe(`${URL_OF_SERVER}/self-service/settings?flow=${flow.id}`)
  })

  it('a later refusal leaves the state as it is', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    const flow = await app.settings()
    await app.submit('settings', flow, { method: 'password', password: 'new-castle-4712' })
    const { status, body } = await app.submit('settings', flow, { method: 'password', password: 'short' })
    expect([status, body.state, saidBy(body)]).toEqual([400, 'success', { password: [4000005] }])
  })

  it('a browser goes where it came from, else where the method or the flow is configured to lead, else to the page', async () => {
    const after = {
      default_browser_return_url: 'http://localhost:3000/saved',
      password: { default_browser_return_url: 'http://localhost:3000/password-saved' },
    }
    const expected = [
      [{}, '?return_to=http://localhost:3000/back', 'password', 'http://localhost:3000/back'],
      [{ selfservice: { flows: { settings: { after } } } }, '', 'password', 'http://localhost:3000/password-saved'],
      [{ selfservice: { flows: { settings: { after } } } }, '', 'profile', 'http://localhost:3000/saved'],
      [{}, '', 'password', `${URL_OF_SERVER}/ui/settings?flow=FLOW`],
    ] as const
    for (const [config, query, method, target] of expected) {
      server = new Server(config)
      await server.person('ann@example.org')
      const browser = await server.signedIn('ann@example.org')
      const flow = await browser.settings(query)
      const values = { method, password: 'new-castle-4712', 'traits.email': 'ann@example.org' }
      const { status, location } = await browser.submitForm('settings', flow, values)
      expect([status, location]).toEqual([303, target.replace('FLOW', flow.id)])
    }
  })

  it('addresses that wait for their first mail get one, whatever was changed', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    const { body } = await app.submit('settings', await app.settings(), {
      method: 'password',
      password: 'new-castle-4712',
    })
    expect(body.identity.verifiable_addresses).toMatchObject([{ status: 'sent', verified: false }])
    expect([...server.world.mails.values()].map((mail) => [mail.to, mail.template_type])).toEqual([
      ['ann@example.org', 'verification_valid'],
    ])
  })
})
