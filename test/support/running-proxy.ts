import { createMock } from '../../src/create-mock.ts'
import type { Listener } from '../../src/http/call.ts'
import { type Listening, listen } from '../../src/http/listen.ts'
import type { Mock } from '../../src/mock.ts'
import { createProxyApp } from '../../src/proxy/app.ts'
import { createProxy, type ProxyOptions } from '../../src/proxy/proxy.ts'
import { type JournalEntry, showEntry } from '../../src/verdict/entry.ts'
import type { Addresses } from '../../src/verify/player.ts'

/** A proxy of this process. */
export interface RunningProxy {
  readonly mock: Mock
  /** The first address. */
  readonly url: string
  readonly ports: Partial<Record<Listener, number>>
  /** Failures of the proxy's own. */
  readonly failures: string[]
  /** What the journal of a sandbox shows, unmasked. */
  readonly journal: (sandbox?: string) => readonly JournalEntry[]
  readonly close: () => Promise<void>
}

export async function startProxy(
  to: Addresses | string,
  options: Partial<Omit<ProxyOptions, 'to' | 'mock'>> & { readonly dialect?: 'spec' | 'wire' } = {},
): Promise<RunningProxy> {
  const { dialect = 'wire', ...others } = options
  const failures: string[] = []
  const mock = createMock({
    dialect,
    requests: 'report',
    onFailure: (error, what) => failures.push(`${what}: ${error instanceof Error ? error.stack : error}`),
  })
  const proxy = createProxy({
    mock,
    to: typeof to === 'string' ? { public: to, admin: to, read: to, write: to } : to,
    knownAs: {},
    rewrite: true,
    checks: true,
    timeout: 10_000,
    maxBody: 1_048_576,
    recorder: undefined,
    ...others,
  })
  const listening: Listening[] = []
  for (const api of proxy.upstreams.keys()) {
    const one = await listen(createProxyApp(proxy, api), 0)
    proxy.ports[api] = one.port
    listening.push(one)
  }
  return {
    mock,
    url: `http://localhost:${listening[0]?.port}`,
    ports: proxy.ports,
    failures,
    journal: (sandbox = 'default') =>
      (mock.sandboxes.get(sandbox)?.journal.entries() ?? []).map((entry) => showEntry(entry, true)),
    close: async () => {
      await Promise.all(listening.map((one) => one.close()))
    },
  }
}
