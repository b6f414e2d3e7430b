import supertest from 'supertest'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, Server } from '../support/people.ts'

const ANN = 'ann@example.org'
const HOUR = 3_600_000

let server: Server
let browser: Browser
beforeEach(async () => {
  server = new Server()
  await server.person(ANN)
  browser = await server.signedIn(ANN)
})

const remove = (path: string, token: string | undefined) =>
  supertest(server.app).delete(path).set('X-Session-Token', String(token))

describe('whoami', () => {
  it('knows the cookie, X-Session-Token, X-Session-Cookie and a bearer token, by any method', async () => {
    const app = await server.signedInApp(ANN)
    const cookie = /ory_kratos_session=([^;]+)/.exec(browser.jar.header(server.world.now()) ?? '')?.[1] ?? ''
    const who = (headers: Record<string, string>) => supertest(server.app).get('/sessions/whoami').set(headers)
    expect((await browser.get('/sessions/whoami')).status).toBe(200)
    expect((await who({ 'X-Session-Token': String(app.token) })).status).toBe(200)
    expect((await who({ 'X-Session-Cookie': cookie })).status).toBe(200)
    expect((await who({ Authorization: `bearer ${app.token}` })).status).toBe(200)
    expect((await supertest(server.app).put('/sessions/whoami').set('X-Session-Token', String(app.token))).status).toBe(
      200,
    )
  })

  it('lets a wrong X-Session-Token hide a good cookie', async () => {
    expect((await browser.get('/sessions/whoami', { headers: { 'X-Session-Token': 'nope' } })).status).toBe(401)
  })

  it('says the same of no session, an expired one, an ended one, and of one whose owner is deactivated', async () => {
    const [identity] = [...server.world.identities.values()]
    const [session] = [...server.world.sessions.values()]
    if (!identity || !session) throw new Error('nobody is there')
    const answers = [await server.browser().get('/sessions/whoami')]
    server.world.sessions.save({ ...session, active: false })
    answers.push(await browser.get('/sessions/whoami'))
    server.world.sessions.save(session)
    server.world.identities.save({ ...identity, state: 'inactive' })
    answers.push(await browser.get('/sessions/whoami'))
    server.world.identities.save(identity)
    server.world.clock.advance(24 * HOUR)
    answers.push(await browser.get('/sessions/whoami'))
    expect(answers.map(({ status, body }) => [status, body.error.reason])).toEqual(
      answers.map(() => [401, 'No valid session cookie found.']),
    )
  })

  it('names the identity in a header, and writes the cookie again when the session was extended', async () => {
    const [session] = [...server.world.sessions.values()]
    server.world.clock.advance(HOUR)
    await supertest(server.app).patch(`/admin/sessions/${session?.id}/extend`)
    const { setCookies } = await browser.get('/sessions/whoami')
    expect(setCookies.join()).toMatch(/Max-Age=86400/)
    expect((await browser.get('/sessions/whoami')).setCookies).toEqual([])
  })
})

describe('the sessions of a person', () => {
  it('are listed without the current one, and end one by one', async () => {
    const app = await server.signedInApp(ANN)
    const { body: others } = await app.get('/sessions')
    expect(others).toHaveLength(1)
    expect((await remove(`/sessions/${others[0].id}`, app.token)).status).toBe(204)
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
    expect((await app.get('/sessions')).body).toEqual([])
  })

  it('end all at once, but for the current one; the count is of all rows', async () => {
    const app = await server.signedInApp(ANN)
    expect((await remove('/sessions', app.token)).body).toEqual({ count: 1 })
    expect((await remove('/sessions', app.token)).body).toEqual({ count: 1 })
    expect((await app.get('/sessions/whoami')).status).toBe(200)
  })

  it('cannot be ended by others, nor the current one by this way', async () => {
    await server.person('bob@example.org')
    const bob = await server.signedInApp('bob@example.org')
    const current = (await bob.get('/sessions/whoami')).body.id
    const anns = [...server.world.sessions.values()].find((s) => s.id !== current)
    expect((await remove(`/sessions/${anns?.id}`, bob.token)).status).toBe(204)
    expect((await browser.get('/sessions/whoami')).status).toBe(200)
    const own = await remove(`/sessions/${current}`, bob.token)
    expect([own.status, own.body.error.message]).toEqual([400, 'cannot revoke current session'])
    const malformed = await remove('/sessions/BADUUID', bob.token)
    expect(malformed.body.error.debug).toBe('could not parse UUID')
  })
})

describe('the sessions of an identity, to an administrator', () => {
  const of = (id: string) => supertest(server.app).get(`/admin/identities/${id}/sessions`)

  it('are filtered by their flag, and empty for an unknown identity', async () => {
    const [identity] = [...server.world.identities.values()]
    const [session] = [...server.world.sessions.values()]
    if (!identity || !session) throw new Error('nobody is there')
    server.world.sessions.save({ ...session, active: false })
    expect((await of(identity.id)).body).toHaveLength(1)
    expect((await of(identity.id).query({ active: 'true' })).body).toEqual([])
    expect((await of(identity.id).query({ active: 'maybe' })).body.error.message).toBe(
      'could not parse parameter active',
    )
    expect((await of('6f0b6c0e-0000-4000-8000-000000000000')).body).toEqual([])
    expect((await of('x')).status).toBe(400)
  })

  it('go altogether; where there are none it is 404', async () => {
    const [identity] = [...server.world.identities.values()]
    const path = `/admin/identities/${identity?.id}/sessions`
    expect((await supertest(server.app).delete(path)).status).toBe(204)
    expect((await supertest(server.app).delete(path)).status).toBe(404)
    expect(server.world.sessions.size).toBe(0)
  })

  it('are extended when the time has come, even after they expired', async () => {
    server = new Server({ session: { lifespan: '24h', earliest_possible_extend: '1h' } })
    await server.person(ANN)
    await server.signedIn(ANN)
    const [session] = [...server.world.sessions.values()]
    const extend = () => supertest(server.app).patch(`/admin/sessions/${session?.id}/extend`)
    const early = await extend()
    expect(Date.parse(early.body.expires_at)).toBe(session?.expires_at)
    server.world.clock.advance(30 * HOUR)
    expect(Date.parse((await extend()).body.expires_at)).toBe(server.world.now() + 24 * HOUR)
  })
})
