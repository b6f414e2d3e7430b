import { createMock } from '../../src/create-mock.ts'
import { createProxyApp } from '../../src/proxy/app.ts'
import { createProxy } from '../../src/proxy/proxy.ts'
import { median, spread } from '../figures.ts'
import { type Ask, connectInProcess } from '../in-process.ts'
import { signIn } from '../person.ts'
import type { Row } from '../result.ts'
import { spawnMock } from '../server.ts'
import { IN_TURN, inTurn } from '../with-and-without.ts'

const AT_MOST = 1.2

/** What the checks cost in the proxy: contract both ways and journal, against the same proxy that only passes on. */
export async function proxy(): Promise<readonly Row[]> {
  const behind = await spawnMock(['--fixture', 'team', '--dialect', 'wire'])
  try {
    await behind.ready()
    const [checking, passing] = [connect(behind.url, true), connect(behind.url, false)]
    const person = await signIn(checking)
    const rows: Row[] = []
    for (const request of ['whoami', 'login'] as const) {
      const ratios = await inTurn([checking, person[request]], [passing, person[request]])
      rows.push({
        what: `${request === 'whoami' ? 'GET /sessions/whoami' : 'password login'} through the proxy, against the same proxy without checks`,
        budget: '≤ 1.2 ×',
        measured: spread(ratios, ' ×'),
        met: median(ratios) <= AT_MOST,
        how: `${IN_TURN}; addresses are rewritten on either side, the server behind is another process`,
      })
    }
    return rows
  } finally {
    await behind.stop()
  }
}

function connect(url: string, checks: boolean): Ask {
  const mock = createMock({ dialect: 'wire', requests: 'report' })
  const to = { public: url, admin: url, read: url, write: url }
  const options = { knownAs: {}, rewrite: true, timeout: 30_000, maxBody: 10_485_760, recorder: undefined }
  return connectInProcess(createProxyApp(createProxy({ mock, to, checks, ...options }), 'all'))
}
