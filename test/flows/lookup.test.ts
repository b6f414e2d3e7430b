import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Browser,
  type FlowBody,
  fieldOf,
  namesOf,
  nodeOf,
  Server,
  saidBy,
  textsOf,
  URL_OF_SERVER,
} from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

/** What the node of the codes says of each: the code, or how it was used. */
function codesOf(flow: FlowBody): readonly string[] {
  const attributes = nodeOf(flow, 'lookup_secret_codes')?.attributes
  const secrets = attributes?.node_type === 'text' ? attributes.text.context?.['secrets'] : undefined
  if (!Array.isArray(secrets)) throw new Error('the flow shows no codes')
  return secrets.map(({ text }: { readonly text: string }) => text)
}

const groupOf = (flow: FlowBody) => namesOf(flow).filter((name) => name.startsWith('lookup_secret/'))

async function ann(): Promise<{ app: Browser; flow: FlowBody }> {
  await server.person('ann@example.org')
  const app = await server.signedInApp('ann@example.org')
  return { app, flow: await app.settings() }
}

/** Ann with twelve codes. */
async function annWithCodes(): Promise<{ app: Browser; codes: readonly string[] }> {
  const { app, flow } = await ann()
  const { body } = await app.submit('settings', flow, { lookup_secret_regenerate: true })
  await app.submit('settings', flow, { lookup_secret_confirm: true })
  return { app, codes: codesOf(body) }
}

describe('backup codes', () => {
  it('are shown when they are generated, at the end of the form, and wait for being confirmed', async () => {
    const { app, flow } = await ann()
    expect(groupOf(flow)).toEqual(['lookup_secret/lookup_secret_regenerate'])
    const { status, body } = await app.submit('settings', flow, { lookup_secret_regenerate: true })
    expect([status, body.state, body.ui.messages]).toEqual([200, 'show_form', undefined])
    expect(namesOf(body).slice(-2)).toEqual([
      'lookup_secret/lookup_secret_codes',
      'lookup_secret/lookup_secret_confirm',
    ])
    expect(new Set(codesOf(body)).size).toBe(12)
    for (const code of codesOf(body)) expect(code).toMatch(/^[a-z0-9]{8}$/)
    // they count for nothing yet
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).not.toBeNull()
  })

  it('count once they are confirmed, and lift the session that did it', async () => {
    const { app, flow } = await ann()
    await app.submit('settings', flow, { lookup_secret_regenerate: true })
    const { body } = await app.submit('settings', flow, { lookup_secret_confirm: true })
    expect([body.state, groupOf(body)]).toEqual([
      'success',
      ['lookup_secret/lookup_secret_reveal', 'lookup_secret/lookup_secret_disable'],
    ])
    expect((await app.get('/sessions/whoami')).body).toMatchObject({
      authenticator_assurance_level: 'aal2',
      authentication_methods: [{ method: 'password' }, { method: 'lookup_secret', aal: 'aal2' }],
    })
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).toBeNull()
  })

  it('must be generated in a flow before they are confirmed in it', async () => {
    const { app, flow } = await ann()
    await app.submit('settings', flow, { lookup_secret_regenerate: true })
    const { status, body } = await app.submit('settings', await app.settings(), { lookup_secret_confirm: true })
    expect([status, textsOf(body)]).toEqual([
      400,
      ['You must (re-)generate recovery backup codes before you can save them.'],
    ])
  })

  it('are confirmed once', async () => {
    const { app, flow } = await ann()
    await app.submit('settings', flow, { lookup_secret_regenerate: true })
    await app.submit('settings', flow, { lookup_secret_confirm: true })
    expect((await app.submit('settings', flow, { lookup_secret_confirm: true })).status).toBe(400)
  })

  it('stay in force until new ones are confirmed', async () => {
    const { app, codes } = await annWithCodes()
    const flow = await app.settings()
    const { body } = await app.submit('settings', flow, { lookup_secret_regenerate: true })
    expect(codesOf((await app.submit('settings', await app.settings(), { lookup_secret_reveal: true })).body)).toEqual(
      codes,
    )
    await app.submit('settings', flow, { lookup_secret_confirm: true })
    const revealed = await app.submit('settings', await app.settings(), { lookup_secret_reveal: true })
    expect(codesOf(revealed.body)).toEqual(codesOf(body))
  })

  it('can be revealed, used ones as such', async () => {
    const { app, codes } = await annWithCodes()
    const { body } = await app.submit('settings', await app.settings(), { lookup_secret_reveal: true })
    expect([body.state, groupOf(body)]).toEqual([
      'show_form',
      [
        'lookup_secret/lookup_secret_codes',
        'lookup_secret/lookup_secret_disable',
        'lookup_secret/lookup_secret_regenerate',
      ],
    ])
    const second = await server.signedInApp('ann@example.org')
    await second.submit('login', await second.login('?aal=aal2'), {
      method: 'lookup_secret',
      lookup_secret: codes[2] ?? '',
    })
    const after = await second.submit('settings', await second.settings(), { lookup_secret_reveal: true })
    expect(codesOf(after.body)[2]).toBe('Secret was used at 2022-07-27 12:00:00 +0000 UTC')
    const attributes = nodeOf(after.body, 'lookup_secret_codes')?.attributes
    expect(attributes?.node_type === 'text' && attributes.text.text.split(', ')[2]).toBe('used')
  })

  it('cannot be revealed when there are none', async () => {
    const { app, flow } = await ann()
    const { status, body } = await app.submit('settings', flow, { lookup_secret_reveal: true })
    expect([status, textsOf(body)]).toEqual([400, ['Can not reveal lookup codes because you have none.']])
  })

  it('are taken away, and can be taken away when there are none', async () => {
    const { app } = await annWithCodes()
    const { status, body } = await app.submit('settings', await app.settings(), { lookup_secret_disable: true })
    expect([status, groupOf(body)]).toEqual([200, ['lookup_secret/lookup_secret_regenerate']])
    expect((await app.submit('settings', await app.settings(), { lookup_secret_disable: true })).status).toBe(200)
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).not.toBeNull()
  })

  it('are shown to a browser on the page that it came from', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings('?return_to=http://localhost:3000/account')
    const { status, location } = await browser.submitForm('settings', flow, { lookup_secret_regenerate: 'true' })
    expect([status, location]).toEqual([303, `${URL_OF_SERVER}/ui/settings?flow=${flow.id}`])
    expect(codesOf(await browser.fetch('settings', flow.id))).toHaveLength(12)
  })
})

