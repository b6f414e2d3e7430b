import { describe, expect, it } from 'vitest'
import { type Answer, type Browser, type FlowName, flowIn, PASSWORD, saidBy, URL_OF_SERVER } from '../support/people.ts'
import { totpCodeAt, totpSecretOf } from '../support/totp.ts'
import { useJudgedServer } from './judged.ts'

/*
 * The life of an account in a browser that follows links and posts forms: each chapter goes on where the one before it
 * ended, and leaves what the next one needs.
 */

const EMAIL = 'ann@example.org'
const SECOND_PASSWORD = 'second-castle-4712'
const THIRD_PASSWORD = 'third-castle-4713'
const MINUTE = 60_000
const WELCOME = `${URL_OF_SERVER}/ui/welcome`

const theServer = useJudgedServer()

const whoami = (browser: Browser) => browser.get('/sessions/whoami')
const visit = (browser: Browser, address: string | undefined) => browser.get(address ?? '', { html: true })
const pageOf = ({ status, location }: Answer) => [status, new URL(location ?? '').pathname]

/** Follows the address of a flow, fills in the form of its page, and posts it. */
async function fillIn(browser: Browser, kind: FlowName, address: string | undefined, values: Record<string, string>) {
  const page = await visit(browser, address)
  expect(pageOf(page)).toEqual([303, `/ui/${kind}`])
  const flow = await browser.fetch(kind, flowIn(page.location))
  return { flow, answer: await browser.submitForm(kind, flow, values) }
}

const credentials = (password: string) => ({ method: 'password', identifier: EMAIL, password })

async function signUp(): Promise<Browser> {
  const browser = theServer().browser()
  const form = { method: 'password', password: PASSWORD, 'traits.name.first': 'Ann' }
  const address = `/self-service/registration/browser?after_verification_return_to=${WELCOME}`
  const { flow, answer: refused } = await fillIn(browser, 'registration', address, { ...form, 'traits.email': 'ann' })
  expect(pageOf(refused)).toEqual([303, '/ui/registration'])
  const shown = await browser.fetch('registration', flow.id)
  expect(Object.keys(saidBy(shown))).toEqual(['traits.email'])
  const { status, location } = await browser.submitForm('registration', shown, { ...form, 'traits.email': EMAIL })
  expect([status, location]).toEqual([303, WELCOME])
  expect((await whoami(browser)).body.identity.traits).toEqual({ email: EMAIL, name: { first: 'Ann' } })
  return browser
}

async function verifyByMail(browser: Browser): Promise<void> {
  const addresses = async () => (await whoami(browser)).body.identity.verifiable_addresses
  expect(await addresses()).toMatchObject([{ value: EMAIL, verified: false, status: 'sent' }])
  const link = await theServer().lastLink(EMAIL)
  const opened = await visit(browser, link)
  expect(pageOf(opened)).toEqual([303, '/ui/welcome'])
  expect(await addresses()).toMatchObject([{ value: EMAIL, verified: true, status: 'completed' }])
  const again = await visit(browser, link)
  expect(saidBy(await browser.fetch('verification', flowIn(again.location)))).toEqual({ '': [4070001] })
}

/** @returns the secret that the authenticator app now has */
async function addTotp(browser: Browser): Promise<string> {
  const page = await visit(browser, '/self-service/settings/browser')
  const flow = await browser.fetch('settings', flowIn(page.location))
  const secret = totpSecretOf(flow)
  const form = { method: 'totp', totp_code: totpCodeAt(theServer().world.now(), secret) }
  expect(pageOf(await browser.submitForm('settings', flow, form))).toEqual([303, '/ui/settings'])
  expect(await browser.fetch('settings', flow.id)).toMatchObject({ state: 'success' })
  expect((await whoami(browser)).body.authenticator_assurance_level).toBe('aal2')
  return secret
}

async function signOut(browser: Browser): Promise<void> {
  const { body } = await browser.get('/self-service/logout/browser')
  const answer = await visit(browser, body.logout_url)
  expect([answer.status, answer.location]).toEqual([303, WELCOME])
  expect((await whoami(browser)).status).toBe(401)
  expect(await browser.get(body.logout_url)).toMatchObject({ status: 401 })
}

async function giveSecondFactor(browser: Browser, address: string | undefined, secret: string): Promise<void> {
  const { flow, answer } = await fillIn(browser, 'login', address, { method: 'totp', totp_code: '000000' })
  expect(pageOf(answer)).toEqual([303, '/ui/login'])
  const shown = await browser.fetch('login', flow.id)
  expect(saidBy(shown)['']).toContain(4000008)
  const form = { method: 'totp', totp_code: totpCodeAt(theServer().world.now(), secret) }
  const { status, location } = await browser.submitForm('login', shown, form)
  expect([status, location]).toEqual([303, WELCOME])
  expect(await whoami(browser)).toMatchObject({ status: 200, body: { authenticator_assurance_level: 'aal2' } })
}

