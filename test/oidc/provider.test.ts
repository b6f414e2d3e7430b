import supertest from 'supertest'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Browser, fieldOf, flowIn, HOST, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'

const ANN = 'ann@example.org'

let server: Server
let browser: Browser
beforeEach(() => {
  server = new Server()
  browser = server.browser()
})

async function leave(kind: 'login' | 'registration' = 'login'): Promise<string> {
  const { body } = await browser.submit(kind, await browser.begin(kind), { provider: 'acme' })
  return body.redirect_browser_to
}

/** Sends a form of the page with these values, as a browser does, and returns to the application. */
async function choose(to: string, values: Record<string, string>) {
  const { status, location } = await browser.get(`${to}&${new URLSearchParams(values)}`, { html: true })
  expect([status, location]).toEqual([303, expect.stringContaining('/self-service/methods/oidc/callback/acme?state=')])
  return browser.get(String(location), { html: true })
}

const put = (url: string, body: string, type = 'application/json') =>
  supertest(server.app).put(url).set({ Host: HOST, 'Content-Type': type }).send(body)

const traits = async () => (await browser.get('/sessions/whoami')).body.identity?.traits

describe('the sign-in page of the built-in provider', () => {
  it('names provider, application and scopes, and those whom the project knows', async () => {
    await server.person(ANN)
    const { status, text } = await browser.get(await leave(), { html: true })
    expect(status).toBe(200)
    expect(text).toContain('<title>Sign in with Acme</title>')
    expect(text).toContain('The application <strong>demo</strong> asks for')
    for (const scope of ['email', 'profile', 'openid']) expect(text).toContain(`<code>${scope}</code>`)
    expect(text).toContain(`Continue as <strong>${ANN}</strong></button>`)
  })

  it('is plain HTML: a language, a heading, a label for every field, forms that come back by GET, no script', async () => {
    const { text } = await browser.get(await leave(), { html: true })
    expect(text).toContain('<html lang="en">')
    expect(text.match(/<h1>/g)).toHaveLength(1)
    const visible = text.match(/<input(?! type="hidden")[^>]*>/g) ?? []
    const labelled = text.match(/<label[^>]*>[^<]*<input[^>]*>/g) ?? []
    expect(labelled).toHaveLength(visible.length)
    expect(text.match(/<form method="get">/g)).toHaveLength(2)
    expect(text).not.toMatch(/<script| on[a-z]+=/)
  })

  it('signs up somebody new with the address and name that they give', async () => {
    const values = { as: 'new', email: 'Zoë.New@example.org', name: 'Zoë van New', share_email: 'true' }
    const { location } = await choose(await leave('registration'), values)
    expect(location).toBe(`${URL_OF_SERVER}/ui/welcome`)
    const [identity] = [...server.world.identities.values()]
    expect(identity?.credentials.oidc?.identifiers).toEqual(['acme:zoë.new@example.org'])
    expect(await traits()).toMatchObject({ email: 'Zoë.New@example.org' })
    browser = server.browser()
    await choose(await leave(), { ...values, email: 'zoë.new@EXAMPLE.org' })
    expect(server.world.identities.size).toBe(1)
    expect(await traits()).toMatchObject({ email: 'Zoë.New@example.org' })
  })

  it('keeps the address back from the application when that is not to be shared', async () => {
    const { location } = await choose(await leave('registration'), { as: 'new', email: ANN })
    const form = await browser.fetch('registration', flowIn(location))
    expect([saidBy(form), fieldOf(form, 'traits.email')]).toEqual([{ 'traits.email': [4000002] }, undefined])
  })

  it('signs in one who is linked, under the account that is linked', async () => {
    const told: JsonObject = { sub: 'ann-at-acme', claims: { email: ANN } }
    await put('/__mock/oidc/acme/next', JSON.stringify(told))
    await browser.get(String((await browser.get(await leave('registration'), { html: true })).location))
    await put('/__mock/oidc/acme/next', 'null')
    browser = server.browser()
    const to = await leave()
    const page = await browser.get(to, { html: true })
    expect(page.text).toContain('<small>(linked)</small>')
    const [id] = [...server.world.identities.values()].map((identity) => identity.id)
    await choose(to, { as: String(id), share_email: 'true' })
    expect(await traits()).toMatchObject({ email: ANN })
    browser = server.browser()
    await choose(await leave(), { as: 'new', email: 'Ann@Example.org', share_email: 'true' })
    expect(await traits()).toMatchObject({ email: ANN })
    expect(server.world.identities.size).toBe(1)
  })

  it('takes a refusal back to the application', async () => {
    const { location } = await choose(await leave(), { refuse: 'true' })
    expect(textsOf(await browser.fetch('login', flowIn(location)))).toEqual([
      'Unable to complete OpenID Connect flow because the OpenID Provider returned error "access_denied": The resource owner denied the request.',
    ])
  })

  it('sends nobody to an address that is not the callback', async () => {
    const to = new URL(await leave())
    for (const [name, value] of [
      ['redirect_uri', 'https://evil.example.com/'],
      ['redirect_uri', `${URL_OF_SERVER}/self-service/methods/oidc/callback/other`],
      ['response_type', 'token'],
    ] as const) {
      const changed = new URL(to)
      changed.searchParams.set(name, value)
      const { status, location, text } = await browser.get(`${changed}&as=new&email=${ANN}`, { html: true })
      expect([status, location]).toEqual([400, undefined])
      expect(text).toContain('role="alert"')
    }
  })

  it('shows what comes in the address as text', async () => {
    const to = `${await leave()}&prompt=${encodeURIComponent('"><script>alert(1)</script>')}`
    const { text } = await browser.get(to, { html: true })
    expect(text).not.toContain('<script>')
    expect(text).toContain('&#34;&#62;&#60;script&#62;')
  })

  it('is there for the configured providers alone', async () => {
    const { status, text } = await browser.get('/__mock/oidc/nope/authorize?state=x', { html: true })
    expect(status).toBe(404)
    expect(text).toContain('It has: acme.')
  })
})

