import { send } from '../../src/http/send.ts'
import { operate } from '../../src/pipeline/operate.ts'
import type { Stages } from '../../src/pipeline/stages.ts'
import type { Row } from '../result.ts'
import { withAndWithout } from '../with-and-without.ts'

/** The pipeline as if there were no switches. */
const WITHOUT: Partial<Stages> = {
  operate,
  afterCookies: (_, reply) => reply,
  afterPreflight: (_mock, _exchange, reply) => reply,
  deliver: ({ res, world }, reply) => {
    send(res, reply, world.now())
    return reply
  },
}

/** A server with no switch active pays nothing measurable for the switches. */
export function switches(): Promise<readonly Row[]> {
  return withAndWithout({
    what: 'the switches, none of them active',
    without: WITHOUT,
    atMost: 1.03,
    budget: 'nothing measurable (≤ 1.03 ×)',
  })
}
