import type { Contract } from '../contract/contract.ts'
import type { Listener } from '../http/call.ts'
import type { Mock } from '../mock.ts'
import { type Addresses, APIS } from '../verify/player.ts'
import { alsoKnownAs, type Pair, type Rewrite, rewriteOf } from './addresses.ts'
import type { Recorder } from './recorder.ts'
import { createUpstream, type Upstream } from './upstream.ts'

export interface ProxyOptions {
  /** What judges and remembers: the contract, the journal, who may ask. */
  readonly mock: Mock
  /** Where the servers behind answer. */
  readonly to: Addresses
  /** How else the servers behind call themselves: their base URLs. */
  readonly knownAs: Addresses
  /** Whether the addresses of the servers behind become the proxy's. */
  readonly rewrite: boolean
  /** Without them nothing is judged and nothing remembered. */
  readonly checks: boolean
  /** So long, in milliseconds, a server behind may show no sign of life. */
  readonly timeout: number
  /** The largest body that is held in memory, in bytes. A larger request is refused, a larger answer passed on unjudged. */
  readonly maxBody: number
  readonly recorder: Recorder | undefined
}

/** A proxy between clients and the servers of Ory. */
export interface OryProxy extends Omit<ProxyOptions, 'to' | 'knownAs'> {
  readonly contract: Contract
  readonly upstreams: ReadonlyMap<Listener, Upstream>
  /** The ports of the proxy for each API; filled when it listens. */
  ports: Partial<Record<Listener, number>>
  /** Every name of an address, the proxy's and those behind, and its placeholder in conversations. */
  readonly addressNames: () => readonly (readonly [string, string])[]
  /** From the addresses behind to the proxy's, as a client sees it, and back. */
  readonly rewritesFor: (api: Listener, front: string) => { readonly out: Rewrite; readonly back: Rewrite }
}

export function createProxy({ to, knownAs, ...options }: ProxyOptions): OryProxy {
  const upstreams = new Map<Listener, Upstream>()
  for (const [api, base] of listenersOf(to)) upstreams.set(api, createUpstream(base))
  const names = (api: Listener): string[] => {
    const own = upstreams.get(api)?.base
    const others = api === 'all' ? Object.values(knownAs) : [knownAs[api]]
    return [...new Set([own, ...others].flatMap((each) => (each === undefined ? [] : alsoKnownAs(each))))]
  }
  const kept = new Map<string, ReturnType<OryProxy['rewritesFor']>>()
  const proxy: OryProxy = {
    ...options,
    contract: options.mock.contract,
    upstreams,
    ports: {},
    addressNames: () =>
      [...upstreams.keys()].flatMap((api) => {
        const own = alsoKnownAs(`http://localhost:${proxy.ports[api] ?? 0}`)
        return [...own, ...names(api)].map((name) => [name, `<${api === 'all' ? 'public' : api}>`] as const)
      }),
    rewritesFor: (api, front) => {
      const key = `${api} ${front}`
      const known = kept.get(key)
      if (known) return known
      const fronts = new Map([...upstreams.keys()].map((each) => [each, frontOf(front, api, each, proxy.ports)]))
      const pairs = [...fronts].flatMap(([each, at]) => names(each).map((name): Pair => [name, at]))
      const back = [...fronts].flatMap(([each, at]) =>
        alsoKnownAs(at).map((name): Pair => [name, upstreams.get(each)?.base ?? at]),
      )
      const made = { out: rewriteOf(pairs), back: rewriteOf(back) }
      // whoever asks under ever new names is answered, and not remembered
      if (kept.size < 100) kept.set(key, made)
      return made
    },
  }
  return proxy
}

/** One address for all APIs is one listener. */
export function listenersOf(to: Addresses): [Listener, string][] {
  const addresses = new Set(Object.values(to))
  const [only] = addresses
  if (addresses.size === 1 && only !== undefined && Object.keys(to).length === APIS.length) return [['all', only]]
  return APIS.flatMap((api): [Listener, string][] => (to[api] === undefined ? [] : [[api, to[api]]]))
}

/** Where a client that sees one API at `front` sees another. */
function frontOf(front: string, api: Listener, other: Listener, ports: OryProxy['ports']): string {
  const port = ports[other]
  if (other === api || port === undefined) return front
  const url = new URL(front)
  url.port = String(port)
  return url.href.replace(/\/+$/, '')
}
