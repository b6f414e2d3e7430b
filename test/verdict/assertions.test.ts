import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallLike, connectOryMock, createOryMock, JournalAssertionError, type OryMock } from '../../src/index.ts'
import { startOnePort } from '../support/running-mock.ts'

const PASSWORD = 'wrong-horse-battery'
const JSON_TYPE = { 'Content-Type': 'application/json' }

let server: OryMock
let mock: OryMock
let count = 0

beforeAll(async () => {
  server = await createOryMock({ clock: '2022-07-27T12:00:00Z', seed: 'assertions', auth: 'off', requests: 'report' })
})
beforeEach(() => {
  mock = server.sandbox(`a${++count}`)
})
afterAll(() => server.close())

/** Begins a login of a native app and submits it. @returns the flow's id */
async function logIn(identifier: string, headers: Record<string, string> = {}): Promise<string> {
  const flow = (await (await fetch(`${mock.url}/self-service/login/api`)).json()) as { id: string }
  await fetch(`${mock.url}/self-service/login?flow=${flow.id}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ method: 'password', password: PASSWORD, identifier }),
  })
  return flow.id
}

const whoami = (token = 'a-token-of-nobody') =>
  fetch(`${mock.url}/sessions/whoami`, { headers: { 'X-Session-Token': token } })

/** What a failed assertion says, with the flow's id left out. */
async function said(assertion: Promise<unknown>): Promise<readonly string[]> {
  const error = await assertion.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(JournalAssertionError)
  return (error as Error).message.replaceAll(/\?flow=[\w-]+/g, '?flow=…').split('\n')
}

const SUBMIT = 'submitSelfServiceLoginFlow'

describe('a call was made', () => {
  it('by the name of its operation, at least once', async () => {
    await logIn('ada@example.com')
    expect(await mock.journal.called(SUBMIT)).toEqual([2])
    expect(await said(mock.journal.called('toSession'))).toEqual([
      'toSession was expected to be called, and was never called.',
      'Nearest:',
      '  #2 POST /self-service/login?flow=… → 400',
      '    - operation is submitSelfServiceLoginFlow, not toSession',
      '  #1 GET /self-service/login/api → 200',
      '    - operation is initializeSelfServiceLoginFlowWithoutBrowser, not toSession',
    ])
  })

  it('so often', async () => {
    await whoami()
    await whoami()
    expect(await mock.journal.called('toSession', { times: 2 })).toEqual([1, 2])
    expect(await mock.journal.called('toSession', { atLeast: 1, atMost: 2 })).toEqual([1, 2])
    expect(await said(mock.journal.calledOnce('toSession'))).toEqual([
      'toSession was expected to be called exactly once, and was called twice:',
      '  #1 GET /sessions/whoami → 401',
      '  #2 GET /sessions/whoami → 401',
    ])
    expect(await said(mock.journal.called('toSession', { atLeast: 3 }))).toEqual([
      'toSession was expected to be called at least 3 times, and was called twice.',
      '  #1 GET /sessions/whoami → 401',
      '  #2 GET /sessions/whoami → 401',
    ])
    const [most] = await said(mock.journal.called('toSession', { atLeast: 1, atMost: 1 }))
    expect(most).toBe('toSession was expected to be called exactly once, and was called twice:')
  })

  it('never', async () => {
    await whoami()
    await mock.journal.neverCalled(SUBMIT)
    expect(await said(mock.journal.neverCalled({ operation: 'toSession', status: '4xx' }))).toEqual([
      'toSession',
      '  with status 4xx',
      'was expected never to be called, and was called once:',
      '  #1 GET /sessions/whoami → 401',
    ])
  })

  it('by an additional route of its operation', async () => {
    await fetch(`${mock.url}/sessions/whoami`, { method: 'PUT' })
    expect(await mock.journal.calledOnce('toSession')).toBe(1)
    expect((await mock.journal.entries({ operation: 'toSession' })).map(({ id }) => id)).toEqual([1])
  })
})

describe('a call is like', () => {
  it('what was sent: status, headers, query, and a body with other members too', async () => {
    const flow = await logIn('ada@example.com', { 'X-App': 'shop' })
    const call = {
      operation: SUBMIT,
      method: 'post',
      path: '/self-service/login',
      status: [200, '4xx'],
      query: { flow },
      headers: { 'x-APP': /^sho/ },
      body: { method: 'password', identifier: /^ADA@/i },
      response: { body: { ui: { messages: [{ id: 4000006 }] } }, headers: { 'content-type': /json/ } },
    } as const
    expect(await mock.journal.calledOnce(call)).toBe(2)
  })

  it('what came nearest says what is different, the least different first', async () => {
    await logIn('ada@example.com')
    await logIn('bob@example.com', { 'X-App': 'shop' })
    await whoami()
    const call = {
      operation: SUBMIT,
      status: 200,
      headers: { 'X-App': 'shop' },
      body: { identifier: 'bob@example.com', remember: true },
    } as const
    expect(await said(mock.journal.called(call))).toEqual([
      'submitSelfServiceLoginFlow',
      '  with status 200',
      '  with headers {"X-App":"shop"}',
      '  with body {"identifier":"bob@example.com","remember":true}',
      'was expected to be called, and was never called.',
      'Nearest:',
      '  #4 POST /self-service/login?flow=… → 400',
      '    - status is 400, not 200',
      '    - body /remember is missing, and should be true (there are: method, password, identifier)',
      '  #2 POST /self-service/login?flow=… → 400',
      '    - status is 400, not 200',
      '    - header x-app is missing, and should be "shop"',
      '    - body /identifier is "ada@example.com", not "bob@example.com"',
      '    - body /remember is missing, and should be true (there are: method, password, identifier)',
      '  #5 GET /sessions/whoami → 401',
      '    - operation is toSession, not submitSelfServiceLoginFlow',
    ])
  })

  it('a secret that is compared, and not printed', async () => {
    await logIn('ada@example.com')
    await mock.journal.calledOnce({ operation: SUBMIT, body: { password: PASSWORD } })
    const lines = await said(mock.journal.called({ operation: SUBMIT, body: { password: 'another' } }))
    expect(lines).toContain('    - body /password is "<masked>", not "another"')
    expect(lines.join()).not.toContain(PASSWORD)
  })

  it('the fields of a form, a dotted name as a member of a member', async () => {
    await fetch(`${mock.url}/self-service/registration?flow=x`, {
      method: 'POST',
      body: new URLSearchParams({ 'traits.email': 'ada@example.com', 'traits.newsletter': 'true', method: 'password' }),
    })
    const body = { traits: { email: /@example\.com$/, newsletter: true }, method: 'password' }
    await mock.journal.calledOnce({ operation: 'submitSelfServiceRegistrationFlow', body })
    const other = { traits: { email: 'bob@example.com' } }
    const lines = await said(mock.journal.called({ operation: 'submitSelfServiceRegistrationFlow', body: other }))
    expect(lines).toContain('    - body /traits/email is "ada@example.com", not "bob@example.com"')
  })

  it('a switch that met it', async () => {
    await fetch(`${mock.url}/health/alive`, { headers: { 'X-Mock-Switch': 'internal-error' } })
    await whoami()
    expect(await mock.journal.called({ switches: ['internal-error'] })).toEqual([1])
    expect(await said(mock.journal.called({ operation: 'toSession', switches: ['internal-error'] }))).toContain(
      '    - switch internal-error did not meet it',
    )
  })

  it('what matchers of expect say', async () => {
    await logIn('ada@example.com')
    const like = (body: object) => mock.journal.called({ operation: SUBMIT, body: body as CallLike['body'] & object })
    await like({ identifier: expect.any(String), password: expect.anything() })
    await like({ identifier: expect.stringContaining('ada'), method: expect.stringMatching(/^pass/) })
    await like(expect.objectContaining({ identifier: expect.not.stringContaining('bob') }))
    const [last] = (await said(like({ identifier: expect.not.stringContaining('ada') }))).slice(-3)
    expect(last).toBe('    - body /identifier is "ada@example.com", which is what it should not be')
    expect(await said(like({ identifier: expect.any(Number) }))).toContain(
      '    - body /identifier is "ada@example.com", which is not of type number',
    )
    await expect(like({ identifier: expect.closeTo(1) })).rejects.toThrow(/the server, which knows no NumberCloseTo/)
  })
})

describe('calls in order', () => {
  it('come one after the other, with others between', async () => {
    await logIn('ada@example.com')
    await whoami()
    await fetch(`${mock.url}/health/alive`)
    await whoami()
    expect(await mock.journal.calledInOrder(SUBMIT, 'toSession', 'isAlive', 'toSession')).toEqual([2, 3, 4, 5])
    expect(await mock.journal.calledInOrder('toSession', 'toSession')).toEqual([3, 5])
  })

  it('what does not come after the others is named, and where it came before', async () => {
    await whoami()
    await logIn('ada@example.com')
    expect(await said(mock.journal.calledInOrder(SUBMIT, { operation: 'toSession', status: 401 }))).toEqual([
      'Step 2 of 2: toSession',
      '  with status 401',
      'was not called, after step 1.',
      '  step 1 was #3 POST /self-service/login?flow=… → 400',
      'It was called too early:',
      '  #1 GET /sessions/whoami → 401',
    ])
  })
})

describe('the contract was never violated', () => {
  it('by nobody, or the call and what it violated is named', async () => {
    await whoami()
    await mock.journal.neverViolated()
    const body = JSON.stringify({ schema_id: 1, traits: {} })
    await fetch(`${mock.url}/admin/identities`, { method: 'POST', headers: JSON_TYPE, body })
    const lines = [
      'Nobody was expected to break the contract, and one call did:',
      '  #2 POST /admin/identities → 400',
      '    - request body /schema_id: must be string',
    ]
    expect(await said(mock.journal.neverViolated())).toEqual(lines)
    await mock.journal.neverViolated({ side: 'response' })
    await mock.journal.neverViolated({ operation: 'toSession' })
    const [first] = await said(mock.journal.neverViolated({ side: 'request', operation: 'adminCreateIdentity' }))
    expect(first).toBe('No request was expected to break the contract of adminCreateIdentity, and one call did:')
  })
})

describe('a journal that has forgotten', () => {
  it('does not say that something never happened', async () => {
    const small = await startOnePort({ journalSize: 2 })
    const { journal } = connectOryMock(small.url)
    for (let count = 0; count < 3; count++) await fetch(`${small.url}/health/alive`)
    expect(await journal.called('isAlive', { atLeast: 2 })).toEqual([2, 3])
    const forgotten =
      'The journal has forgotten 1 older call: empty it before what is to be judged, or keep more (--journal-size, --journal-bytes).'
    expect(await said(journal.neverCalled('toSession'))).toEqual([
      'toSession was expected never to be called. Nobody can tell.',
      forgotten,
    ])
    expect(await said(journal.neverViolated())).toContain(forgotten)
    expect(await said(journal.called('isAlive', { atLeast: 3 }))).toContain(forgotten)
    await journal.clear()
    await journal.neverCalled('toSession')
    await small.close()
  })
})
