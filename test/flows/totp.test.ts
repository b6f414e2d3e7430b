import { inflateSync } from 'node:zlib'
import { TOTP, URI } from 'otpauth'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, type FlowBody, fieldOf, namesOf, nodeOf, Server, saidBy } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

/** The secret that a settings flow shows. */
function secretOf(flow: FlowBody): string {
  const attributes = nodeOf(flow, 'totp_secret_key')?.attributes
  if (attributes?.node_type !== 'text') throw new Error('the flow shows no secret')
  return attributes.text.text
}

/** The code of an authenticator app, now or so many seconds later. */
function codeOf(secret: string, later = 0): string {
  return new TOTP({ secret }).generate({ timestamp: server.world.now() + later * 1000 })
}

async function annInSettings(): Promise<{ app: Browser; flow: FlowBody; secret: string }> {
  await server.person('ann@example.org')
  const app = await server.signedInApp('ann@example.org')
  const flow = await app.settings()
  return { app, flow, secret: secretOf(flow) }
}

const setUp = (app: Browser, flow: FlowBody, totp_code: string) =>
  app.submit('settings', flow, { method: 'totp', totp_code })

describe('setting up an authenticator app', () => {
  it('shows a secret of its own in every flow', async () => {
    const { app, secret } = await annInSettings()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(secretOf(await app.settings())).not.toBe(secret)
  })

  it('shows the secret as a picture of 256 pixels', async () => {
    const { flow } = await annInSettings()
    const attributes = nodeOf(flow, 'totp_qr')?.attributes
    if (attributes?.node_type !== 'img') throw new Error('the flow shows no picture')
    expect(attributes).toMatchObject({ width: 256, height: 256 })
    expect(rowsOf(attributes.src)).toHaveLength(256)
  })

  it('takes the code that the app shows now, one step to either side, and blanks around it', async () => {
    for (const [later, status] of [
      [-60, 400],
      [-30, 200],
      [0, 200],
      [30, 200],
      [60, 400],
    ] as const) {
      server = new Server()
      const { app, flow, secret } = await annInSettings()
      expect((await setUp(app, flow, ` ${codeOf(secret, later)} `)).status, `${later} s`).toBe(status)
    }
  })

  it('refuses any other code at its field, and keeps the secret', async () => {
    const { app, flow, secret } = await annInSettings()
    for (const [code, id] of [
      ['000000', 4000008],
      ['1', 4000008],
      ['', 4000002],
    ] as const) {
      const { status, body } = await setUp(app, flow, code)
      expect([status, saidBy(body)]).toEqual([400, { totp_code: [id] }])
      expect(secretOf(body)).toBe(secret)
    }
    expect((await setUp(app, flow, codeOf(secret))).status).toBe(200)
  })

  it('counts as having used it: this session is lifted, another one is not', async () => {
    const { app, flow, secret } = await annInSettings()
    const other = await server.signedInApp('ann@example.org')
    const { body } = await setUp(app, flow, codeOf(secret))
    expect(namesOf(body).filter((name) => name.startsWith('totp/'))).toEqual(['totp/totp_unlink'])
    const { body: session } = await app.get('/sessions/whoami')
    expect(session).toMatchObject({
      authenticator_assurance_level: 'aal2',
      authentication_methods: [{ method: 'password' }, { method: 'totp', aal: 'aal2' }],
    })
    expect((await other.get('/sessions/whoami')).status).toBe(403)
    expect((await other.get('/self-service/settings/api')).body.error.id).toBe('session_aal2_required')
  })

  it('has the configured issuer in the address behind the picture, and names the account', async () => {
    for (const [config, issuer] of [
      [{ selfservice: { methods: { totp: { config: { issuer: null } } } } }, 'localhost'],
      [{ selfservice: { methods: { totp: { config: { issuer: 'Example' } } } } }, 'Example'],
    ] as const) {
      server = new Server(config)
      const { app, flow, secret } = await annInSettings()
      await setUp(app, flow, codeOf(secret))
      const [identity] = server.world.identities.values()
      const totp = URI.parse(identity?.credentials.totp?.config.totp_url ?? '')
      expect([totp.issuer, totp.label, totp.secret.base32]).toEqual([issuer, 'ann@example.org', secret])
    }
  })
})

