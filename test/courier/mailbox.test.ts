import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { base64Url } from '../../src/config/identity-schemas.ts'
import type { JsonObject } from '../../src/json.ts'
import { createMailApp } from '../../src/simulation/mail-app.ts'
import { HOST, Server } from '../support/people.ts'
import { makeMock } from '../support/running-mock.ts'

const ANN = 'ann@example.org'

async function recover(server: Server, email: string): Promise<void> {
  const app = server.browser()
  await app.submit('recovery', await app.begin('recovery', 'api'), { method: 'link', email })
}

const withTemplates = (templates: JsonObject): JsonObject => ({ courier: { templates } })

describe('the mailbox of the control API', () => {
  it('shows mails oldest first, with their links, and those to one address whatever its case', async () => {
    const server = new Server()
    await server.person(ANN)
    await recover(server, ANN)
    server.world.clock.advance(1500)
    await recover(server, 'Nobody@example.org')
    const browser = server.browser()
    const all = (await browser.get('/__mock/mail')).body
    expect(all.map((mail: JsonObject) => [mail['to'], mail['sent_at']])).toEqual([
      [ANN, '2022-07-27T12:00:00Z'],
      ['Nobody@example.org', '2022-07-27T12:00:01.5Z'],
    ])
    expect(Object.keys(all[0])).toEqual(['id', 'to', 'subject', 'body', 'sent_at', 'link'])
    expect((await browser.get('/__mock/mail?to=nobody@EXAMPLE.org')).body).toEqual([all[1]])
  })

  it('is emptied as a whole or for one address', async () => {
    const server = new Server()
    for (const email of ['a@example.org', 'b@example.org', 'c@example.org']) await recover(server, email)
    const remove = (query: string) =>
      supertest(server.app).delete(`/__mock/mail${query}`).set('Host', HOST).set('Content-Type', 'application/json')
    expect((await remove('?to=B@example.org')).status).toBe(204)
    const left = async () => (await server.browser().get('/__mock/mail')).body.map((mail: JsonObject) => mail['to'])
    expect(await left()).toEqual(['a@example.org', 'c@example.org'])
    expect((await remove('')).status).toBe(204)
    expect(await left()).toEqual([])
  })

  it('is not emptied by a form of a web page', async () => {
    const server = new Server()
    await recover(server, ANN)
    expect((await supertest(server.app).delete('/__mock/mail').set('Host', HOST)).status).toBe(415)
    expect((await server.mails(ANN)).length).toBe(1)
  })

  it('finds a code that stands in a text, and none in a link', async () => {
    const code = base64Url('Your code is 123456, see https://app.example.org/?id=7654321.')
    const server = new Server(withTemplates({ recovery: { invalid: { email: { body: { plaintext: code } } } } }))
    await recover(server, ANN)
    expect((await server.mails(ANN))[0]).toMatchObject({
      code: '123456',
      link: 'https://app.example.org/?id=7654321.',
    })
    const plain = base64Url('See https://app.example.org/123456 for order 12345.')
    const other = new Server(withTemplates({ recovery: { invalid: { email: { body: { plaintext: plain } } } } }))
    await recover(other, ANN)
    expect((await other.mails(ANN))[0]?.code).toBeUndefined()
  })
})

describe('mails of a project', () => {
  it('have its own subjects and texts, with the values that they name', async () => {
    const email = {
      subject: base64Url(' Hello {{ .Identity.traits.name.first }}\n'),
      body: {
        plaintext: base64Url('To {{.To}}: {{- .RecoveryURL -}} {{ .Nothing }} {{ upper .To }}'),
        html: base64Url('<p>{{ .Identity.traits.name.first }}</p><a href="{{ .RecoveryURL }}">go</a>'),
      },
    }
    const server = new Server(withTemplates({ recovery: { valid: { email } } }))
    await server.person(ANN, { traits: { email: ANN, name: { first: '<Ann> & Co' } } })
    await recover(server, ANN)
    const [mail] = [...server.world.mails.values()]
    const link = await server.lastLink(ANN)
    expect(mail?.subject).toBe('Hello <Ann> & Co')
    expect(mail?.body).toBe(`To ${ANN}:${link}<no value> {{ upper .To }}`)
    expect(mail?.html).toBe(`<p>&lt;Ann&gt; &amp; Co</p><a href="${link.replace('&', '&amp;')}">go</a>`)
    expect(mail?.from).toBe('"Demo" <no-reply@demo.example.org>')
  })

  it('keep the texts of Ory that it leaves out', async () => {
    const email = { subject: base64Url('Somebody knocked') }
    const server = new Server(withTemplates({ recovery: { invalid: { email } } }))
    await recover(server, ANN)
    expect((await server.mails(ANN))[0]).toMatchObject({
      subject: 'Somebody knocked',
      body: expect.stringContaining('If this was not you, please ignore this email.'),
    })
  })

  it('have links that lead to where the project says', async () => {
    const link = { config: { base_url: 'https://accounts.example.org/' } }
    const server = new Server({ selfservice: { methods: { link } } })
    await server.person(ANN)
    await recover(server, ANN)
    expect(await server.lastLink(ANN)).toMatch(/^https:\/\/accounts\.example\.org\/self-service\/recovery\?flow=/)
  })

  it('have links that lead back to the sandbox, however it was chosen', async () => {
    const { mock } = await makeMock({ dialect: 'wire' })
    const app = createApp(mock)
    for (const [prefix, headers, host, base] of [
      ['/~blue', {}, 'localhost:4000', 'http://localhost:4000/~blue/'],
      ['', { 'X-Mock-Sandbox': 'green' }, 'localhost:4000', 'http://localhost:4000/~green/'],
      ['', {}, 'red.localhost:4000', 'http://red.localhost:4000/'],
    ] as const) {
      const send = (request: supertest.Test) => request.set({ Host: host, ...headers })
      const identity = { schema_id: 'default', traits: { email: ANN } }
      await send(supertest(app).post(`${prefix}/admin/identities`)).send(identity)
      const { body } = await send(supertest(app).get(`${prefix}/self-service/recovery/api`))
      const path = new URL(body.ui.action)
      await send(supertest(app).post(path.pathname + path.search)).send({ method: 'link', email: ANN })
      const mails = (await send(supertest(app).get(`${prefix}/__mock/mail`))).body
      expect(mails.map((mail: { link: string }) => mail.link.startsWith(`${base}self-service/recovery?`))).toEqual([
        true,
      ])
    }
  })
})

