import supertest from 'supertest'
import { expect } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Answer, type Browser, type FlowName, HOST, type Server } from '../support/people.ts'

/* The way to a social provider and back, as the tests of social sign-in go it. */

export const CALLBACK = '/self-service/methods/oidc/callback/acme'

export const withOidc = (oidc: JsonObject): JsonObject => ({ selfservice: { methods: { oidc } } })
export const provider = (id: string, rest: JsonObject = {}): JsonObject => ({
  id,
  provider: 'generic',
  client_id: id,
  ...rest,
})

/** Tells the provider what to answer from now on. */
export async function tell(server: Server, answer: unknown, id = 'acme'): Promise<void> {
  const url = `/__mock/oidc/${id}/next`
  const told = await supertest(server.app)
    .put(url)
    .set({ Host: HOST, 'Content-Type': 'application/json' })
    .send(JSON.stringify(answer))
  expect(told.status).toBe(204)
}

/** Begins a flow and chooses the provider; answers where the browser is sent. */
export async function leave(browser: Browser, kind: FlowName, query = '', values: JsonObject = {}): Promise<string> {
  const flow = await browser.begin(kind, 'browser', query)
  const choice = kind === 'settings' ? { link: 'acme' } : { provider: 'acme' }
  const { status, body, text } = await browser.submit(kind, flow, { ...choice, ...values })
  if (status !== 422) throw new Error(text)
  return body.redirect_browser_to
}

/** Signs in at the provider, which answers at once. */
export async function comeBack(browser: Browser, to: string): Promise<string> {
  const { status, location } = await browser.get(to, { html: true })
  expect(status).toBe(303)
  return String(location)
}

/** The whole way; answers where the callback leads. */
export async function through(browser: Browser, kind: FlowName, query = '', values: JsonObject = {}): Promise<Answer> {
  return browser.get(await comeBack(browser, await leave(browser, kind, query, values)), { html: true })
}

export const whoami = async (browser: Browser) => (await browser.get('/sessions/whoami')).body