describe('an authenticator app that is set up', () => {
  it('is not replaced by another code: that changes nothing', async () => {
    const { app, flow, secret } = await annInSettings()
    await setUp(app, flow, codeOf(secret))
    expect((await setUp(app, flow, '000000')).status).toBe(200)
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).toBeNull()
    const [identity] = server.world.identities.values()
    expect(identity?.credentials.totp?.config.totp_url).toContain(secret)
  })

  it('is unlinked; its old flow cannot set it up again, the session stays lifted', async () => {
    const { app, flow, secret } = await annInSettings()
    await setUp(app, flow, codeOf(secret))
    const { status, body } = await app.submit('settings', await app.settings(), { totp_unlink: true })
    expect([status, secretOf(body) === secret]).toEqual([200, false])
    expect((await app.get('/sessions/whoami')).body.authenticator_assurance_level).toBe('aal2')
    expect((await server.browser().signIn('ann@example.org')).body.session.identity).not.toBeNull()
    expect(await setUp(app, flow, codeOf(secret))).toMatchObject({
      status: 500,
      body: { error: { reason: expect.stringContaining('TOTP key') } },
    })
  })

  it('belongs to the flow that follows a change, and its secret with it', async () => {
    const { app, flow } = await annInSettings()
    const { body } = await app.submit('settings', flow, { method: 'password', password: 'new-castle-4712' })
    const shown = secretOf(body)
    expect((await setUp(app, flow, codeOf(shown))).status).toBe(400)
    const next = await app.fetch('settings', new URL(body.ui.action).searchParams.get('flow') ?? '')
    expect((await setUp(app, next, codeOf(shown))).status).toBe(200)
  })

  it('is not there to be unlinked: then its code is missed', async () => {
    const { app, flow } = await annInSettings()
    const { status, body } = await app.submit('settings', flow, { totp_unlink: true })
    expect([status, saidBy(body)]).toEqual([400, { totp_code: [4000002] }])
  })
})

describe('signing in with a code', () => {
  /** Somebody who has signed in with the password alone. */
  async function halfway(): Promise<{ app: Browser; flow: FlowBody; secret: string }> {
    const { app: first, flow, secret } = await annInSettings()
    await setUp(first, flow, codeOf(secret))
    const app = await server.signedInApp('ann@example.org')
    return { app, flow: await app.login('?aal=aal2'), secret }
  }

  it('lifts the session', async () => {
    const { app, flow, secret } = await halfway()
    expect(namesOf(flow)).toEqual(['default/csrf_token', 'totp/totp_code', 'totp/method'])
    const { body } = await app.submit('login', flow, { method: 'totp', totp_code: codeOf(secret) })
    expect(body.session.authenticator_assurance_level).toBe('aal2')
    expect((await app.get('/self-service/settings/api')).status).toBe(200)
  })

  it('wants six digits, and the right ones', async () => {
    const { app, flow } = await halfway()
    for (const [totp_code, said] of [
      ['123', { totp_code: [4000001] }],
      ['', { totp_code: [4000002] }],
      ['000000', { '': [4000008] }],
    ] as const) {
      const { body } = await app.submit('login', flow, { method: 'totp', totp_code })
      expect(saidBy(body)).toEqual(said)
      expect(fieldOf(body, 'totp_code')).toBeUndefined()
    }
  })

  it('takes the same code twice', async () => {
    const { app, flow, secret } = await halfway()
    const values = { method: 'totp', totp_code: codeOf(secret) }
    await app.submit('login', flow, values)
    const refresh = await app.login('?aal=aal2&refresh=true')
    const { body } = await app.submit('login', refresh, values)
    expect(body.session.authentication_methods.map((each: { method: string }) => each.method)).toEqual([
      'password',
      'totp',
      'totp',
    ])
  })
})

/** The rows of a PNG in a `data:` URL, as bytes; that it can be read at all shows that it is one. */
function rowsOf(url: string): Buffer[] {
  const png = Buffer.from(url.replace('data:image/png;base64,', ''), 'base64')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  const data: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.subarray(at + 4, at + 8).toString() === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const pixels = inflateSync(Buffer.concat(data))
  const width = png.readUInt32BE(16) / 8 + 1
  return Array.from({ length: pixels.length / width }, (_, row) => pixels.subarray(row * width, (row + 1) * width))
}
