import { describe, expect, it } from 'vitest'
import { sections } from '../../src/simulation/switches/catalogue.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import type { FlowName, Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { ANN, BOB, errorOf, fetched, KINDS, openFlow, sentBackBy, submitted, submittedAsForm } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.1, second half: who and what is admitted to a flow. */

it('every name of the section is in the catalogue, and no other', () => {
  expect(Object.keys(sections['Flow lifecycle'])).toEqual(NAMES['4.1 Flow lifecycle'])
})

const AVAILABLE = { status: 400, id: 'session_already_available' }

inBothDialects((open, dialect) => {
  async function opened(): Promise<Server> {
    const server = open()
    await server.person(ANN)
    return server
  }

  /** Begins a flow, and then throws the switch. */
  async function switched(name: SwitchName, kind: FlowName, type: 'browser' | 'api' = 'browser') {
    const server = await opened()
    const flow = await openFlow(server, kind, type)
    await throwSwitch(server, name)
    return { server, ...flow }
  }

  /** The error that a browser is shown on the error page. */
  async function shown({ status, location }: Awaited<ReturnType<typeof submitted>>, server: Server) {
    expect(status).toBe(303)
    expect(new URL(String(location)).pathname).toBe('/ui/error')
    const id = new URL(String(location)).searchParams.get('id')
    return (await server.browser().get(`/self-service/errors?id=${id}`)).body.error
  }

  describe('return-to-forbidden', () => {
    const FORBIDDEN = 'self_service_flow_return_to_forbidden'

    it.each(KINDS)('a %s is not begun', async (kind) => {
      const server = await opened()
      const client = kind === 'settings' ? await server.signedIn(ANN) : server.browser()
      await throwSwitch(server, 'return-to-forbidden')
      const answer = await client.get(`/self-service/${kind}/browser`)
      expect(errorOf(answer)).toEqual({ status: 400, id: FORBIDDEN })
      expectSwitched(answer, 'return-to-forbidden')
      const page = await client.get(`/self-service/${kind}/browser`, { html: true })
      expect((await shown(page, server)).id).toBe(FORBIDDEN)
    })

    it('a logout is over, and leads nowhere', async () => {
      const server = await opened()
      const browser = await server.signedIn(ANN)
      const { logout_url } = (await browser.get('/self-service/logout/browser')).body
      await throwSwitch(server, 'return-to-forbidden')
      const answer = await browser.get(logout_url)
      expect(errorOf(answer)).toEqual({ status: 400, id: FORBIDDEN })
      expectSwitched(answer, 'return-to-forbidden')
      expect((await browser.get('/sessions/whoami')).status).toBe(401)
    })
  })

  describe.each([
    ['registration-disabled', 'registration', 'self_service_flow_disabled', /Registration is not allowed/],
    ['recovery-disabled', 'recovery', undefined, /Recovery is not allowed/],
    ['verification-disabled', 'verification', undefined, /Verification is not allowed/],
  ] as const)('%s', (name, kind, id, reason) => {
    it.each(['browser', 'api'] as const)('no flow is begun, fetched or submitted: %s', async (type) => {
      const flow = await switched(name, kind, type)
      const answers = [
        await flow.client.get(`/self-service/${kind}/${type}`),
        await fetched(flow),
        await submitted(flow),
      ]
      for (const answer of answers) {
        expect(errorOf(answer)).toEqual({ status: 400, id })
        expect(answer.body.error.reason).toMatch(reason)
        expectSwitched(answer, name)
      }
      expect(flow.server.world.identities.find('identifier', `password:${BOB}`)).toBeUndefined()
    })

    it('a browser is sent to the error page, and it is open again when the switch is cleared', async () => {
      const flow = await switched(name, kind)
      const page = await flow.client.get(`/self-service/${kind}/browser`, { html: true })
      expect((await shown(page, flow.server)).reason).toMatch(reason)
      expect((await shown(await submittedAsForm(flow), flow.server)).reason).toMatch(reason)
      await clearSwitches(flow.server)
      expect((await submitted(flow)).status).toBe(200)
    })
  })

  it.each(KINDS.flatMap((kind) => [[kind, 'browser'] as const, [kind, 'api'] as const]))(
    'method-disabled: a %s of the kind %s',
    async (kind, type) => {
      const flow = await switched('method-disabled', kind, type)
      const answer = await submitted(flow)
      expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
      expect(answer.body.error.reason).toMatch(/endpoint was disabled by system administrator/)
      expectSwitched(answer, 'method-disabled')
      await clearSwitches(flow.server)
      expect((await submitted(flow)).status).toBe(200)
    },
  )

  it.each([
    ['login', 4010002],
    ['registration', 4010003],
    ['settings', 4010004],
    ['recovery', 4010005],
    ['verification', 4010006],
  ] as const)('no-method-given: a %s says %i', async (kind, message) => {
    const flow = await switched('no-method-given', kind)
    const answer = await submitted(flow)
    expect({ status: answer.status, said: saidIn(answer)[''] }).toEqual({ status: 400, said: [message] })
    expectSwitched(answer, 'no-method-given')

    const page = await switched('no-method-given', kind)
    const form = await submittedAsForm(page)
    expect(form.status).toBe(sentBackBy(dialect, form.location))
    expect(form.location).toBe(`http://localhost:4000/ui/${kind}?flow=${page.flow.id}`)
    expect(saidIn(await fetched(page))['']).toEqual([message])
  })

  describe('who is signed in already', () => {
    it.each(['login', 'registration', 'recovery'] as const)('already-logged-in-on-init: a %s', async (kind) => {
      const server = await opened()
      await throwSwitch(server, 'already-logged-in-on-init')
      for (const type of ['browser', 'api']) {
        const answer = await server.browser().get(`/self-service/${kind}/${type}`)
        expect(errorOf(answer)).toEqual(AVAILABLE)
        expectSwitched(answer, 'already-logged-in-on-init')
      }
      const page = await server.browser().get(`/self-service/${kind}/browser`, { html: true })
      expect(page.location).toBe('http://localhost:4000/ui/welcome')
    })

    it('already-logged-in-on-init meets those who have a session of their own, too', async () => {
      const server = await opened()
      const browser = await server.signedIn(ANN)
      await throwSwitch(server, 'already-logged-in-on-init')
      const answer = await browser.get('/self-service/login/browser?refresh=true')
      expect(errorOf(answer)).toEqual(AVAILABLE)
    })

    it.each(['browser', 'api'] as const)('already-logged-in-on-submit: a login of the kind %s', async (type) => {
      const answer = await submitted(await switched('already-logged-in-on-submit', 'login', type))
      expect({ status: answer.status, said: saidIn(answer)[''] }).toEqual({ status: 400, said: [4000001] })
      expectSwitched(answer, 'already-logged-in-on-submit')
    })

    it('already-logged-in-on-submit: a form is sent on', async () => {
      const { status, location } = await submittedAsForm(await switched('already-logged-in-on-submit', 'login'))
      expect({ status, location }).toEqual({ status: 303, location: 'http://localhost:4000/ui/welcome' })
    })

    it.each(['browser', 'api'] as const)(
      'already-logged-in-on-register: a registration of the kind %s',
      async (type) => {
        const flow = await switched('already-logged-in-on-register', 'registration', type)
        const answer = await submitted(flow)
        expect(errorOf(answer)).toEqual(AVAILABLE)
        expectSwitched(answer, 'already-logged-in-on-register')
        expect(flow.server.world.identities.find('identifier', `password:${BOB}`)).toBeUndefined()
      },
    )

    it('already-logged-in-on-register: a form is sent on', async () => {
      const form = await submittedAsForm(await switched('already-logged-in-on-register', 'registration'))
      expect(form.status).toBe(dialect === 'wire' ? 302 : 303)
      expect(form.location).toBe('http://localhost:4000/ui/welcome')
    })
  })

  describe('a settings flow of somebody else', () => {
    it.each(['browser', 'api'] as const)('foreign-flow: of the kind %s, fetched', async (type) => {
      const answer = await fetched(await switched('foreign-flow', 'settings', type))
      expect(errorOf(answer)).toEqual({ status: 403, id: 'security_identity_mismatch' })
      expectSwitched(answer, 'foreign-flow')
    })

    it.each(['browser', 'api'] as const)('foreign-flow-on-submit: of the kind %s', async (type) => {
      const flow = await switched('foreign-flow-on-submit', 'settings', type)
      const answer = await submitted(flow)
      expect(answer.status).toBe(400)
      expect(saidIn(answer)['']).toEqual([4000001])
      expect(answer.body.ui.messages[0].text).toMatch(/initiated by another person/)
      expectSwitched(answer, 'foreign-flow-on-submit')
    })
  })

  it('unknown-aal: a login that asks for it', async () => {
    const server = await opened()
    await throwSwitch(server, 'unknown-aal')
    for (const type of ['browser', 'api']) {
      const answer = await server.browser().get(`/self-service/login/${type}`)
      expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
      expectSwitched(answer, 'unknown-aal')
    }
    const page = await server.browser().get('/self-service/login/browser', { html: true })
    expect((await shown(page, server)).code).toBe(400)
  })

  describe('aal2-without-session', () => {
    const NEEDED = { status: 401, id: 'session_aal1_required' }

    it.each(['browser', 'api'] as const)('a login of the kind %s is neither begun nor submitted', async (type) => {
      const flow = await switched('aal2-without-session', 'login', type)
      for (const answer of [await flow.client.get(`/self-service/login/${type}`), await submitted(flow)]) {
        expect(errorOf(answer)).toEqual(NEEDED)
        expectSwitched(answer, 'aal2-without-session')
      }
    })

    it('a session that the browser has is left out', async () => {
      const server = await opened()
      const browser = await server.signedIn(ANN)
      await throwSwitch(server, 'aal2-without-session')
      expect(errorOf(await browser.get('/self-service/login/browser'))).toEqual(NEEDED)
      expect((await browser.get('/sessions/whoami')).status).toBe(200)
    })
  })
})
