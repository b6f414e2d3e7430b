import type { Json } from '../../src/json.ts'
import { type Call, RECORDED_AT, type Target } from '../../src/verify/player.ts'
import { mailsTo } from '../../src/verify/server.ts'
import { type Answer, send } from '../support/http-client.ts'
import type { SelfHostedMock } from '../support/running-mock.ts'

/**
 * A self-hosted mock of this process as the target of a conversation, which takes it to listen where the recorded servers
 * did. `saw` is told of every exchange.
 */
export function targetOf(server: SelfHostedMock, saw: (call: Call, answer: Answer) => void = () => undefined): Target {
  const { clock } = server.world()
  return {
    addresses: RECORDED_AT,
    run: 'c0ffee42',
    send: async (call) => {
      const { api, method, path, headers, body } = call
      // time passes between two requests, which is what lists are ordered by
      clock.advance(1)
      const host = RECORDED_AT[api].replace('http://', '')
      const answer = await send({ port: server.ports[api], method, path, headers: { Host: host, ...headers }, body })
      saw(call, answer)
      return answer
    },
    now: () => clock.now(),
    advance: async (milliseconds) => clock.advance(milliseconds),
    mail: async (address, number) => (await mailsTo(address, `http://127.0.0.1:${server.ports.mail}`))[number],
    provider: (answer) => tellProvider(server.ports.public, answer),
  }
}

/** Sets what the social provider of a mock answers from now on. */
export async function tellProvider(port: number, answer: Json): Promise<void> {
  const body = JSON.stringify(answer)
  const headers = { 'Content-Type': 'application/json' }
  const { status, text } = await send({ port, method: 'PUT', path: '/__mock/oidc/acme/next', headers, body })
  if (status >= 300) throw new Error(`the provider's next answer was refused: ${status} ${text}`)
}