describe('the mailbox as Mailslurper shows it', () => {
  async function withMails(count: number) {
    const { mock } = await makeMock({ dialect: 'wire' })
    const app = createApp(mock)
    for (let sent = 0; sent < count; sent++) {
      const { body } = await supertest(app).get('/self-service/recovery/api')
      const path = `/self-service/recovery?flow=${body.id}`
      await supertest(app)
        .post(path)
        .send({ method: 'link', email: `p${sent}@example.org` })
    }
    return supertest(createMailApp(mock))
  }

  it('lists mails newest first, with dates that keep the order of mails of one moment', async () => {
    const { body } = await (await withMails(3)).get('/mail')
    expect(body).toMatchObject({ totalPages: 1, totalRecords: 3 })
    const dated = body.mailItems.map((item: JsonObject) => [item['toAddresses'], item['dateSent']])
    expect(dated).toEqual([
      [['p2@example.org'], '2022-07-27 12:00:00.000002'],
      [['p1@example.org'], '2022-07-27 12:00:00.000001'],
      [['p0@example.org'], '2022-07-27 12:00:00.000000'],
    ])
    expect(body.mailItems[0]).toMatchObject({
      fromAddress: 'no-reply@demo.example.org',
      subject: 'Account access attempted',
      contentType: 'text/html; charset=UTF-8',
      attachments: [],
    })
  })

  it('has pages of fifty, and finds mails by recipient, sender and text', async () => {
    const mail = await withMails(52)
    const page = await mail.get('/mail?pageNumber=2')
    expect(page.body.mailItems.map((item: JsonObject) => item['toAddresses'])).toEqual([
      ['p1@example.org'],
      ['p0@example.org'],
    ])
    expect(page.body.totalPages).toBe(2)
    const count = async (query: string) => (await mail.get(`/mail?${query}`)).body.totalRecords
    expect(await count('to=P51@')).toBe(1)
    expect(await count('from=no-reply')).toBe(52)
    expect(await count('message=nothing%20of%20it')).toBe(0)
    expect((await mail.get('/mail?dir=asc')).body.mailItems[0].toAddresses).toEqual(['p0@example.org'])
    expect((await mail.get('/mail?pageNumber=x')).status).toBe(400)
  })

  it('shows one mail, its text, and how many there are, and forgets all', async () => {
    const mail = await withMails(2)
    const [item] = (await mail.get('/mail')).body.mailItems
    expect((await mail.get(`/mail/${item.id}`)).body).toEqual(item)
    const text = await mail.get(`/mail/${item.id}/message`)
    expect([text.text, text.type]).toEqual([item.body, 'text/html'])
    expect((await mail.get('/mailcount')).body).toEqual({ mailCount: 2 })
    expect((await mail.delete('/mail')).text).toBe('2')
    expect((await mail.get('/mail')).body).toEqual({ mailItems: [], totalPages: 0, totalRecords: 0 })
    expect((await mail.get(`/mail/${item.id}`)).status).toBe(500)
    expect((await mail.get('/elsewhere')).status).toBe(404)
  })

  it('does not answer for foreign hosts', async () => {
    const mail = await withMails(0)
    expect((await mail.get('/mail').set('Host', 'evil.example.com')).status).toBe(421)
  })
})
