import { isJsonObject, type Json } from '../../src/json.ts'
import { type Answer, send } from '../support/http-client.ts'
import type { SelfHostedMock } from '../support/running-mock.ts'
import { ADDRESSES, type Call, type Mail, type Target } from './player.ts'

/** A self-hosted mock of this process as the target of a conversation. `saw` is told of every exchange. */
export function targetOf(server: SelfHostedMock, saw: (call: Call, answer: Answer) => void = () => undefined): Target {
  const { clock } = server.world()
  return {
    send: async (call) => {
      const { api, method, path, headers, body } = call
      const host = ADDRESSES[api].replace('http://', '')
      const answer = await send({ port: server.ports[api], method, path, headers: { Host: host, ...headers }, body })
      saw(call, answer)
      return answer
    },
    now: () => clock.now(),
    advance: (milliseconds) => clock.advance(milliseconds),
    mailTo: (address) => mailTo(server.ports.mail, address),
    provider: async (answer) => {
      const body = JSON.stringify(answer)
      const headers = { 'Content-Type': 'application/json' }
      const path = '/__mock/oidc/acme/next'
      const { status, text } = await send({ port: server.ports.public, method: 'PUT', path, headers, body })
      if (status >= 300) throw new Error(`the provider's next answer was refused: ${status} ${text}`)
    },
  }
}

/** Reads the mailbox in Mailslurper's dialect. */
async function mailTo(port: number, address: string): Promise<Mail[]> {
  const { json } = await send({ port, method: 'GET', path: '/mail' })
  const items = isJsonObject(json) && Array.isArray(json['mailItems']) ? json['mailItems'] : []
  return items
    .filter((item: Json) => recipients(item).includes(address.toLowerCase()))
    .map((item: { subject: string; body: string; dateSent: string }) => item)
    .sort((a, b) => (a.dateSent < b.dateSent ? -1 : 1))
}

function recipients(item: Json): string[] {
  const addresses = isJsonObject(item) ? item['toAddresses'] : undefined
  return (Array.isArray(addresses) ? addresses : []).map((one: Json) => String(one).toLowerCase())
}
