import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { fieldOf, flowIn, namesOf, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'

const ANN = 'ann@example.org'
const MINUTE = 60_000
const UNKNOWN = '6f0b6c0e-0000-4000-8000-000000000000'

let server: Server
beforeEach(() => {
  server = new Server()
})

const withFlow = (recovery: JsonObject): JsonObject => ({ selfservice: { flows: { recovery } } })
const withLink = (link: JsonObject): JsonObject => ({ selfservice: { methods: { link } } })

describe('a recovery flow begins', () => {
  it('with a field for the e-mail address', async () => {
    const flow = await server.browser().begin('recovery')
    expect(flow).toMatchObject({ type: 'browser', state: 'choose_method' })
    expect(namesOf(flow)).toEqual(['default/csrf_token', 'link/email', 'link/method'])
    expect(fieldOf(flow, 'email')).toBeUndefined()
    expect(flow.ui.action).toBe(`${URL_OF_SERVER}/self-service/recovery?flow=${flow.id}`)
  })

  it('in a browser by a redirect to the page, with the return address kept', async () => {
    const browser = server.browser()
    const path = '/self-service/recovery/browser?return_to=http://localhost:3000/done'
    const { status, location } = await browser.get(path, { html: true })
    expect(status).toBe(303)
    expect(location).toContain('/ui/recovery?flow=')
    expect(await browser.fetch('recovery', flowIn(location))).toMatchObject({ return_to: 'http://localhost:3000/done' })
  })

  it('not for one who is signed in: JSON clients are told, browsers sent on', async () => {
    await server.person(ANN)
    const browser = await server.signedIn(ANN)
    const path = '/self-service/recovery/browser'
    expect(await browser.get(path)).toMatchObject({
      status: 400,
      body: { error: { id: 'session_already_available' } },
    })
    expect(await browser.get(path, { html: true })).toMatchObject({
      status: 302,
      location: `${URL_OF_SERVER}/ui/welcome`,
    })
    const own = `${URL_OF_SERVER}/self-service/settings/browser`
    expect(await browser.get(`${path}?return_to=${own}`, { html: true })).toMatchObject({ status: 302, location: own })
    const foreign = await browser.get(`${path}?return_to=https://evil.example.com`, { html: true })
    expect(foreign.location).toBe(`${URL_OF_SERVER}/ui/welcome`)
  })

  it('not where the project does not offer it', async () => {
    server = new Server(withFlow({ enabled: false }))
    const reason = 'Recovery is not allowed because it was disabled.'
    for (const path of ['browser', 'api', `flows?id=${UNKNOWN}`]) {
      const browser = server.browser()
      expect((await browser.get(`/self-service/recovery/${path}`)).body.error).toMatchObject({ code: 400, reason })
      expect((await browser.get(`/self-service/recovery/${path}`, { html: true })).location).toContain('/ui/error?id=')
    }
  })

  it('without a form where links are not offered', async () => {
    server = new Server(withLink({ enabled: false }))
    expect((await server.browser().begin('recovery', 'api')).ui.nodes).toBeNull()
  })
})

describe('a recovery flow is fetched', () => {
  it('by the browser alone that began it', async () => {
    const { id } = await server.browser().begin('recovery')
    const other = await server.browser().get(`/self-service/recovery/flows?id=${id}`)
    expect(other).toMatchObject({ status: 403, body: { error: { id: 'security_csrf_violation' } } })
    const { id: api } = await server.browser().begin('recovery', 'api')
    expect((await server.browser().get(`/self-service/recovery/flows?id=${api}`)).status).toBe(200)
  })

  it('until it expires: then the answer says where to begin again', async () => {
    const browser = server.browser()
    const back = 'http://localhost:3000/done'
    const { id } = await browser.begin('recovery', 'browser', `?return_to=${back}`)
    server.world.clock.advance(30 * MINUTE)
    const { status, body } = await browser.get(`/self-service/recovery/flows?id=${id}`)
    expect(status).toBe(410)
    expect(body.error.id).toBeUndefined()
    expect(body.error.details).toEqual({
      redirect_to: `${URL_OF_SERVER}/self-service/recovery/browser?return_to=${encodeURIComponent(back)}`,
      return_to: back,
    })
  })

  it('not under an unknown id, nor under that of a flow of another kind', async () => {
    const browser = server.browser()
    const { id } = await browser.begin('verification')
    for (const each of [UNKNOWN, id]) {
      expect((await browser.get(`/self-service/recovery/flows?id=${each}`)).status).toBe(404)
    }
  })
})

describe('asking for a recovery link', () => {
  it('is answered alike for people and strangers, who get different mails', async () => {
    await server.person(ANN)
    const answers: unknown[] = []
    for (const email of ['ANN@Example.org', 'nobody@example.org']) {
      const browser = server.browser()
      const flow = await browser.begin('recovery')
      const { status, body } = await browser.submit('recovery', flow, { method: 'link', email })
      expect([status, body.state, body.active, fieldOf(body, 'email')]).toEqual([200, 'sent_email', 'link', email])
      answers.push(saidBy(body))
    }
    expect(answers).toEqual([{ '': [1060002] }, { '': [1060002] }])
    const [known] = await server.mails(ANN)
    expect(known).toMatchObject({ to: ANN, subject: 'Recover access to your account', sent_at: '2022-07-27T12:00:00Z' })
    expect(known?.link).toMatch(
      new RegExp(`^${URL_OF_SERVER}/self-service/recovery\\?flow=[0-9a-f-]{36}&token=[A-Za-z0-9]{32}$`),
    )
    expect(known?.body).toBe(
      `Hi,\n\nplease recover access to your account by clicking the following link:\n\n${known?.link}\n`,
    )
    const [unknown] = await server.mails('nobody@example.org')
    expect(unknown).toMatchObject({ subject: 'Account access attempted' })
    expect(unknown?.link).toBeUndefined()
  })

  it('sends browsers back to the page', async () => {
    await server.person(ANN)
    const browser = server.browser()
    const flow = await browser.begin('recovery')
    const answer = await browser.submitForm('recovery', flow, { method: 'link', email: ANN })
    expect(answer).toMatchObject({ status: 303, location: `${URL_OF_SERVER}/ui/recovery?flow=${flow.id}` })
    expect(saidBy(await browser.fetch('recovery', flow.id))).toEqual({ '': [1060002] })
  })

  it('refuses what is no address, and shows what was typed only when it was of use', async () => {
    const browser = server.browser()
    const flow = await browser.begin('recovery')
    const cases: [JsonObject, Record<string, number[]>, string][] = [
      [{ method: 'link' }, { email: [4000002] }, 'link'],
      [{ method: 'link', email: '' }, { email: [4000002] }, 'link'],
      [{ method: 'link', email: 'nope' }, { email: [4000001] }, 'link'],
      [{ method: 'link', email: '  ann@example.org ' }, { email: [4000001] }, 'link'],
      [{ method: 'pigeon', email: ANN }, { '': [4010005] }, 'default'],
      [{ email: ANN }, { '': [4010005] }, 'default'],
    ]
    for (const [values, said, active] of cases) {
      const { status, body } = await browser.submit('recovery', flow, values)
      expect([status, saidBy(body), body.active, body.state]).toEqual([400, said, active, 'choose_method'])
      expect(fieldOf(body, 'email')).toBeUndefined()
    }
    await browser.submit('recovery', flow, { method: 'link', email: ANN })
    const { body } = await browser.submit('recovery', flow, { method: 'link', email: 'nope' })
    expect([saidBy(body), body.state, fieldOf(body, 'email')]).toEqual([{ email: [4000001] }, 'sent_email', ANN])
  })

  it('needs the anti-CSRF token in a browser, and nothing of a browser in a native app', async () => {
    await server.person(ANN)
    const browser = server.browser()
    const flow = await browser.begin('recovery')
    const path = `/self-service/recovery?flow=${flow.id}`
    const json = { method: 'link', email: ANN, csrf_token: 'AAAA' }
    expect(await browser.post(path, { json })).toMatchObject({
      status: 403,
      body: { error: { id: 'security_csrf_violation' } },
    })
    const page = await browser.post(path, { form: json, html: true })
    expect(page.location).toContain('/ui/error?id=')
    const app = await server.browser().begin('recovery', 'api')
    for (const headers of [{ Origin: 'http://localhost:3000' }, { Cookie: 'a=b' }]) {
      const answer = await server.browser().post(`/self-service/recovery?flow=${app.id}`, { json, headers })
      expect([answer.status, saidBy(answer.body)]).toEqual([400, { '': [4000001] }])
    }
    expect(await server.mails(ANN)).toEqual([])
  })

  it('answers JSON that does not parse by itself, with 400 although the body says 500', async () => {
    const browser = server.browser()
    const { id } = await browser.begin('recovery')
    const answer = await browser.post(`/self-service/recovery?flow=${id}`, { jsonText: '{"method":"link"' })
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 500, message: 'unexpected EOF' } } })
  })

  it('names a flow: a missing one is a bad request, an unknown one not found', async () => {
    const json = { method: 'link', email: ANN }
    const missing = await server.browser().post('/self-service/recovery', { json })
    expect(missing.body.error).toMatchObject({ code: 400, reason: 'The flow query parameter is missing or malformed.' })
    const unknown = await server.browser().post(`/self-service/recovery?flow=${UNKNOWN}`, { json })
    const reason = 'The recovery request could not be found. Please restart the flow.'
    expect(unknown.body.error).toMatchObject({ code: 404, reason })
  })

  it('finds no flow in nested JSON, which is read without the query, unless the body names it too', async () => {
    const app = server.browser()
    const { id } = await app.begin('recovery', 'api')
    const json = { method: 'link', email: ANN, more: {} }
    const lost = await app.post(`/self-service/recovery?flow=${id}`, { json })
    expect(lost.body.error).toMatchObject({ code: 404, message: 'Unable to locate the resource' })
    const found = await app.post(`/self-service/recovery?flow=${id}`, { json: { ...json, flow: id } })
    expect([found.status, found.body.state]).toEqual([200, 'sent_email'])
  })

  it('is refused to those who are signed in, and where links are not offered', async () => {
    await server.person(ANN)
    const flow = await server.browser().begin('recovery', 'api')
    const json = { method: 'link', email: ANN }
    const path = `/self-service/recovery?flow=${flow.id}`
    expect(await (await server.signedIn(ANN)).post(path, { json })).toMatchObject({
      status: 400,
      body: { error: { id: 'session_already_available' } },
    })
    server = new Server(withLink({ enabled: false }))
    const other = await server.browser().begin('recovery', 'api')
    expect((await server.browser().post(`/self-service/recovery?flow=${other.id}`, { json })).status).toBe(404)
  })

  it('too late leads to a new flow that says so, JSON clients too', async () => {
    const browser = server.browser()
    const flow = await browser.begin('recovery', 'browser', '?return_to=http://localhost:3000/done')
    server.world.clock.advance(31 * MINUTE)
    const html = await browser.submitForm('recovery', flow, { method: 'link', email: ANN })
    expect([html.status, html.location]).toEqual([303, expect.stringContaining('/ui/recovery?flow=')])
    const next = await browser.fetch('recovery', flowIn(html.location))
    expect(next).toMatchObject({ state: 'choose_method', return_to: 'http://localhost:3000/done' })
    expect(textsOf(next)).toEqual(['The recovery flow expired 1.00 minutes ago, please try again.'])
    const json = await browser.submit('recovery', flow, { method: 'link', email: ANN })
    expect([json.status, json.location]).toEqual([
      303,
      expect.stringContaining(`${URL_OF_SERVER}/self-service/recovery/flows?id=`),
    ])
  })
})
