import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { fieldOf, flowIn, namesOf, PASSWORD, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000

let server: Server
beforeEach(() => {
  server = new Server()
})

const withFlow = (verification: JsonObject): JsonObject => ({ selfservice: { flows: { verification } } })

/** Asks for a link in a new browser; answers the flow. */
async function ask(email: string, query = '') {
  const browser = server.browser()
  const flow = await browser.begin('verification', 'browser', query)
  const { status } = await browser.submit('verification', flow, { method: 'link', email })
  expect(status).toBe(200)
  return { browser, flow: flow.id }
}

/** The e-mail address of the only identity, as it is stored. */
const address = () => [...server.world.identities.values()][0]?.verifiable_addresses[0]

async function signUp(type: 'api' | 'browser', query = '') {
  const browser = server.browser()
  const flow = await browser.begin('registration', type, query)
  const values = { method: 'password', password: PASSWORD, traits: { email: ANN } }
  return (await browser.submit('registration', flow, values)).body
}

describe('a verification flow begins', () => {
  it('signed in or not, with a field for the address that is never filled in', async () => {
    await server.person(ANN)
    for (const browser of [server.browser(), await server.signedIn(ANN)]) {
      const flow = await browser.begin('verification')
      expect(flow).toMatchObject({ state: 'choose_method' })
      expect(namesOf(flow)).toEqual(['default/csrf_token', 'link/email', 'link/method'])
      expect(fieldOf(flow, 'email')).toBeUndefined()
    }
  })

  it('not where the project does not offer it', async () => {
    server = new Server(withFlow({ enabled: false }))
    for (const path of ['browser', 'api', 'flows?id=x']) {
      const { body } = await server.browser().get(`/self-service/verification/${path}`)
      expect(body.error.reason).toBe('Verification is not allowed because it was disabled.')
    }
  })
})

describe('a verification mail', () => {
  it('follows a sign-up, and its address counts as sent in the very answer', async () => {
    const { session } = await signUp('api')
    expect(session.identity.verifiable_addresses[0]).toMatchObject({ status: 'sent', verified: false })
    const [mail, ...more] = await server.mails(ANN)
    expect([mail?.subject, more]).toEqual(['Please verify your email address', []])
    expect(mail?.body).toContain('Hi, please verify your account by clicking the following link:\n\nhttp://')
  })

  it('belongs to a flow of the type of the sign-up, which leads where the sign-up said', async () => {
    await signUp(
      'browser',
      '?after_verification_return_to=http://localhost:3000/verified&return_to=http://localhost:3000/',
    )
    const link = await server.lastLink(ANN)
    const { location } = await server.browser().get(link, { html: true })
    expect(location).toBe(`http://localhost:3000/verified?flow=${flowIn(link)}`)
    const flow = server.world.flows.get(flowIn(link))
    expect(flow).toMatchObject({ type: 'browser', state: 'passed_challenge' })
  })

  it('follows every change of settings until it was sent once', async () => {
    await server.person(ANN)
    const browser = await server.signedIn(ANN)
    const before = await server.mails(ANN)
    await browser.submit('settings', await browser.settings(), { method: 'password', password: 'new-castle-0815' })
    expect([before.length, (await server.mails(ANN)).length, address()?.status]).toEqual([0, 1, 'sent'])
    await browser.submit('settings', await browser.settings(), { method: 'password', password: 'new-castle-0816' })
    expect((await server.mails(ANN)).length).toBe(1)
    const traits = { email: 'ann2@example.org' }
    const { body } = await browser.submit('settings', await browser.settings(), { method: 'profile', traits })
    expect(body.identity.verifiable_addresses[0]).toMatchObject({ value: 'ann2@example.org', status: 'sent' })
    expect((await server.mails('ann2@example.org')).length).toBe(1)
  })

  it('follows neither where the project has no verification, nor what administrators do', async () => {
    await server.person('bob@example.org')
    expect(await server.mails('bob@example.org')).toEqual([])
    server = new Server(withFlow({ enabled: false }))
    const { session } = await signUp('api')
    expect(session.identity.verifiable_addresses[0].status).toBe('pending')
    expect(await server.mails(ANN)).toEqual([])
  })
})

describe('asking for a verification link', () => {
  it('is answered alike for addresses that somebody has and others, which get different mails', async () => {
    await server.person(ANN)
    for (const [email, subject] of [
      [ANN, 'Please verify your email address'],
      ['nobody@example.org', 'Someone tried to verify this email address'],
    ] as const) {
      const browser = server.browser()
      const flow = await browser.begin('verification')
      const { body } = await browser.submit('verification', flow, { method: 'link', email })
      expect([saidBy(body), body.state, body.active]).toEqual([{ '': [1080001] }, 'sent_email', 'link'])
      expect((await server.mails(email)).at(-1)?.subject).toBe(subject)
    }
    expect(address()?.status).toBe('sent')
  })

  it('is allowed for an address that is verified: it stays so', async () => {
    await server.person(ANN)
    await ask(ANN)
    await server.browser().get(await server.lastLink(ANN))
    await ask(ANN)
    expect(address()).toMatchObject({ verified: true, status: 'sent' })
    expect(address()?.verified_at).toBeDefined()
  })

  it('adds what is wrong to what the form said before', async () => {
    const browser = server.browser()
    const flow = await browser.begin('verification')
    const submit = async (values: JsonObject) => (await browser.submit('verification', flow, values)).body
    const missing = await submit({ method: 'link' })
    expect([saidBy(missing), fieldOf(missing, 'email')]).toEqual([{ email: [4000002] }, ''])
    const broken = await submit({ method: 'link', email: 'nope' })
    expect([saidBy(broken), fieldOf(broken, 'email')]).toEqual([{ email: [4000002, 4000001] }, ''])
    const pigeon = await submit({ method: 'pigeon', email: ANN })
    expect([saidBy(pigeon), fieldOf(pigeon, 'email'), pigeon.active]).toEqual([{ '': [4010006] }, ANN, 'default'])
    await submit({ method: 'link', email: ANN })
    expect(saidBy(await submit({ method: 'link', email: 'nope' }))).toEqual({ '': [1080001], email: [4000001] })
  })

  it('needs the anti-CSRF token in a browser, and nothing of a browser in a native app', async () => {
    const browser = server.browser()
    const { id } = await browser.begin('verification')
    const json = { method: 'link', email: ANN, csrf_token: 'AAAA' }
    expect((await browser.post(`/self-service/verification?flow=${id}`, { json })).status).toBe(403)
    const app = await server.browser().begin('verification', 'api')
    const headers = { Cookie: 'a=b' }
    const answer = await server.browser().post(`/self-service/verification?flow=${app.id}`, { json, headers })
    expect([answer.status, saidBy(answer.body)]).toEqual([400, { '': [4000001] }])
    expect(await server.mails(ANN)).toEqual([])
  })

  it('too late leads to a new flow that says so', async () => {
    const browser = server.browser()
    const flow = await browser.begin('verification')
    server.world.clock.advance(30.5 * MINUTE)
    const { status, location } = await browser.submit('verification', flow, { method: 'link', email: ANN })
    expect([status, location]).toEqual([303, expect.stringContaining('/self-service/verification/flows?id=')])
    const next = (await browser.get(String(location))).body
    expect(textsOf(next)).toEqual(['The verification flow expired 0.50 minutes ago, please try again.'])
  })
})

describe('opening a verification link', () => {
  it('verifies the address in any browser, signed in or not, and says so in the flow', async () => {
    await server.person(ANN)
    const app = server.browser()
    const flow = await app.begin('verification', 'api')
    await app.submit('verification', flow, { method: 'link', email: ANN })
    const browser = server.browser()
    const { status, location } = await browser.get(await server.lastLink(ANN))
    expect([status, location]).toEqual([303, `${URL_OF_SERVER}/ui/verification?flow=${flow.id}`])
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
    const done = await app.fetch('verification', flow.id)
    expect([done.state, saidBy(done)]).toEqual(['passed_challenge', { '': [1080002] }])
    expect(address()).toMatchObject({ verified: true, status: 'completed', verified_at: server.world.now() })
  })

  it('leads to the return address of the flow, else to that of the project', async () => {
    const configured = 'http://localhost:3000/verified?from=mail'
    server = new Server(withFlow({ after: { default_browser_return_url: configured } }))
    await server.person(ANN)
    const { flow } = await ask(ANN)
    const { location } = await server.browser().get(await server.lastLink(ANN), { html: true })
    expect(location).toBe(`http://localhost:3000/verified?flow=${flow}&from=mail`)
    const other = await ask(ANN, '?return_to=http://localhost:3000/own')
    const own = await server.browser().get(await server.lastLink(ANN), { html: true })
    expect(own.location).toBe(`http://localhost:3000/own?flow=${other.flow}`)
  })

  it('hands the flow to the browser that opens it', async () => {
    await server.person(ANN)
    await ask(ANN)
    const browser = server.browser()
    const { location } = await browser.get(await server.lastLink(ANN), { html: true })
    expect(saidBy(await browser.fetch('verification', flowIn(location)))).toEqual({ '': [1080002] })
  })

  it('works once, and not after a change of the identity', async () => {
    await server.person(ANN)
    await ask(ANN)
    const link = await server.lastLink(ANN)
    await ask(ANN)
    const later = await server.lastLink(ANN)
    await server.browser().get(link)
    const browser = await server.signedIn(ANN)
    await browser.submit('settings', await browser.settings(), { method: 'password', password: 'new-castle-0815' })
    for (const each of [link, later, link.replace(/token=.*/, 'token=wrong')]) {
      const other = server.browser()
      const { status, location } = await other.get(each, { html: true })
      expect([status, location]).toEqual([303, expect.stringContaining('/ui/verification?flow=')])
      expect(saidBy(await other.fetch('verification', flowIn(location)))).toEqual({ '': [4070001] })
    }
  })

  it('is too late once the token has expired, which uses it up', async () => {
    server = new Server({ selfservice: { methods: { link: { config: { lifespan: '10m' } } } } })
    await server.person(ANN)
    await ask(ANN)
    const link = await server.lastLink(ANN)
    server.world.clock.advance(11 * MINUTE)
    for (const said of [4070005, 4070001]) {
      const browser = server.browser()
      const { location } = await browser.get(link, { html: true })
      expect(saidBy(await browser.fetch('verification', flowIn(location)))).toEqual({ '': [said] })
    }
    expect(address()?.verified).toBe(false)
  })

  it('leads to a new flow when the form is submitted again afterwards', async () => {
    await server.person(ANN)
    const { browser, flow } = await ask(ANN)
    await browser.get(await server.lastLink(ANN))
    const values = { method: 'link', email: ANN }
    const again = await browser.submit('verification', await browser.fetch('verification', flow), values)
    expect([again.status, again.location]).toEqual([303, expect.stringContaining('/ui/verification?flow=')])
    expect(saidBy(await browser.fetch('verification', flowIn(again.location)))).toEqual({ '': [4070002] })
  })

  it('names a flow that is known and has not expired, or else the token stays good', async () => {
    await server.person(ANN)
    const { flow } = await ask(ANN)
    const link = await server.lastLink(ANN)
    const unknown = link.replace(flow, '6f0b6c0e-0000-4000-8000-000000000000')
    const reason = 'The verification request could not be found. Please restart the flow.'
    expect((await server.browser().get(unknown)).body.error).toMatchObject({ code: 404, reason })
    await server.browser().get(link)
    expect(address()?.verified).toBe(true)
  })
})

it('lets those in who have verified their address, where a login hook asks for that', async () => {
  server = new Server({
    selfservice: { flows: { login: { after: { password: { hooks: [{ hook: 'require_verified_address' }] } } } } },
  })
  await server.person(ANN)
  const refused = await server.browser().signIn(ANN)
  expect([refused.status, saidBy(refused.body), refused.body.active]).toEqual([400, { '': [4000010] }, 'password'])
  await ask(ANN)
  await server.browser().get(await server.lastLink(ANN))
  expect((await server.browser().signIn(ANN)).status).toBe(200)
})
