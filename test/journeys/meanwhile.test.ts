import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Answer, type Browser, type FlowBody, Server } from '../support/people.ts'
import { SecurityKey } from '../support/security-key.ts'

/*
 * Two requests interleaved: while a slow hash or a security key is being checked, another request ends what the first one
 * relies on. A gate holds the first one exactly there.
 */

const gate = vi.hoisted(() => {
  let reached: (() => void) | undefined
  let opened: Promise<void> = Promise.resolve()
  return {
    /** What waits from now on goes on only when `act` is done, which begins as soon as somebody waits. */
    during: async <T>(request: () => Promise<T>, act: () => unknown): Promise<T> => {
      const { promise: arrival, resolve: arrive } = withResolvers()
      const { promise: opening, resolve: open } = withResolvers()
      reached = arrive
      opened = opening
      const pending = request()
      await arrival
      try {
        await act()
      } finally {
        reached = undefined
        open()
      }
      return pending
    },
    pass: async (): Promise<void> => {
      reached?.()
      await opened
    },
  }

  function withResolvers(): { promise: Promise<void>; resolve: () => void } {
    let resolve = () => {}
    const promise = new Promise<void>((done) => {
      resolve = done
    })
    return { promise, resolve }
  }
})

vi.mock('../../src/identities/imported-hashes.ts', async (original) => {
  const real = await original<typeof import('../../src/identities/imported-hashes.ts')>()
  const matches: typeof real.matches = async (...args) => {
    await gate.pass()
    return real.matches(...args)
  }
  return { ...real, matches }
})

vi.mock('@simplewebauthn/server', async (original) => {
  const real = await original<typeof import('@simplewebauthn/server')>()
  const verifyAuthenticationResponse: typeof real.verifyAuthenticationResponse = async (options) => {
    await gate.pass()
    return real.verifyAuthenticationResponse(options)
  }
  const verifyRegistrationResponse: typeof real.verifyRegistrationResponse = async (options) => {
    await gate.pass()
    return real.verifyRegistrationResponse(options)
  }
  return { ...real, verifyAuthenticationResponse, verifyRegistrationResponse }
})

/** Of `123456`; it stays what it is, since the configured algorithm is the same. */
const HASH = '$argon2id$v=19$m=16,t=2,p=1$bVI1aE1SaTV6SGQ3bzdXdw$fnjCcZYmEPOUOjYXsT92Cg'
const CONFIG: JsonObject = { hashers: { algorithm: 'argon2' }, session: { lifespan: '10m' } }
const EMAIL = 'ann@example.org'

let server: Server
let id: string

const login = { method: 'password', identifier: EMAIL, password: '123456' }

/** Everything that is in force, by identity or not. */
const inForce = () => [...server.world.sessions.values()].filter((each) => each.active)