async function signIn(browser: Browser, password: string, secret: string): Promise<void> {
  const { answer } = await fillIn(browser, 'login', '/self-service/login/browser', credentials(password))
  expect([answer.status, answer.location]).toEqual([303, `${URL_OF_SERVER}/self-service/login/browser?aal=aal2`])
  expect((await whoami(browser)).status).toBe(403)
  await giveSecondFactor(browser, answer.location, secret)
}

/** A quarter of an hour after the sign-in it takes another one, after which the paused change is made. */
async function changePasswordAfterReLogin(browser: Browser): Promise<void> {
  theServer().world.clock.advance(16 * MINUTE)
  const change = { method: 'password', password: SECOND_PASSWORD }
  const { flow, answer: refused } = await fillIn(browser, 'settings', '/self-service/settings/browser', change)
  expect(pageOf(refused)).toEqual([303, '/self-service/login/browser'])
  expect((await theServer().browser().signIn(EMAIL, SECOND_PASSWORD)).status).toBe(400)
  const { answer: confirmed } = await fillIn(browser, 'login', refused.location, credentials(PASSWORD))
  expect(confirmed.location).toBe(`${URL_OF_SERVER}/self-service/settings?flow=${flow.id}`)
  expect(pageOf(await visit(browser, confirmed.location))).toEqual([303, '/ui/settings'])
  expect(await browser.fetch('settings', flow.id)).toMatchObject({ state: 'success' })
  expect((await theServer().browser().signIn(EMAIL, PASSWORD)).status).toBe(400)
}

/** The link signs in; the new password is set once the second factor is given. */
async function recover(secret: string): Promise<Browser> {
  const browser = theServer().browser()
  const ask = { method: 'link', email: EMAIL }
  const { flow, answer } = await fillIn(browser, 'recovery', '/self-service/recovery/browser', ask)
  expect(pageOf(answer)).toEqual([303, '/ui/recovery'])
  expect(await browser.fetch('recovery', flow.id)).toMatchObject({ state: 'sent_email' })
  const link = await theServer().lastLink(EMAIL)
  expect(pageOf(await visit(browser, link))).toEqual([303, '/ui/settings'])
  expect((await whoami(browser)).status).toBe(403)
  await giveSecondFactor(browser, '/self-service/login/browser?aal=aal2', secret)
  const change = { method: 'password', password: THIRD_PASSWORD }
  const { answer: changed } = await fillIn(browser, 'settings', '/self-service/settings/browser', change)
  expect(pageOf(changed)).toEqual([303, '/ui/settings'])
  expect(pageOf(await visit(theServer().browser(), link))).toEqual([303, '/ui/recovery'])
  for (const old of [PASSWORD, SECOND_PASSWORD]) {
    expect((await theServer().browser().signIn(EMAIL, old)).status).toBe(400)
  }
  return browser
}

async function signOutEverywhere(browser: Browser, others: readonly Browser[]): Promise<void> {
  expect((await browser.delete('/sessions')).body.count).toBeGreaterThanOrEqual(others.length)
  for (const other of others) expect((await whoami(other)).status).toBe(401)
  expect((await whoami(browser)).status).toBe(200)
  await signOut(browser)
}

describe('in a browser, an account', () => {
  it('is made, verified, protected by a second factor, and left', async () => {
    const browser = await signUp()
    await verifyByMail(browser)
    await addTotp(browser)
    await signOut(browser)
  })

  it('is entered with two factors, and its password changed after a new login', async () => {
    const browser = await signUp()
    const secret = await addTotp(browser)
    await signOut(browser)
    await signIn(browser, PASSWORD, secret)
    await changePasswordAfterReLogin(browser)
  })

  it('is recovered when the password is lost, and closed everywhere', async () => {
    const first = await signUp()
    const secret = await addTotp(first)
    const recovered = await recover(secret)
    const last = theServer().browser()
    await signIn(last, THIRD_PASSWORD, secret)
    await signOutEverywhere(last, [first, recovered])
  })

  it('lives through all of it', async () => {
    const browser = await signUp()
    await verifyByMail(browser)
    const secret = await addTotp(browser)
    await signOut(browser)
    await signIn(browser, PASSWORD, secret)
    await changePasswordAfterReLogin(browser)
    const recovered = await recover(secret)
    const last = theServer().browser()
    await signIn(last, THIRD_PASSWORD, secret)
    await signOutEverywhere(last, [browser, recovered])
  })
})
