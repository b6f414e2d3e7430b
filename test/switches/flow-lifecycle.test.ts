import { describe, expect, it } from 'vitest'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type FlowName, flowIn, type Server, saidBy } from '../support/people.ts'
import { expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf, fetched, KINDS, openFlow, submitted, submittedAsForm } from './flows.ts'

/* ecosystem §4.1, first half: flows that end, and the requests that are theirs. */

const EXPIRED_ID = 'self_service_flow_expired'

const LATE: readonly (readonly [FlowName, string | undefined, number])[] = [
  ['login', EXPIRED_ID, 4010001],
  ['registration', EXPIRED_ID, 4040001],
  ['settings', undefined, 4050001],
  ['recovery', undefined, 4060005],
  ['verification', undefined, 4070005],
]

inBothDialects((open) => {
  async function opened(): Promise<Server> {
    const server = open()
    await server.person(ANN)
    return server
  }

  /** Begins a flow, and then throws the switch. */
  async function switched(name: SwitchName, kind: FlowName, type: 'browser' | 'api' = 'browser', query = '') {
    const server = await opened()
    const flow = await openFlow(server, kind, type, query)
    await throwSwitch(server, name)
    return { server, ...flow }
  }

  describe('flows that have expired', () => {
    it.each(LATE)('flow-expired-on-fetch: a %s of a browser is gone', async (kind, id) => {
      const answer = await fetched(await switched('flow-expired-on-fetch', kind))
      expect(errorOf(answer)).toEqual({ status: 410, id })
      expectSwitched(answer, 'flow-expired-on-fetch')
    })

    it.each(LATE)('flow-expired-on-fetch: a %s of an app is gone', async (kind, id) => {
      const answer = await fetched(await switched('flow-expired-on-fetch', kind, 'api'))
      expect(errorOf(answer)).toEqual({ status: 410, id })
    })

    it.each(LATE.slice(0, 3))('flow-expired-on-submit: a %s names its successor', async (kind, _, message) => {
      const flow = await switched('flow-expired-on-submit', kind)
      const answer = await submitted(flow)
      expect(errorOf(answer)).toEqual({ status: 410, id: EXPIRED_ID })
      expect(answer.body.since).toBe(60_000_000_000)
      expectSwitched(answer, 'flow-expired-on-submit')
      expect(saidBy(await flow.client.fetch(kind, answer.body.use_flow_id))['']).toEqual([message])
    })

    it.each(LATE.slice(0, 3))(
      'flow-expired-on-submit: the form of a %s leads to the next one',
      async (kind, _, message) => {
        const flow = await switched('flow-expired-on-submit', kind)
        const answer = await submittedAsForm(flow)
        expect(answer.status).toBe(303)
        expect(saidBy(await flow.client.fetch(kind, flowIn(answer.location)))['']).toEqual([message])
      },
    )

    it.each(LATE.slice(3))(
      'flow-expired-on-submit-link: a %s leads to the next one by a redirect',
      async (kind, _, message) => {
        const flow = await switched('flow-expired-on-submit-link', kind, 'api')
        const answer = await submitted(flow)
        expect(answer.status).toBe(303)
        expectSwitched(answer, 'flow-expired-on-submit-link')
        const { pathname, searchParams } = new URL(String(answer.location))
        expect(pathname).toBe(`/self-service/${kind}/flows`)
        const id = searchParams.get('id')
        const next = flow.server.world.flows.get(String(id))
        expect(next?.type).toBe('browser')
        expect(next?.ui.messages.map((each) => each.id)).toEqual([message])
        // a native app has no cookie for it
        expect(errorOf(await flow.client.get(String(answer.location)))).toEqual({
          status: 403,
          id: 'security_csrf_violation',
        })
      },
    )

    it.each(LATE.slice(3))(
      'flow-expired-on-submit-link: a mailed link leads from a %s to the next one',
      async (kind, _, message) => {
        const server = await opened()
        const flow = await openFlow(server, kind)
        expect((await submitted(flow)).status).toBe(200)
        const link = await server.lastLink(ANN)
        await throwSwitch(server, 'flow-expired-on-submit-link')
        const answer = await flow.client.get(link, { html: true })
        expect(answer.status).toBe(303)
        expectSwitched(answer, 'flow-expired-on-submit-link')
        expect(flowIn(answer.location)).not.toBe(flowIn(link))
        expect(saidBy(await flow.client.fetch(kind, flowIn(answer.location)))['']).toEqual([message])
        expect((await flow.client.get('/sessions/whoami')).status).toBe(401)
      },
    )

    it.each(['login', 'registration'] as const)(
      'flow-replacement-lost-return-to: the successor of a %s',
      async (kind) => {
        const flow = await switched(
          'flow-replacement-lost-return-to',
          kind,
          'browser',
          '?return_to=http://localhost:3000/x',
        )
        expect(flow.flow.return_to).toBe('http://localhost:3000/x')
        const answer = await submitted(flow)
        expect(errorOf(answer)).toEqual({ status: 410, id: EXPIRED_ID })
        expect(await flow.client.fetch(kind, answer.body.use_flow_id)).not.toHaveProperty('return_to')
        // without the switch it is kept
        const other = await switched('flow-expired-on-submit', kind, 'browser', '?return_to=http://localhost:3000/x')
        const next = await other.client.fetch(kind, (await submitted(other)).body.use_flow_id)
        expect(next.return_to).toBe('http://localhost:3000/x')
      },
    )
  })

  describe('flows that are not there', () => {
    it.each(KINDS)('flow-not-found: a %s that is fetched', async (kind) => {
      const flow = await switched('flow-not-found', kind)
      const answer = await fetched(flow)
      expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
      expect(answer.body.error.message).toBe('Unable to locate the resource')
      expectSwitched(answer, 'flow-not-found')
      expect(flow.server.world.flows.get(flow.flow.id)).toBeUndefined()
    })

    it.each(KINDS)('flow-not-found: a %s that is submitted', async (kind) => {
      const answer = await submitted(await switched('flow-not-found', kind))
      expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
    })

    it.each(KINDS)('flow-id-missing: a %s', async (kind) => {
      const answer = await submitted(await switched('flow-id-missing', kind))
      expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
      expect(answer.body.error.reason).toBe('The flow query parameter is missing or malformed.')
      expectSwitched(answer, 'flow-id-missing')
    })
  })

  it.each([
    ['flow-state-already-done', 'recovery', 4060001],
    ['flow-state-already-done', 'verification', 4070002],
    ['flow-state-failure', 'recovery', 4060002],
    ['flow-state-failure', 'verification', 4070003],
  ] as const)('%s: a %s begins anew', async (name, kind, message) => {
    const flow = await switched(name, kind)
    const answer = await submitted(flow)
    expect(answer.status).toBe(303)
    expectSwitched(answer, name)
    expect(flowIn(answer.location)).not.toBe(flow.flow.id)
    expect(saidBy(await flow.client.fetch(kind, flowIn(answer.location)))['']).toEqual([message])
  })

  describe('security_csrf_violation', () => {
    const VIOLATION = { status: 403, id: 'security_csrf_violation' }

    it.each(['login', 'registration', 'recovery', 'verification'] as const)('csrf-on-fetch: a %s', async (kind) => {
      const answer = await fetched(await switched('csrf-on-fetch', kind))
      expect(errorOf(answer)).toEqual(VIOLATION)
      expectSwitched(answer, 'csrf-on-fetch')
    })

    const CAUSES = ['csrf-on-submit', 'csrf-cookie-missing', 'csrf-token-missing', 'csrf-mismatch'] as const
    it.each(CAUSES.flatMap((name) => KINDS.map((kind) => [name, kind] as const)))('%s: a %s', async (name, kind) => {
      const answer = await submitted(await switched(name, kind))
      expect(errorOf(answer)).toEqual(VIOLATION)
      expectSwitched(answer, name)
    })

    it.each(CAUSES)('%s: a form is sent to the error page', async (name) => {
      const flow = await switched(name, 'login')
      const answer = await submittedAsForm(flow)
      expect(answer.status).toBe(303)
      const id = new URL(String(answer.location)).searchParams.get('id')
      expect(new URL(String(answer.location)).pathname).toBe('/ui/error')
      expect((await flow.client.get(`/self-service/errors?id=${id}`)).body.error.id).toBe(VIOLATION.id)
    })

    it.each(CAUSES)('%s does not meet the flows of native apps', async (name) => {
      expect((await submitted(await switched(name, 'login', 'api'))).status).toBe(200)
    })
  })

  it.each(
    (['api-flow-with-origin', 'api-flow-with-cookie'] as const).flatMap((name) =>
      KINDS.map((kind) => [name, kind] as const),
    ),
  )('%s: a %s says so in the flow', async (name, kind) => {
    const answer = await submitted(await switched(name, kind, 'api'))
    expect(answer.status).toBe(400)
    expect(saidIn(answer)['']).toEqual([4000001])
    expect(answer.body.ui.messages[0].text).toContain(name === 'api-flow-with-origin' ? '"Origin"' : '"Cookie"')
    expectSwitched(answer, name)
    // the flow of a browser is not met
    expect((await submitted(await switched(name, kind))).status).toBe(200)
  })
})
