import { guardControl, refusal } from '../http/guard.ts'
import type { Reply } from '../http/reply.ts'
import type { Mock } from '../mock.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/** Answers the control API (`/__mock`); undefined for everything else. */
export function answerOutside(_mock: Mock, exchange: Exchange): Promise<Reply> | undefined {
  if (!/^\/__mock(\/|$)/.test(exchange.path)) return undefined
  const refused = guardControl(exchange.method, exchange.headers)
  return Promise.resolve(refused ?? refusal(404, `There is no ${exchange.path} in the control API.`))
}