describe('while the password of a person is checked', () => {
  let browser: Browser
  let before: string
  let flow: FlowBody

  beforeEach(async () => {
    server = new Server(CONFIG)
    id = await server.person(EMAIL, { credentials: { password: { config: { hashed_password: HASH } } } })
    browser = server.browser()
    before = (await browser.signIn(EMAIL, '123456')).body.session.id
    flow = await browser.login('?refresh=true')
  })

  const meanwhile = (act: () => unknown): Promise<Answer> =>
    gate.during(() => browser.submit('login', flow, login), act)

  const revokeAll = () => server.browser().delete(`/admin/identities/${id}/sessions`)

  it('nothing else happens: the session goes on', async () => {
    const { status, body } = await meanwhile(() => undefined)
    expect([status, body.session.id]).toEqual([200, before])
    expect(body.session.authentication_methods).toHaveLength(2)
  })

  it('their session is revoked: it stays so, and they have a new one', async () => {
    const { status, body } = await meanwhile(() => {
      for (const session of inForce()) server.world.sessions.save({ ...session, active: false })
    })
    expect(status).toBe(200)
    expect(body.session.id).not.toBe(before)
    expect(inForce().map((each) => each.id)).toEqual([body.session.id])
    expect(server.world.sessions.get(before)?.active).toBe(false)
  })

  it('all their sessions are deleted: none of them comes back', async () => {
    const { status, body } = await meanwhile(revokeAll)
    expect([status, server.world.sessions.get(before)]).toEqual([200, undefined])
    expect(inForce().map((each) => each.id)).toEqual([body.session.id])
  })

  it('their session expires: it is not prolonged', async () => {
    const { status, body } = await meanwhile(() => server.world.clock.advance(11 * 60_000))
    expect(status).toBe(200)
    expect(body.session.id).not.toBe(before)
    expect(server.world.sessions.get(before)?.expires_at).toBeLessThan(server.world.now())
  })

  it('their password changes: the old one signs in no more', async () => {
    const { status } = await meanwhile(async () => {
      const credentials = { password: { config: { password: 'quite-another-4711' } } }
      const json = { schema_id: 'default', state: 'active', traits: { email: EMAIL }, credentials }
      expect((await server.browser().put(`/admin/identities/${id}`, { json })).status).toBe(200)
    })
    expect(status).toBe(400)
  })

  it('they are deactivated: they are not signed in', async () => {
    const { status } = await meanwhile(async () => {
      const json = { schema_id: 'default', state: 'inactive', traits: { email: EMAIL } }
      expect((await server.browser().put(`/admin/identities/${id}`, { json })).status).toBe(200)
    })
    expect(status).toBe(401)
  })

  it('they are deleted: nobody is signed in', async () => {
    const { status } = await meanwhile(() => server.browser().delete(`/admin/identities/${id}`))
    expect([status, inForce()]).toEqual([400, []])
  })
})

describe('while a security key is checked', () => {
  let key: SecurityKey
  let browser: Browser

  beforeEach(async () => {
    server = new Server(CONFIG)
    key = new SecurityKey()
    id = await server.person(EMAIL)
    browser = await server.signedIn(EMAIL)
  })

  async function addKey(): Promise<Answer> {
    const flow = await browser.settings()
    const webauthn_register = key.register(flow)
    return gate.during(
      () => browser.submit('settings', flow, { webauthn_register, webauthn_register_displayname: 'blue key' }),
      () => undefined,
    )
  }

  async function answerWithKey(act: () => unknown): Promise<Answer> {
    const flow = await browser.login('?aal=aal2')
    const values = { method: 'webauthn', identifier: EMAIL, webauthn_login: key.login(flow) }
    return gate.during(() => browser.submit('login', flow, values), act)
  }

  const keys = () => server.world.identities.get(id)?.credentials.webauthn?.config.credentials ?? []

  it('that is to be added, the session is ended: the key is not added', async () => {
    const flow = await browser.settings()
    const webauthn_register = key.register(flow)
    const { status } = await gate.during(
      () => browser.submit('settings', flow, { webauthn_register, webauthn_register_displayname: 'blue key' }),
      () => server.browser().delete(`/admin/identities/${id}/sessions`),
    )
    expect([status, keys()]).toEqual([401, []])
  })

  it('as second factor, the session is ended: it is not raised', async () => {
    expect((await addKey()).status).toBe(200)
    browser = await server.signedIn(EMAIL)
    const { status, body } = await answerWithKey(() => server.browser().delete(`/admin/identities/${id}/sessions`))
    expect([status, body.error.id]).toEqual([401, 'session_aal1_required'])
    expect(inForce()).toEqual([])
  })

  it('the key is removed: it signs in no more', async () => {
    expect((await addKey()).status).toBe(200)
    browser = await server.signedIn(EMAIL)
    const { status } = await answerWithKey(() => {
      const identity = server.world.identities.get(id)
      if (!identity) throw new Error('the person exists')
      const { webauthn: _, ...credentials } = identity.credentials
      server.world.identities.save({ ...identity, credentials })
    })
    expect(status).toBe(400)
    expect(inForce().filter((each) => each.authenticator_assurance_level === 'aal2')).toHaveLength(1)
  })
})
