import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { fieldOf, namesOf, PASSWORD, Server, saidBy, textsOf } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

const HOUR = 3_600_000

/** Somebody in a native app, with a new flow: what a profile that they submit is answered. */
async function profileOf(email: string) {
  await server.person(email)
  const app = await server.signedInApp(email)
  const flow = await app.settings()
  return (traits: JsonObject | undefined, rest: JsonObject = {}) =>
    app.submit('settings', flow, { method: 'profile', ...(traits && { traits }), ...rest })
}

describe('traits', () => {
  it('replace the old ones as a whole', async () => {
    const save = await profileOf('ann@example.org')
    await save({ email: 'ann@example.org', name: { first: 'Ann', last: 'Miller' } })
    const { status, body } = await save({ email: 'ann@example.org', name: { first: 'Anna' } })
    expect([status, body.identity.traits]).toEqual([200, { email: 'ann@example.org', name: { first: 'Anna' } }])
    expect([fieldOf(body, 'traits.name.first'), fieldOf(body, 'traits.name.last')]).toEqual(['Anna', undefined])
  })

  it('may come as dotted keys of a form or of flat JSON', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    const flat = await browser.submit('settings', flow, {
      method: 'profile',
      'traits.email': 'ann@example.org',
      'traits.name.first': 'Ann',
    })
    expect(flat.body.identity.traits).toEqual({ email: 'ann@example.org', name: { first: 'Ann' } })
    await browser.submitForm('settings', flow, {
      method: 'profile',
      'traits.email': 'ann@example.org',
      'traits.name.first': '',
    })
    expect((await browser.fetch('settings', flow.id)).identity['traits']).toEqual({
      email: 'ann@example.org',
      name: {},
    })
  })

  it('that do not fit the schema are told at their nodes, and the form shows what was typed', async () => {
    const save = await profileOf('ann@example.org')
    const wrong = await save({ email: 'nope', name: { first: 'Ann' } })
    expect([wrong.status, saidBy(wrong.body)]).toEqual([400, { 'traits.email': [4000001] }])
    expect([fieldOf(wrong.body, 'traits.email'), fieldOf(wrong.body, 'traits.name.first')]).toEqual(['nope', 'Ann'])
    const missing = await save({})
    expect(saidBy(missing.body)).toEqual({ 'traits.email': [4000002] })
    expect(fieldOf(missing.body, 'traits.name.first')).toBeUndefined()
    const undeclared = await save({ email: 'ann@example.org', shoe: 1 })
    expect(saidBy(undeclared.body)).toEqual({ traits: [4000001] })
    expect(namesOf(undeclared.body)).toContain('profile/traits.shoe')
    expect(undeclared.body.identity.traits).toEqual({ email: 'ann@example.org' })
  })

  it('that do not fit are told before the token of another browser is', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    const post = (traits: JsonObject) =>
      browser.post(`/self-service/settings?flow=${flow.id}`, {
        json: { method: 'profile', traits, csrf_token: 'wrong' },
      })
    expect((await post({ email: 'nope' })).status).toBe(400)
    expect((await post({ email: 'ann@example.org' })).status).toBe(403)
  })

  it('must be there', async () => {
    const { status, body } = await (await profileOf('ann@example.org'))(undefined)
    expect(status).toBe(400)
    expect(saidBy(body)).toEqual({ 'traits.email': [4000002] })
  })

  it('cannot take the address of somebody else', async () => {
    await server.person('bob@example.org')
    const save = await profileOf('ann@example.org')
    const { status, body } = await save({ email: 'bob@example.org' })
    expect([status, saidBy(body), fieldOf(body, 'traits.email')]).toEqual([400, { '': [4000007] }, 'bob@example.org'])
    expect(body.identity.traits).toEqual({ email: 'ann@example.org' })
  })

  it('with another e-mail make another way to sign in, and an address that is to be verified', async () => {
    const save = await profileOf('ann@example.org')
    const { body } = await save({ email: 'anna@example.org' })
    expect(body.identity.verifiable_addresses).toMatchObject([
      { value: 'anna@example.org', verified: false, status: 'sent' },
    ])
    expect((await server.browser().signIn('ann@example.org')).status).toBe(400)
    expect((await server.browser().signIn('anna@example.org', PASSWORD)).status).toBe(200)
  })
})

describe('when the sign-in is long ago', () => {
  it('ordinary traits may change, identifiers and addresses to verify may not', async () => {
    await server.person('ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    server.world.clock.advance(HOUR)
    const flow = await app.settings()
    const save = (traits: JsonObject) => app.submit('settings', flow, { method: 'profile', traits })
    expect((await save({ email: 'ann@example.org', name: { first: 'Ann' } })).status).toBe(200)
    expect((await save({ email: 'nope' })).status).toBe(400)
    expect(await save({ email: 'anna@example.org' })).toMatchObject({
      status: 403,
      body: { error: { id: 'session_refresh_required' } },
      // it is paused even here, where nobody can resume it
      setCookies: [expect.stringMatching(/^ory_kratos_continuity=/)],
    })
  })

  it('an e-mail with a capital counts as changed by every save: it never equals the stored address', async () => {
    await server.person('Ann@example.org')
    const app = await server.signedInApp('ann@example.org')
    server.world.clock.advance(HOUR)
    const flow = await app.settings()
    const traits = { email: 'Ann@example.org', name: { first: 'Ann' } }
    expect((await app.submit('settings', flow, { method: 'profile', traits })).status).toBe(403)
  })
})

describe('an identity of another schema than the default', () => {
  it('has the nodes of its own schema, and is judged by it', async () => {
    const schema = {
      type: 'object',
      properties: {
        traits: {
          type: 'object',
          properties: {
            nick: {
              type: 'string',
              minLength: 2,
              'ory.sh/kratos': { credentials: { password: { identifier: true } } },
            },
          },
          required: ['nick'],
        },
      },
    }
    const url = `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`
    const own = { identity: { default_schema_id: 'nick', schemas: [{ id: 'nick', url }] } }
    server = new Server(own)
    await server.person('', { schema_id: 'nick', traits: { nick: 'ann' } })
    const app = await server.signedInApp('ann')
    const flow = await app.settings()
    expect(namesOf(flow).filter((name) => name.startsWith('profile/'))).toEqual([
      'profile/traits.nick',
      'profile/method',
    ])
    const { body } = await app.submit('settings', flow, { method: 'profile', traits: { nick: 'a' } })
    expect(body.ui.nodes.flatMap((node: { messages: { text: string }[] }) => node.messages.map((m) => m.text))).toEqual(
      ['length must be >= 2, but got 1'],
    )
    expect(textsOf(body)).toEqual([])
  })
})
