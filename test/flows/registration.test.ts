import { beforeEach, describe, expect, it } from 'vitest'
import { fieldOf, flowIn, namesOf, PASSWORD, Server, saidBy } from '../support/people.ts'

const ANN = 'ann@example.org'

let server: Server
beforeEach(() => {
  server = new Server()
})

async function signUp(values: Record<string, unknown>) {
  const client = server.browser()
  const flow = await client.begin('registration', 'api')
  return client.post(`/self-service/registration?flow=${flow.id}`, { json: { method: 'password', ...values } })
}

describe('beginning a registration', () => {
  it('asks for what the identity schema has, the password behind the first of it', async () => {
    const names = namesOf(await server.browser().begin('registration', 'api'))
    expect(names).toEqual([
      'default/csrf_token',
      'password/traits.email',
      'password/password',
      'password/traits.name.first',
      'password/traits.name.last',
      'password/method',
    ])
  })

  it('is refused to one who is signed in, and to everybody when it is disabled', async () => {
    await server.person(ANN)
    const browser = await server.signedIn(ANN)
    expect((await browser.get('/self-service/registration/api')).body.error.id).toBe('session_already_available')
    expect((await browser.get('/self-service/registration/browser', { html: true })).location).toBe(
      'http://localhost:4000/ui/welcome',
    )
    server = new Server({ selfservice: { flows: { registration: { enabled: false } } } })
    const { status, body } = await server.browser().get('/self-service/registration/browser')
    expect([status, body.error.id]).toEqual([400, 'self_service_flow_disabled'])
  })
})

describe('signing up with a password', () => {
  it('makes the identity and, with the hook, the session', async () => {
    const { status, body } = await signUp({ traits: { email: ANN }, password: PASSWORD })
    expect([status, body.identity.traits]).toEqual([200, { email: ANN }])
    const client = server.browser()
    client.token = body.session_token
    expect((await client.get('/sessions/whoami')).body.identity.id).toBe(body.identity.id)
  })

  it('makes no session without the hook', async () => {
    const hooks = { selfservice: { flows: { registration: { after: { password: { hooks: [] } } } } } }
    server = new Server(hooks)
    const { body, setCookies } = await signUp({ traits: { email: ANN }, password: PASSWORD })
    expect([Object.keys(body), setCookies]).toEqual([['identity'], []])
  })

  it('reads forms with dotted fields, and keeps what was typed when it refuses', async () => {
    const browser = server.browser()
    const flow = await browser.begin('registration')
    const typed = { method: 'password', 'traits.email': 'no-address', 'traits.name.first': 'Ann', password: 'x' }
    const { status, location } = await browser.submitForm('registration', flow, typed)
    expect(status).toBe(302)
    const shown = await browser.fetch('registration', flowIn(location))
    expect(saidBy(shown)).toEqual({ 'traits.email': [4000001] })
    expect([fieldOf(shown, 'traits.name.first'), fieldOf(shown, 'password')]).toEqual(['Ann', undefined])
  })

  it('names each trait and the password that are missing', async () => {
    expect(saidBy((await signUp({ traits: {} })).body)).toEqual({ 'traits.email': [4000002], password: [4000002] })
  })

  it.each([
    ['too short', 'abc1', 'password length must be at least 8 characters but only got 4'],
    ['too similar to the identifier', 'ann@example.or', 'the password is too similar to the user identifier'],
    ['known from breaches', 'password1', 'the password has been found in data breaches and must no longer be used'],
    ['longer than bcrypt hashes', 'x'.repeat(73), 'passwords are limited to a maximum length of 72 characters'],
  ])('refuses a password that is %s', async (_what, password, reason) => {
    const { body } = await signUp({ traits: { email: ANN }, password })
    const [message] = body.ui.nodes.find(
      (n: { attributes: { name: string } }) => n.attributes.name === 'password',
    ).messages
    expect(message).toMatchObject({ id: 4000005, context: { reason } })
  })

  it('refuses an identifier that somebody has, whatever its case', async () => {
    await server.person(ANN)
    const { status, body } = await signUp({ traits: { email: ANN.toUpperCase() }, password: PASSWORD })
    expect([status, saidBy(body)]).toEqual([400, { '': [4000007] }])
    expect(server.world.identities.size).toBe(1)
  })

  it('answers 404 when the method is disabled', async () => {
    const client = server.browser()
    const flow = await client.begin('registration', 'api')
    server.world.settings = new Server({
      selfservice: { methods: { password: { enabled: false } } },
    }).world.settings
    const json = { method: 'password', traits: { email: ANN }, password: PASSWORD }
    expect((await client.post(`/self-service/registration?flow=${flow.id}`, { json })).status).toBe(404)
  })

  it('replaces an expired flow', async () => {
    const client = server.browser()
    const flow = await client.begin('registration', 'api')
    server.world.clock.advance(31 * 60_000)
    const { status, body } = await client.post(`/self-service/registration?flow=${flow.id}`, {
      json: { method: 'password' },
    })
    expect(status).toBe(410)
    expect(saidBy(await client.fetch('registration', body.use_flow_id))['']).toEqual([4040001])
  })
})