describe('what a provider is told to answer', () => {
  it('counts until something else is told, and null shows the page again', async () => {
    await put('/__mock/oidc/acme/next', '{"error":"temporarily_unavailable"}')
    for (const _ of [1, 2]) {
      const { location } = await browser.get(await leave(), { html: true })
      expect(location).toContain('error=temporarily_unavailable')
    }
    await put('/__mock/oidc/acme/next', '{"sub":"x"}')
    expect((await browser.get(await leave(), { html: true })).location).toMatch(
      /\?state=[0-9a-f-]{36}&code=[0-9a-f-]{36}$/,
    )
    await put('/__mock/oidc/acme/next', 'null')
    expect((await browser.get(await leave(), { html: true })).status).toBe(200)
  })

  it('is refused with what is wrong when it makes no sense', async () => {
    for (const [body, problem] of [
      ['', 'no JSON object'],
      ['{"sub":', 'not JSON'],
      ['"sub"', 'no JSON object'],
      ['{}', '"sub" must be a text'],
      ['{"sub":""}', '"sub" must be a text'],
      ['{"sub":"x","claims":[]}', '"claims" must be an object'],
      ['{"sub":"x","withoutIdToken":"yes"}', '"withoutIdToken" must be true or false'],
      ['{"sub":"x","claim":{}}', '"claim" means nothing here'],
      ['{"error":7}', '"error" and "error_description" must be texts'],
    ] as const) {
      const answer = await put('/__mock/oidc/acme/next', body)
      expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(problem)])
    }
    const unknown = await put('/__mock/oidc/nope/next', '{"sub":"x"}')
    expect([unknown.status, unknown.body.error]).toEqual([404, expect.stringContaining('It has: acme.')])
  })

  it('cannot be told by a form of a web page, nor by another site', async () => {
    expect((await put('/__mock/oidc/acme/next', '{"sub":"x"}', 'text/plain')).status).toBe(415)
    const cross = await put('/__mock/oidc/acme/next', '{"sub":"x"}').set('Origin', 'https://evil.example.com')
    expect(cross.status).toBe(403)
    expect((await browser.get(await leave(), { html: true })).status).toBe(200)
  })
})

describe('a provider that grants less than was asked for', () => {
  it('is refused where Ory insists on every scope', async () => {
    const providers = [{ id: 'acme', provider: 'github', client_id: 'demo', scope: ['user:email'] }]
    server = new Server({ selfservice: { methods: { oidc: { config: { providers } } } } })
    browser = server.browser()
    const { location } = await choose(await leave(), { as: 'new', email: ANN })
    expect(textsOf(await browser.fetch('login', flowIn(location)))).toEqual([
      'Unable to finish because one or more permissions were not granted. Please retry and accept all permissions.',
    ])
    await choose(await leave(), { as: 'new', email: ANN, share_email: 'true' })
    expect(await traits()).toMatchObject({ email: ANN })
  })
})
