import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectOryMock, createOryMock, type OryMock } from '../../src/index.ts'
import { namedFiles } from '../../src/simulation/named-files.ts'
import { BUILT_IN_FIXTURES, BUILT_IN_SCENARIOS } from '../../src/test-api/built-in.ts'

const NOON = '2022-07-27T12:00:00Z'
const PASSWORD = 'sand-castle-4711'

let server: OryMock
let mock: OryMock
let count = 0

beforeAll(async () => {
  server = await createOryMock({ clock: NOON, seed: 'verbs' })
})
beforeEach(() => {
  mock = server.sandbox(`v${++count}`)
})
afterAll(() => server.close())

interface Flow {
  readonly ui: { readonly action: string; readonly messages?: readonly { readonly id: number }[] }
}

const json = { Accept: 'application/json', 'Content-Type': 'application/json' }

/** Begins a flow of a native app and submits it. */
async function submit(flow: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const begun = await fetch(`${mock.url}/self-service/${flow}`, { headers: { ...json, ...headers } })
  const { ui } = (await begun.json()) as Flow
  return fetch(ui.action, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
}

const whoami = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${mock.url}/sessions/whoami`, { headers: { ...json, ...headers } })

describe('mock.identity', () => {
  test('makes somebody who can sign in with password and authenticator app', async () => {
    const ada = await mock.identity({ email: 'ada@example.com', password: PASSWORD, totp: true, verified: true })
    expect(ada.body).toMatchObject({
      state: 'active',
      traits: { email: 'ada@example.com' },
      verifiable_addresses: [{ value: 'ada@example.com', verified: true, status: 'completed' }],
    })
    const first = await submit('login/api', { method: 'password', identifier: ada.email, password: ada.password })
    expect(first.status).toBe(200)
    const { session_token } = (await first.json()) as { session_token: string }
    const second = await submit(
      'login/api?aal=aal2',
      { method: 'totp', totp_code: await ada.totpCode() },
      {
        'X-Session-Token': session_token,
      },
    )
    expect(second.status).toBe(200)
  })

  test('its code follows the clock of the sandbox', async () => {
    const ada = await mock.identity({ email: 'ada@example.com', totp: 'JBSWY3DPEHPK3PXP' })
    const code = await ada.totpCode()
    await mock.clock.advance('29s')
    expect(await ada.totpCode()).toBe(code)
    await mock.clock.advance('1s')
    expect(await ada.totpCode()).not.toBe(code)
  })

  test('somebody without an authenticator app has no code', async () => {
    const ada = await mock.identity({ email: 'ada@example.com' })
    await expect(ada.totpCode()).rejects.toThrow(/totp: true/)
  })

  test('is made whole or not at all', async () => {
    await mock.identity({ email: 'ada@example.com' })
    await expect(mock.identity({ email: 'ada@example.com' })).rejects.toThrow(/another identity/)
    await expect(mock.identity({ email: 'no address' })).rejects.toThrow(/email/)
    await mock.config({ identity: { schemas: [{ id: 'default', url: 'base64://e30=' }] } })
    await expect(mock.identity({ traits: {}, password: PASSWORD })).rejects.toThrow(/no trait to sign in with/)
    expect((await mock.state()).identities).toHaveLength(1)
  })

  test('people in bulk are for fixtures', async () => {
    const bulk = { generate: { count: 2 } } as object
    await expect(mock.identity(bulk)).rejects.toThrow(/from fixtures only/)
  })
})

describe('mock.session', () => {
  test('signs somebody in: by token, by cookie, as long ago as wanted', async () => {
    await mock.identity({ email: 'ada@example.com', totp: true })
    const session = await mock.session({ identity: 'ada@example.com', aal: 'aal2', age: '1h30m' })
    const byToken = await whoami({ 'X-Session-Token': session.session_token })
    expect(await byToken.json()).toMatchObject({
      authenticator_assurance_level: 'aal2',
      authenticated_at: '2022-07-27T10:30:00Z',
    })
    expect((await whoami({ Cookie: session.cookieHeader })).status).toBe(200)
    const { name, value, url } = session.browserCookie
    expect(`${name}=${value}`).toBe(session.cookieHeader)
    expect(url).toBe(server.url)
  })

  test('of nobody is refused by name', async () => {
    await expect(mock.session({ identity: 'nobody@example.com' })).rejects.toThrow(/nobody@example.com/)
  })
})

describe('mock.tuple', () => {
  test('adds relation tuples, all of them or none', async () => {
    await mock.config({ namespaces: [{ id: 1, name: 'files' }] })
    const group = { namespace: 'files', object: 'team', relation: 'member' }
    await mock.tuple('files:team#member@ada', { namespace: 'files', object: 'f', relation: 'view', subject_set: group })
    const query = 'namespace=files&object=f&relation=view&subject_id=ada'
    const check = await fetch(`${mock.url}/relation-tuples/check?${query}`, {
      headers: { Authorization: 'Bearer any' },
    })
    expect(await check.json()).toEqual({ allowed: true })
    await expect(mock.tuple('files:g#view@ada', 'videos:v#view@ada')).rejects.toThrow(/\/1.*videos/)
    expect((await mock.state()).relation_tuples).toHaveLength(2)
  })
})

describe('mock.mail', () => {
  const recover = (email: string) => submit('recovery/api', { method: 'link', email })

  test('lists, picks the newest, and clears by recipient', async () => {
    await mock.identity({ email: 'ada@example.com' })
    await mock.identity({ email: 'bob@example.com' })
    await recover('ada@example.com')
    await recover('ada@example.com')
    await recover('bob@example.com')
    expect((await mock.mail.list()).map(({ to }) => to)).toEqual([
      'ada@example.com',
      'ada@example.com',
      'bob@example.com',
    ])
    const last = await mock.mail.last('ada@example.com')
    expect(last).toEqual((await mock.mail.list('ada@example.com'))[1])
    expect(last.link).toContain(`${mock.url}/self-service/recovery?`)
    await mock.mail.clear('ada@example.com')
    await expect(mock.mail.last('ada@example.com')).rejects.toThrow('Mail went to bob@example.com.')
    await mock.mail.clear()
    await expect(mock.mail.last()).rejects.toThrow('Nobody got mail.')
  })
})

describe('other verbs', () => {
  test('scenario tells and chooses', async () => {
    expect(await mock.scenario()).toEqual({ name: null })
    expect(await mock.scenario('expired-flow')).toMatchObject({ name: 'expired-flow' })
    expect(await mock.scenario({ name: 'aal2-required' })).toMatchObject({ name: 'aal2-required' })
    await expect(mock.scenario({ name: 'expired-flwo' })).rejects.toThrow(/Did you mean "expired-flow"/)
    expect(await mock.scenario(null)).toEqual({ name: null })
  })

  test('config tells and changes', async () => {
    await mock.config({ session: { lifespan: '7m' } })
    expect(await mock.config()).toMatchObject({ session: { lifespan: '7m' } })
    await expect(mock.config({ session: { lifespan: 'soon' } })).rejects.toThrow(/lifespan/)
  })

  test('socialSignIn decides what the provider answers', async () => {
    await mock.socialSignIn('acme', { sub: 'ada', claims: { email: 'ada@example.com' } })
    expect((await mock.state()).oidc_answers).toMatchObject([{ id: 'acme', answer: { sub: 'ada' } }])
    await mock.socialSignIn('acme', null)
    expect((await mock.state()).oidc_answers).toEqual([])
    await expect(mock.socialSignIn('nobody', null)).rejects.toMatchObject({ status: 404 })
  })

  test('setState replaces the world', async () => {
    await mock.identity({ email: 'ada@example.com' })
    await mock.setState({ identities: [{ email: 'bob@example.com' }] })
    expect((await mock.state()).identities).toMatchObject([{ traits: { email: 'bob@example.com' } }])
  })

  test('contract is the document as checked, or as published', async () => {
    const [effective, published] = [await mock.contract(), await mock.contract('published')]
    expect(effective['openapi']).toBe(published['openapi'])
    expect(effective).not.toEqual(published)
  })

  test('a sandbox that is closed is gone, with what it held', async () => {
    await mock.identity({ email: 'ada@example.com' })
    expect(await server.sandboxes()).toContainEqual(expect.objectContaining({ name: `v${count}`, identities: 1 }))
    await mock.close()
    expect((await server.sandboxes()).map(({ name }) => name)).not.toContain(`v${count}`)
    expect((await mock.state()).identities).toEqual([])
  })

  test('connectOryMock has the same sandboxes of a server elsewhere, and leaves it running', async () => {
    const connected = connectOryMock(`${mock.url}/`)
    expect(connected.url).toBe(mock.url)
    await connected.identity({ email: 'ada@example.com' })
    expect((await mock.state()).identities).toHaveLength(1)
    expect(connected.sandbox('x').url).toBe(`${server.url}/~x`)
    await connected.close()
    expect((await mock.state()).identities).toHaveLength(1)
  })

  test('a server that is not there is named', async () => {
    await expect(connectOryMock('http://localhost:1').state()).rejects.toThrow(
      'There is no mock server at http://localhost:1.',
    )
  })
})

describe('createOryMock', () => {
  test('serves an app: pages, return addresses and CORS are its', async () => {
    const own = await createOryMock({ app: 'http://localhost:3000' })
    const { headers } = await fetch(`${own.url}/self-service/login/browser`, { redirect: 'manual' })
    expect(headers.get('location')).toMatch(/^http:\/\/localhost:3000\/login\?flow=/)
    await own.close()
  })

  test.each([
    ['a fixture', { fixture: { identities: [{ emial: 'x' }] } as object }, /identities\/0.*emial/],
    ['a fixture file', { fixture: { file: 'nowhere.json' } }, /no such file/],
    ['a scenario file', { scenario: { file: 'nowhere.json' } }, /no such file/],
    ['a clock', { clock: 'soon' }, /"soon" is no time/],
  ])('says what is wrong with %s', async (_, options, message) => {
    await expect(createOryMock(options)).rejects.toThrow(message)
  })
})

test('the names in the types are those of the files', () => {
  const names = (kind: 'fixtures' | 'scenarios') => namedFiles(kind).map(({ name }) => name)
  expect([...BUILT_IN_FIXTURES].sort()).toEqual(names('fixtures'))
  expect([...BUILT_IN_SCENARIOS].sort()).toEqual(names('scenarios'))
})