describe('signing in with a backup code', () => {
  async function halfway(): Promise<{ app: Browser; flow: FlowBody; codes: readonly string[] }> {
    const { codes } = await annWithCodes()
    const app = await server.signedInApp('ann@example.org')
    return { app, flow: await app.login('?aal=aal2'), codes }
  }

  const use = (app: Browser, flow: FlowBody, lookup_secret = '') =>
    app.submit('login', flow, { method: 'lookup_secret', lookup_secret })

  it('lifts the session, once for each code', async () => {
    const { app, flow, codes } = await halfway()
    expect(namesOf(flow)).toEqual(['default/csrf_token', 'lookup_secret/lookup_secret', 'lookup_secret/method'])
    const { status, body } = await use(app, flow, codes[0])
    expect([status, body.session.authenticator_assurance_level]).toEqual([200, 'aal2'])
    const other = await server.signedInApp('ann@example.org')
    const second = await other.login('?aal=aal2')
    expect(saidBy((await use(other, second, codes[0])).body)).toEqual({ '': [4000012] })
    expect((await use(other, second, codes[1])).status).toBe(200)
  })

  it('takes exactly one of the codes', async () => {
    const { app, flow, codes } = await halfway()
    for (const [code, said] of [
      ['zzzzzzzz', { '': [4000016] }],
      [codes[0]?.toUpperCase(), { '': [4000016] }],
      [` ${codes[0]}`, { '': [4000016] }],
      ['', { lookup_secret: [4000002] }],
    ] as const) {
      const { status, body } = await use(app, flow, code)
      expect([status, saidBy(body)]).toEqual([400, said])
      expect(fieldOf(body, 'lookup_secret')).toBeUndefined()
    }
  })

  it('is asked for although all of them are used up', async () => {
    const { codes } = await annWithCodes()
    for (const code of codes) {
      const app = await server.signedInApp('ann@example.org')
      expect((await use(app, await app.login('?aal=aal2'), code)).status).toBe(200)
    }
    const app = await server.signedInApp('ann@example.org')
    expect((await app.get('/sessions/whoami')).status).toBe(403)
    expect(saidBy((await use(app, await app.login('?aal=aal2'), codes[0])).body)).toEqual({ '': [4000012] })
  })

  it('is refused to those who have none', async () => {
    await server.person('bob@example.org')
    const browser = await server.signedIn('bob@example.org')
    const flow = await browser.login('?aal=aal2')
    expect(saidBy((await use(browser, flow, 'zzzzzzzz')).body)).toEqual({ '': [4000014] })
  })

  it('ends the links that were mailed before', async () => {
    const { app, flow, codes } = await halfway()
    expect(server.world.linkTokens.size).toBeGreaterThan(0)
    await use(app, flow, codes[0])
    expect(server.world.linkTokens.size).toBe(0)
  })
})
