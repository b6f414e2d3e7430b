import { describe, expect, it } from 'vitest'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import type { UiNode } from '../../src/state/records.ts'
import { flowIn, nodeOf, PASSWORD, saidBy } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { ANN, BOB, errorOf, fetched, KINDS, openFlow, submitted, submittedAsForm } from './flows.ts'

/* ecosystem §4.3, second part: what hooks and schemas bring into a form, and contents that a page must survive. */

const HOOKED = ['login', 'registration', 'settings'] as const

inBothDialects((open) => {
  async function opened() {
    const server = open()
    await server.person(ANN)
    return server
  }

  describe('web hooks', () => {
    it.each(HOOKED)('webhook-rejects: a %s is vetoed in the words of the hook', async (kind) => {
      const server = await opened()
      const flow = await openFlow(server, kind)
      await throwSwitch(server, 'webhook-rejects')
      const answer = await submitted(flow)
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [1234] } })
      expect(answer.body.ui.messages[0].text).toBe('This address is not on the guest list.')
      expectSwitched(answer, 'webhook-rejects')
      if (kind === 'registration') expect(server.world.identities.find('identifier', `password:${BOB}`)).toBeUndefined()
    })

    it('webhook-rejects: id, text and node are parameters', async () => {
      const server = await opened()
      await throwSwitch(server, 'webhook-rejects', { parameters: { id: 77, message: 'No.', node: 'traits.email' } })
      const answer = await submitted(await openFlow(server, 'registration'))
      expect(saidIn(answer)).toEqual({ 'traits.email': [77] })
      expect(nodeOf(answer.body, 'traits.email')?.messages[0]?.text).toBe('No.')
    })

    it('webhook-rejects: what was typed wrong is told before', async () => {
      const server = await opened()
      await throwSwitch(server, 'webhook-rejects')
      const { client, flow } = await openFlow(server, 'login')
      const answer = await client.submit('login', flow, { method: 'password', identifier: ANN, password: 'wrong' })
      expect(saidIn(answer)).toEqual({ '': [4000006] })
    })

    it.each(
      (['webhook-down', 'webhook-bad-answer'] as const).flatMap((name) => HOOKED.map((kind) => [name, kind] as const)),
    )('%s: a %s fails, in browser flows with 500, in API flows with 400', async (name, kind) => {
      const server = await opened()
      const [browser, app] = [await openFlow(server, kind), await openFlow(server, kind, 'api')]
      const form = await openFlow(server, kind)
      await throwSwitch(server, name)
      const answer = await submitted(browser)
      expect(errorOf(answer)).toEqual({ status: 500, id: undefined })
      expect(answer.body.error.message).toContain(
        name === 'webhook-down' ? 'no such host' : 'could not be unmarshalled',
      )
      expectSwitched(answer, name)
      expect(await submitted(app)).toMatchObject({ status: 400, body: { error: { code: 500 } } })
      expect((await submittedAsForm(form)).location).toContain('/ui/error?id=')
    })
  })

  it.each(KINDS)('traits-schema-unreachable: a %s can neither be begun nor submitted', async (kind) => {
    const server = await opened()
    const flow = await openFlow(server, kind)
    await throwSwitch(server, 'traits-schema-unreachable')
    for (const type of ['browser', 'api']) {
      const answer = await flow.client.get(`/self-service/${kind}/${type}`)
      expect(errorOf(answer)).toEqual({ status: 500, id: undefined })
      expectSwitched(answer, 'traits-schema-unreachable')
    }
    const page = await flow.client.get(`/self-service/${kind}/browser`, { html: true })
    expect(page.location).toContain('/ui/error?id=')
    expect(errorOf(await submitted(flow))).toEqual({ status: 500, id: undefined })
  })

  it('validation-many-errors: every field says what it lacks', async () => {
    const server = await opened()
    await throwSwitch(server, 'validation-many-errors')
    const flow = await openFlow(server, 'registration')
    const answer = await submitted(flow)
    const said = {
      'traits.email': [4000002],
      'traits.name.first': [4000002],
      'traits.name.last': [4000002],
      password: [4000002],
    }
    expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said })
    expectSwitched(answer, 'validation-many-errors')
    await submittedAsForm(flow)
    expect(saidIn(await fetched(flow))).toEqual(said)
  })

  const MESSAGES: readonly (readonly [SwitchName, number, RegExp])[] = [
    ['message-long-text', 4000001, /^.{1500,}\w{20,}/u],
    ['message-unknown-id', 4999999, /future/],
    ['message-with-html', 4000001, /<script>.*<\/script>.*&amp;/],
  ]

  describe.each(MESSAGES)('%s', (name, id, text) => {
    it.each(KINDS)('stands above the form of a %s and at a field, and stays', async (kind) => {
      const server = await opened()
      await throwSwitch(server, name)
      const begun = await openFlow(server, kind)
      expect(saidBy(begun.flow)['']).toEqual([id])
      const fields = Object.entries(saidBy(begun.flow)).filter(([node]) => node !== '')
      expect(fields).toEqual([[expect.any(String), [id]]])
      expect(begun.flow.ui.messages?.[0]?.text).toMatch(text)
      await clearSwitches(server)
      const again = await fetched(begun)
      expect(saidIn(again)).toEqual(saidBy(begun.flow))
      expect(again.headers['x-mock-switch']).toBeUndefined()
    })

    it('is in the flow that a browser is sent to', async () => {
      const server = await opened()
      await throwSwitch(server, name, { times: 1 })
      const browser = server.browser()
      const { location } = await browser.get('/self-service/login/browser', { html: true })
      expect(saidBy(await browser.fetch('login', flowIn(location)))['']).toEqual([id])
    })

    it('comes with what a refused submit says, and is said once', async () => {
      const server = await opened()
      await throwSwitch(server, name)
      const { client, flow } = await openFlow(server, 'login')
      const answer = await client.submit('login', flow, { method: 'password', identifier: ANN, password: 'wrong' })
      expect(saidIn(answer)['']).toEqual([4000006, id])
      expectSwitched(answer, name)
      expect(saidBy(await client.fetch('login', flow.id))['']).toEqual([4000006, id])
    })
  })

  const STRANGE: readonly (readonly [SwitchName, (node: UiNode) => unknown])[] = [
    ['unknown-node-type', (node) => [node.type, node.attributes.node_type].map(String).join() === 'hologram,hologram'],
    ['unknown-node-group', (node) => String(node.group) === 'passkey'],
    ['unknown-input-type', (node) => 'type' in node.attributes && node.attributes.type === 'retina-scan'],
  ]

  it.each(STRANGE)(
    '%s: one more node, in every answer with a flow; it breaks the contract and says so',
    async (name, is) => {
      const server = await opened()
      const before = await openFlow(server, 'login')
      await throwSwitch(server, name)
      for (const kind of KINDS) {
        const begun = await openFlow(server, kind)
        expect(begun.flow.ui.nodes.filter(is)).toHaveLength(1)
        const answer = await fetched(begun)
        expect(answer.body.ui.nodes.filter(is)).toHaveLength(1)
        expect(answer.headers['x-mock-contract-broken-by']).toBe(name)
      }
      await clearSwitches(server)
      expect((await fetched(before)).body.ui.nodes.filter(is)).toEqual([])
      // the flow goes on as if nothing were
      const { client, flow } = before
      const values = { method: 'password', identifier: ANN, password: PASSWORD }
      expect((await client.submit('login', flow, values)).status).toBe(200)
    },
  )
})
