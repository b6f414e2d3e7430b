import { beforeEach, describe, expect, it } from 'vitest'
import { nodeOf, Server, saidBy } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

const PASSWORD_NEW = 'new-castle-4712'

describe('a password', () => {
  it('is replaced: the old one is of no use then', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    await app.submit('settings', await app.settings(), { method: 'password', password: 'new-castle-4712' })
    expect((await server.browser().signIn('ann@example.org')).status).toBe(400)
    expect((await server.browser().signIn('ann@example.org', 'new-castle-4712')).status).toBe(200)
  })

  it('must be there and follow the policy', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    const flow = await app.settings()
    for (const [password, id] of [
      ['', 4000002],
      ['a1B', 4000005],
      ['ann@example.org', 4000005],
      ['x'.repeat(73), 4000005],
    ] as const) {
      const { status, body } = await app.submit('settings', flow, { method: 'password', password })
      expect([status, saidBy(body)]).toEqual([400, { password: [id] }])
      expect(nodeOf(body, 'password')?.attributes).not.toHaveProperty('value')
    }
  })

  it('can be set by somebody who has none', async () => {
    await server.person('ann@example.org', { credentials: {} })
    const link = await server.browser().post('/admin/recovery/link', {
      json: { identity_id: server.world.identities.values().next().value?.id },
    })
    const browser = server.browser()
    await browser.get(link.body.recovery_link, { html: true })
    const flow = await browser.settings()
    expect((await browser.submit('settings', flow, { method: 'password', password: PASSWORD_NEW })).status).toBe(200)
    expect((await server.browser().signIn('ann@example.org', PASSWORD_NEW)).status).toBe(200)
  })
})
