import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { createMailApp } from '../../src/simulation/mail-app.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type FlowName, HOST, type Server } from '../support/people.ts'
import { makeMock } from '../support/running-mock.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { annIn } from './factors.ts'
import { ANN, BOB, errorOf, openFlow, submitted } from './flows.ts'

/* ecosystem §4.5, second part: how far addresses are verified, mails on their way, and links that administrators make. */

const LINK = '/admin/recovery/link'

/** Flows that mail somebody, and whom. */
const MAILING: readonly (readonly [FlowName, string])[] = [
  ['recovery', ANN],
  ['verification', ANN],
  ['registration', BOB],
  ['settings', ANN],
]

inBothDialects((open) => {
  describe.each([
    ['address-status-pending', 'pending', false],
    ['address-status-sent', 'sent', false],
    ['address-status-completed', 'completed', true],
  ] as const)('%s', (name, status, verified) => {
    const expectStatus = (identity: JsonObject) => {
      expect(identity['verifiable_addresses']).toMatchObject([{ value: ANN, via: 'email', status, verified }])
      const [address] = identity['verifiable_addresses'] as readonly JsonObject[]
      expect(address?.['verified_at']).toBe(verified ? '2022-07-27T12:00:00Z' : undefined)
    }

    it.each([true, false])('is seen by the person and by administrators; verified before: %s', async (before) => {
      const server = open()
      const known = { value: ANN, via: 'email', verified: before, status: before ? 'completed' : 'pending' }
      const id = await server.person(ANN, { verifiable_addresses: [known] })
      const browser = await server.signedIn(ANN)
      await throwSwitch(server, name)
      const [whoami, asked] = [await browser.get('/sessions/whoami'), await browser.get(`/admin/identities/${id}`)]
      for (const [answer, identity] of [
        [whoami, whoami.body.identity],
        [asked, asked.body],
      ] as const) {
        expect(answer.status).toBe(200)
        expectSwitched(answer, name)
        expectStatus(identity)
      }
      await clearSwitches(server)
      expectStatus((await browser.get('/sessions/whoami')).body.identity)
    })

    it('one who has no address that can be verified gets that by which they sign in', async () => {
      const server = open()
      const id = await server.person(ANN)
      server.world.identities.save({ ...annIn(server), verifiable_addresses: [] })
      await throwSwitch(server, name)
      expectStatus((await server.browser().get(`/admin/identities/${id}`)).body)
    })
  })

  describe('mails', () => {
    /** Submits what mails somebody; answers how many mails they have. */
    async function mailed(server: Server, name: SwitchName, [kind, to]: readonly [FlowName, string], rest = {}) {
      await server.person(ANN)
      const flow = await openFlow(server, kind)
      await throwSwitch(server, name, rest)
      const answer = await submitted(flow)
      expect(answer.status).toBe(200)
      expectSwitched(answer, name)
      return (await server.mails(to)).length
    }

    it.each(MAILING)('mail-lost: after a %s', async (...flow) => {
      expect(await mailed(open(), 'mail-lost', flow)).toBe(0)
    })

    it.each(MAILING)('mail-delayed: after a %s', async (...flow) => {
      const server = open()
      expect(await mailed(server, 'mail-delayed', flow)).toBe(0)
      server.world.clock.advance(59_999)
      expect(await server.mails(flow[1])).toEqual([])
      server.world.clock.advance(1)
      expect(await server.mails(flow[1])).toMatchObject([{ sent_at: '2022-07-27T12:01:00Z' }])
    })

    it.each(MAILING)('mail-duplicated: after a %s', async (...flow) => {
      const server = open()
      expect(await mailed(server, 'mail-duplicated', flow)).toBe(2)
      const [first, second] = await server.mails(flow[1])
      expect(second).toEqual({ ...first, id: second?.id })
      expect(second?.id).not.toBe(first?.id)
    })

    it('mail-delayed: by as long as the parameter says, and one that comes later may be there before', async () => {
      const server = open()
      await mailed(server, 'mail-delayed', ['recovery', ANN], { times: 1, parameters: { by: '2h' } })
      await submitted(await openFlow(server, 'verification'))
      server.world.clock.advance(2 * 3_600_000)
      const subjects = (await server.mails(ANN)).map(({ subject }) => subject)
      expect(subjects).toEqual(['Please verify your email address', 'Recover access to your account'])
    })

    it('mail-delayed: what is on its way is not emptied with the mailbox', async () => {
      const server = open()
      await mailed(server, 'mail-delayed', ['recovery', ANN])
      expect((await server.browser().send('DELETE', '/__mock/mail', { json: {} })).status).toBe(204)
      server.world.clock.advance(60_000)
      expect(await server.mails(ANN)).toHaveLength(1)
    })

    it('a link that is opened sends no mail, and is not met', async () => {
      const server = open()
      await mailed(server, 'mail-duplicated', ['verification', ANN])
      const answer = await server.browser().get(await server.lastLink(ANN))
      expect([answer.status, answer.headers['x-mock-switch']]).toEqual([303, undefined])
    })
  })

  describe("administrators' links", () => {
    it.each([
      ['admin-link-unknown-identity', 400, 'The requested identity id does not exist.'],
      ['admin-link-bad-duration', 400, /^Unable to parse "expires_in" .* did not: soon$/],
      ['admin-link-past-duration', 400, /^Value from "expires_in" must be result to a future time: -1h$/],
      ['admin-link-method-disabled', 404, /^This endpoint was disabled by system administrator/],
    ] as const)('%s', async (name, status, reason) => {
      const server = open()
      const identity_id = await server.person(ANN)
      const browser = server.browser()
      await throwSwitch(server, name, { times: 2 })
      for (const json of [{ identity_id, expires_in: '1h' }, { identity_id }]) {
        const answer = await browser.post(LINK, { json })
        expect(errorOf(answer)).toEqual({ status, id: undefined })
        expect(answer.body.error.reason).toMatch(reason)
        expectSwitched(answer, name)
      }
      expect((await browser.post(LINK, { json: { identity_id } })).status).toBe(200)
    })
  })
})

it('the mailbox of self-hosted set-ups does not have what is on its way either', async () => {
  const { mock } = await makeMock({})
  const { world } = mock.sandboxes.enter('default').sandbox
  const app = createMailApp(mock)
  const count = async () => (await supertest(app).get('/mailcount').set('Host', HOST)).body.mailCount
  const mail = { to: ANN, from: 'x', subject: 's', body: 'b', html: 'h', template_type: 'recovery_invalid' } as const
  world.mails.save({ ...mail, id: world.chance.uuid(), sent_at: world.now() + 1000 })
  expect([await count(), (await supertest(app).get('/mail').set('Host', HOST)).body.mailItems]).toEqual([0, []])
  world.clock.advance(1000)
  expect(await count()).toBe(1)
})
