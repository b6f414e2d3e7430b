import { describe, expect, it } from 'vitest'
import { Browser, flowIn, PASSWORD, saidBy } from '../support/people.ts'
import { totpCodeAt, totpSecretOf } from '../support/totp.ts'
import { useJudgedServer } from './judged.ts'

/*
 * The life of an account in a native app: each chapter goes on where the one before it ended, and leaves what the next one
 * needs.
 */

const EMAIL = 'ann@example.org'
const SECOND_PASSWORD = 'second-castle-4712'
const THIRD_PASSWORD = 'third-castle-4713'
const MINUTE = 60_000

const theServer = useJudgedServer()

const newApp = (): Browser => new Browser(theServer(), 'app')
const whoami = (client: Browser) => client.get('/sessions/whoami')

async function signUp(): Promise<Browser> {
  const app = newApp()
  const flow = await app.begin('registration', 'api')
  const refused = await app.submit('registration', flow, { method: 'password', password: PASSWORD, traits: {} })
  expect([refused.status, saidBy(refused.body)]).toEqual([400, { 'traits.email': [4000002] }])
  const values = { method: 'password', password: PASSWORD, traits: { email: EMAIL, name: { first: 'Ann' } } }
  const { status, body } = await app.submit('registration', flow, values)
  expect(status).toBe(200)
  app.token = body.session_token
  expect((await whoami(app)).body).toMatchObject({ id: body.session.id, identity: { traits: values.traits } })
  return app
}

/** The link is opened in a browser that knows nothing of the app. */
async function verifyByMail(app: Browser): Promise<void> {
  const addresses = async () => (await whoami(app)).body.identity.verifiable_addresses
  expect(await addresses()).toMatchObject([{ value: EMAIL, verified: false, status: 'sent' }])
  const link = await theServer().lastLink(EMAIL)
  const opened = await theServer().browser().get(link, { html: true })
  expect([opened.status, new URL(opened.location ?? '').pathname]).toEqual([303, '/ui/verification'])
  expect(await addresses()).toMatchObject([{ value: EMAIL, verified: true, status: 'completed' }])
  const other = theServer().browser()
  const retry = await other.fetch('verification', flowIn((await other.get(link, { html: true })).location))
  expect(saidBy(retry)).toEqual({ '': [4070001] })
}

/** @returns the secret that the authenticator app now has */
async function addTotp(app: Browser): Promise<string> {
  const flow = await app.settings()
  const secret = totpSecretOf(flow)
  const values = { method: 'totp', totp_code: totpCodeAt(theServer().world.now(), secret) }
  const { status, body } = await app.submit('settings', flow, values)
  expect([status, body.state]).toEqual([200, 'success'])
  expect((await whoami(app)).body.authenticator_assurance_level).toBe('aal2')
  return secret
}

async function signOut(app: Browser): Promise<void> {
  const json = { session_token: app.token }
  expect((await app.delete('/self-service/logout/api', { json })).status).toBe(204)
  expect((await whoami(app)).status).toBe(401)
}

/** @returns an app whose session is still too weak */
async function signInByPassword(password: string): Promise<Browser> {
  const app = newApp()
  const flow = await app.begin('login', 'api')
  const { status, body } = await app.submit('login', flow, { method: 'password', identifier: EMAIL, password })
  expect(status).toBe(200)
  app.token = body.session_token
  expect(await whoami(app)).toMatchObject({ status: 403, body: { error: { id: 'session_aal2_required' } } })
  return app
}

async function giveSecondFactor(client: Browser, type: 'api' | 'browser', secret: string): Promise<void> {
  const flow = await client.begin('login', type, '?aal=aal2')
  const right = totpCodeAt(theServer().world.now(), secret)
  const wrong = right === '123456' ? '654321' : '123456'
  const submit = (totp_code: string) => client.submit('login', flow, { method: 'totp', totp_code })
  expect((await submit(wrong)).status).toBe(400)
  expect((await submit(right)).status).toBe(200)
  expect(await whoami(client)).toMatchObject({ status: 200, body: { authenticator_assurance_level: 'aal2' } })
}

