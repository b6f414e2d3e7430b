import { afterEach, describe, expect, it } from 'vitest'
import { type Api, type Conversation, configurationOf, loadConversations } from '../../src/verify/conversation.ts'
import { type Call, play, RECORDED_AT } from '../../src/verify/player.ts'
import { mailsTo } from '../../src/verify/server.ts'
import { tellProvider } from '../conformance/target.ts'
import { type SelfHostedMock, startSelfHosted } from '../support/running-mock.ts'
import { type RunningProxy, startProxy } from '../support/running-proxy.ts'
import { type RawMessage, sendRaw, startTap, type Tap, withoutConnection } from '../support/tap.ts'

const APIS: readonly Api[] = ['public', 'admin', 'read', 'write']

let running: { close: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of running.reverse()) await one.close()
  running = []
})

interface Line {
  readonly mock: SelfHostedMock
  readonly taps: ReadonlyMap<Api, Tap>
  readonly proxy: RunningProxy
}

/** A mock in the wire dialect, a tap for each of its addresses, and a proxy that changes nothing in front. */
async function startLine(conversation: Conversation): Promise<Line> {
  const mock = await startSelfHosted({ config: configurationOf(conversation) ?? {}, dialect: 'wire' })
  running.push(mock)
  const taps = new Map<Api, Tap>()
  for (const api of APIS) {
    const tap = await startTap(mock.ports[api])
    taps.set(api, tap)
    running.push(tap)
  }
  const to = Object.fromEntries([...taps].map(([api, { port }]) => [api, `http://127.0.0.1:${port}`]))
  const proxy = await startProxy(to, { rewrite: false })
  running.push(proxy)
  return { mock, taps, proxy }
}

/** A request exactly as it is to be sent. */
function rawOf({ api, method, path, headers, body }: Call): RawMessage {
  const all: Record<string, string> = { Host: RECORDED_AT[api].replace('http://', ''), ...headers }
  if (body !== undefined || method !== 'GET') all['Content-Length'] ??= String(Buffer.byteLength(body ?? ''))
  return {
    line: `${method} ${path}`,
    headers: Object.entries(all).flat(),
    body: Buffer.from(body ?? '').toString('latin1'),
  }
}

const spelt = ({ line, headers, body }: RawMessage) => ({ line, headers: pairs(withoutConnection(headers)), body })

/** Where the length stands among the headers says nothing. */
const pairs = (headers: readonly string[]) =>
  headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : [])).sort()

/** Plays a conversation through the line and tells what differed on its two sides. */
async function changes(conversation: Conversation): Promise<{ answers: number; changed: unknown[] }> {
  const { mock, taps, proxy } = await startLine(conversation)
  const { clock } = mock.world()
  const changed: unknown[] = []
  let answers = 0
  await play(conversation, {
    addresses: RECORDED_AT,
    run: 'c0ffee42',
    send: async (call) => {
      clock.advance(1)
      const sent = rawOf(call)
      const received = await sendRaw(proxy.ports[call.api] ?? 0, sent)
      const passed = taps.get(call.api)?.seen.at(-1)
      answers++
      for (const [one, other] of [
        [sent, passed?.request],
        [received, passed?.answer],
      ] as const) {
        const [here, there] = [JSON.stringify(spelt(one)), JSON.stringify(other && spelt(other))]
        if (here !== there) changed.push({ step: call.step, here, there })
      }
      return answerOf(received)
    },
    now: () => clock.now(),
    advance: async (milliseconds) => clock.advance(milliseconds),
    mail: async (to, number) => (await mailsTo(to, `http://127.0.0.1:${mock.ports.mail}`))[number],
    provider: (answer) => tellProvider(mock.ports.public, answer),
  })
  expect(mock.failures).toEqual([])
  expect(proxy.failures).toEqual([])
  return { answers, changed }
}

function answerOf({ line, headers, body }: RawMessage) {
  const named = pairs(headers).map((pair) => /^([^:]*): (.*)$/.exec(pair)?.slice(1) ?? [])
  const text = Buffer.from(body, 'latin1').toString('utf8')
  const isJson = named.some(([name, value]) => /^content-type$/i.test(name ?? '') && value?.includes('json'))
  return {
    status: Number(line.slice(0, 3)),
    headers: Object.fromEntries(named.map(([name = '', value = '']) => [name.toLowerCase(), value])),
    setCookies: named.flatMap(([name = '', value = '']) => (/^set-cookie$/i.test(name) ? [value] : [])),
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  }
}

describe('with --no-rewrite the proxy changes nothing of a conversation, in neither direction', () => {
  it.each(loadConversations().map((each) => [each.name, each] as const))('%s', async (_, conversation) => {
    const { answers, changed } = await changes(conversation)
    expect(changed).toEqual([])
    expect(answers).toBeGreaterThan(0)
  })
})
