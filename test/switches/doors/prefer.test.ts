import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { makeMock } from '../../support/running-mock.ts'
import { asking } from './open.ts'
import type { Ask, Asked, Seen } from './rows.ts'

/* Prefer: code=410: any documented status of the operation. */

const SOME_ID = '6f0b6c0e-0000-4000-8000-000000000000'
const get = (path: string): Asked => ({ method: 'GET', path })
const post = (path: string, json: unknown): Asked => ({ method: 'POST', path, json })

async function signedIn(ask: Ask, asked: Asked): Promise<Asked> {
  const { text } = await ask(post('/__mock/sessions', { identity: 'member@example.com' }))
  return { ...asked, headers: { 'X-Session-Token': JSON.parse(text).session_token } }
}

async function withFlow(ask: Ask, begin: string, asked: (id: string) => Asked): Promise<Asked> {
  const { text } = await ask(get(`/self-service/${begin}`))
  return asked(JSON.parse(text).id)
}

type Prepare = (ask: Ask) => Promise<Asked> | Asked

const whoami: Prepare = (ask) => signedIn(ask, get('/sessions/whoami'))
const fetchLogin: Prepare = (ask) => withFlow(ask, 'login/api', (id) => get(`/self-service/login/flows?id=${id}`))
const fetchLoginOfBrowser: Prepare = (ask) =>
  withFlow(ask, 'login/browser', (id) => get(`/self-service/login/flows?id=${id}`))
const submitLogin: Prepare = (ask) =>
  withFlow(ask, 'login/api', (id) => post(`/self-service/login?flow=${id}`, { method: 'password' }))
const tuple = { namespace: 'n', object: 'o', relation: 'r', subject_id: 's' }

/** The body is made up from the document. */
const MADE_UP = Symbol('made up')

/** What is asked, the status, which switch gives it (undefined: the state), what it says. */
const ROWS: readonly (readonly [string, Prepare, number, string | typeof MADE_UP | undefined, RegExp])[] = [
  ['whoami', whoami, 401, 'no-session', /No valid session cookie/],
  ['whoami', whoami, 403, 'aal2-required', /session_aal2_required/],
  ['whoami', whoami, 500, 'internal-error', /"code":500/],
  ['whoami', whoami, 200, undefined, /member@example\.com/],
  ['a login that is fetched by an app', fetchLogin, 403, MADE_UP, /"error"/],
  ['a login that is fetched', fetchLoginOfBrowser, 403, 'csrf-on-fetch', /security_csrf_violation/],
  ['a login that is fetched', fetchLogin, 404, 'flow-not-found', /Unable to locate/],
  ['a login that is fetched', fetchLogin, 410, 'flow-expired-on-fetch', /self_service_flow_expired/],
  ['a login that is submitted', submitLogin, 400, 'already-logged-in-on-submit', /4000001/],
  ['a check', () => post('/relation-tuples/check', tuple), 403, 'permission-denied', /"allowed":false/],
  ['the list of tuples', () => get('/relation-tuples?namespace=n'), 404, 'list-unknown-namespace', /no-such-namespace/],
  ['an identity', () => get(`/admin/identities/${SOME_ID}`), 404, 'identity-not-found', /Unable to locate/],
  ['the projects', () => get('/projects'), 401, 'console-unauthenticated', /Access credentials/],
  ['the projects', () => get('/projects'), 418, MADE_UP, /"error"/],
  ['ready', () => get('/health/ready'), 503, 'not-ready', /database/],
  ['alive', () => get('/health/alive'), 500, 'alive-500', /"code":500/],
  ['an error', () => get(`/self-service/errors?id=${SOME_ID}`), 200, MADE_UP, /"id"/],
]

describe.each(['spec', 'wire'] as const)('in the dialect %s, Prefer: code=', (dialect) => {
  async function prefer(prepare: Prepare, preference: string): Promise<Seen> {
    const { mock, failures } = await makeMock({ fixture: 'team', auth: 'off', dialect })
    const ask = asking(createApp(mock))
    const asked = await prepare(ask)
    const seen = await ask({ ...asked, headers: { ...asked.headers, Prefer: preference } })
    expect(failures).toEqual([])
    return seen
  }

  it.each(ROWS)('%s, %#: %s %i', async (...[, prepare, status, name, says]) => {
    const seen = await prefer(prepare, `code=${status}`)
    expect({ status: seen.status, text: seen.text }).toEqual({ status, text: expect.stringMatching(says) })
    expect(seen.headers['x-mock-contract-violation']).toBeUndefined()
    const { 'x-mock-switch': met, 'x-mock-generated': madeUp } = seen.headers
    expect([met, madeUp]).toEqual(name === MADE_UP ? [undefined, 'true'] : [name, undefined])
  })

  it('state and switches come before what is made up, which says so', async () => {
    expect((await prefer(fetchLogin, 'code=410')).headers['x-mock-generated']).toBeUndefined()
    expect((await prefer(whoami, 'code=200')).headers['x-mock-generated']).toBeUndefined()
    expect((await prefer(() => get('/projects'), 'code=418')).headers['x-mock-generated']).toBe('true')
  })

  it.each([
    ['code=418', /listIdentitySchemas does not document the status 418\. It has 200, 400, 500\./],
    ['code=abc', /the header Prefer: "abc" is no status of an answer\. Send code=410, for example\./],
    ['code=99', /"99" is no status/],
    ['code=100', /"100" is no status/],
    ['code=', /"" is no status/],
  ])('%s is refused, with the reason', async (preference, reason) => {
    const { status, text } = await prefer(() => get('/schemas'), preference)
    expect(status).toBe(400)
    expect(JSON.parse(text).error.reason).toMatch(reason)
  })

  it.each(['respond-async', 'return=minimal', 'wait=10', 'return=representation, handling=lenient', ''])(
    'other preferences are for others: %j',
    async (preference) => {
      const seen = await prefer(() => get('/schemas'), preference)
      expect([seen.status, seen.headers['x-mock-switch']]).toEqual([200, undefined])
    },
  )

  it.each(['return=minimal, code=500', 'code=500; wait=3', 'code="500"'])(
    'stands among others: %s',
    async (preference) => {
      expect((await prefer(() => get('/schemas'), preference)).status).toBe(500)
    },
  )
})