const changePassword = async (client: Browser, password: string) =>
  client.submit('settings', await client.settings(), { method: 'password', password })

/** A quarter of an hour after the sign-in it takes another one. */
async function changePasswordAfterReLogin(app: Browser): Promise<void> {
  theServer().world.clock.advance(16 * MINUTE)
  const refused = await changePassword(app, SECOND_PASSWORD)
  expect(refused).toMatchObject({ status: 403, body: { error: { id: 'session_refresh_required' } } })
  const flow = await app.begin('login', 'api', '?refresh=true')
  const { body } = await app.submit('login', flow, { method: 'password', identifier: EMAIL, password: PASSWORD })
  expect(body.session_token).toBe(app.token)
  expect((await changePassword(app, SECOND_PASSWORD)).status).toBe(200)
  expect((await theServer().browser().signIn(EMAIL, PASSWORD)).status).toBe(400)
}

/** The link of the mail signs a browser in, where the new password is set once the second factor is given. */
async function recover(secret: string): Promise<Browser> {
  const app = newApp()
  const flow = await app.begin('recovery', 'api')
  expect((await app.submit('recovery', flow, { method: 'link', email: EMAIL })).body.state).toBe('sent_email')
  const browser = theServer().browser()
  const link = await theServer().lastLink(EMAIL)
  const opened = await browser.get(link, { html: true })
  expect([opened.status, new URL(opened.location ?? '').pathname]).toEqual([303, '/ui/settings'])
  expect((await whoami(browser)).status).toBe(403)
  await giveSecondFactor(browser, 'browser', secret)
  expect((await changePassword(browser, THIRD_PASSWORD)).status).toBe(200)
  expect((await theServer().browser().signIn(EMAIL, SECOND_PASSWORD)).status).toBe(400)
  const again = await theServer().browser().get(link, { html: true })
  expect(new URL(again.location ?? '').pathname).toBe('/ui/recovery')
  return browser
}

async function signOutEverywhere(app: Browser, others: readonly Browser[]): Promise<void> {
  expect((await app.delete('/sessions')).body.count).toBeGreaterThanOrEqual(others.length)
  for (const other of others) expect((await whoami(other)).status).toBe(401)
  expect((await whoami(app)).status).toBe(200)
  expect((await app.get('/sessions')).body ?? []).toEqual([])
  await signOut(app)
}

describe('in a native app, an account', () => {
  it('is made, verified, protected by a second factor, and left', async () => {
    const app = await signUp()
    await verifyByMail(app)
    await addTotp(app)
    await signOut(app)
  })

  it('is entered with two factors, and its password changed after a new login', async () => {
    const first = await signUp()
    const secret = await addTotp(first)
    await signOut(first)
    const app = await signInByPassword(PASSWORD)
    await giveSecondFactor(app, 'api', secret)
    await changePasswordAfterReLogin(app)
  })

  it('is recovered when the password is lost, and closed everywhere', async () => {
    const first = await signUp()
    const secret = await addTotp(first)
    const browser = await recover(secret)
    const app = await signInByPassword(THIRD_PASSWORD)
    await giveSecondFactor(app, 'api', secret)
    await signOutEverywhere(app, [first, browser])
  })

  it('lives through all of it', async () => {
    const first = await signUp()
    await verifyByMail(first)
    const secret = await addTotp(first)
    await signOut(first)
    const app = await signInByPassword(PASSWORD)
    await giveSecondFactor(app, 'api', secret)
    await changePasswordAfterReLogin(app)
    const browser = await recover(secret)
    const last = await signInByPassword(THIRD_PASSWORD)
    await giveSecondFactor(last, 'api', secret)
    await signOutEverywhere(last, [app, browser])
  })
})
