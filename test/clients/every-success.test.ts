import * as network from '@ory/client'
import * as permissions from '@ory/keto-client'
import * as identities from '@ory/kratos-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OnePortMock, type RunningOptions, startOnePort } from '../support/running-mock.ts'
import { WALKABLE } from '../support/walkable.ts'
import { declaredModels } from './declared-models.ts'
import { Guest } from './guest.ts'
import { ADMIN_CALLS, IDENTITY_CALLS } from './identity-calls.ts'
import { NETWORK_CALLS } from './network-calls.ts'
import type { OryClient } from './ory-clients.ts'
import { PERMISSION_CALLS } from './permission-calls.ts'
import { faultsOf, Witness } from './witness.ts'

/*
 * Ory's generated clients for JavaScript call every method that they have for a success: the answer is one that the
 * document has, the client gives what was sent, and that is what its declarations promise.
 */

/** A method, called once for a success; the last call counts. */
type Calls = Readonly<Record<string, () => Promise<unknown>>>

interface Package {
  readonly name: string
  readonly exports: object
  readonly server: RunningOptions
  /** A call of each of its methods. */
  readonly calls: (url: string, witness: Witness) => Calls
}

/** Calls that wait for what they are called with. */
const bound = <T extends unknown[]>(calls: Readonly<Record<string, (...on: T) => Promise<unknown>>>, ...on: T): Calls =>
  Object.fromEntries(Object.entries(calls).map(([method, call]) => [method, () => call(...on)]))

const metadata = (api: network.MetadataApi | identities.MetadataApi | permissions.MetadataApi): Calls => ({
  isAlive: () => api.isAlive(),
  isReady: () => api.isReady(),
  getVersion: () => api.getVersion(),
})

const PACKAGES: readonly Package[] = [
  {
    name: '@ory/client',
    exports: network,
    server: {},
    calls(url, { transport }) {
      const configuration = new network.Configuration({ basePath: url, accessToken: 'any-token' })
      const ory = new network.V0alpha2Api(configuration, undefined, transport)
      const read = new network.ReadApi(configuration, undefined, transport)
      const write = new network.WriteApi(configuration, undefined, transport)
      const guest = new Guest(ory)
      return {
        ...metadata(new network.MetadataApi(configuration, undefined, transport)),
        ...bound({ ...IDENTITY_CALLS, ...ADMIN_CALLS }, guest),
        ...bound(NETWORK_CALLS, ory, guest),
        ...bound(PERMISSION_CALLS, { read, write }),
      }
    },
  },
  {
    name: '@ory/kratos-client',
    exports: identities,
    server: { auth: 'off' },
    calls(url, { transport }) {
      const configuration = new identities.Configuration({ basePath: url })
      const ory = new identities.V0alpha2Api(configuration, undefined, transport)
      return {
        ...metadata(new identities.MetadataApi(configuration, undefined, transport)),
        ...bound({ ...IDENTITY_CALLS, ...ADMIN_CALLS }, new Guest(ory satisfies OryClient)),
        listIdentitySchemas: () => ory.listIdentitySchemas(),
        getJsonSchema: () => ory.getJsonSchema('default'),
      }
    },
  },
  {
    name: '@ory/keto-client',
    exports: permissions,
    server: { auth: 'off' },
    calls(url, { transport }) {
      const configuration = new permissions.Configuration({ basePath: url })
      const read = new permissions.ReadApi(configuration, undefined, transport)
      const write = new permissions.WriteApi(configuration, undefined, transport)
      return {
        ...metadata(new permissions.MetadataApi(configuration, undefined, transport)),
        ...bound(PERMISSION_CALLS, { read, write }),
      }
    },
  },
]

/** The methods of the classes that a package exports for its APIs. */
function methodsOf(exports: object): readonly string[] {
  const classes = Object.entries(exports).filter(([name]) => /^[A-Z]\w*Api$/.test(name))
  return classes
    .flatMap(([, api]) => Object.getOwnPropertyNames(api.prototype))
    .filter((method) => method !== 'constructor')
}

describe.each(PACKAGES)('$name', ({ name, exports, server: options, calls: callsOf }) => {
  const methods = methodsOf(exports)
  const witness = new Witness()
  const models = declaredModels(name)
  let server: OnePortMock
  let calls: Calls

  beforeAll(async () => {
    server = await startOnePort({ ...WALKABLE, ...options, clock: Date.now() })
    calls = callsOf(server.url, witness)
  })

  afterAll(() => server.close())

  it.each(methods)('%s decodes a success', async (method) => {
    await calls[method]?.()
    const last = witness.seen.at(-1)
    expect(last).toBeDefined()
    if (!last) return
    witness.seen.splice(0)
    expect(faultsOf(method === 'getJsonSchema' ? 'getIdentitySchema' : method, last)).toEqual([])
    expect(models.faultsOf(method, last.data)).toEqual([])
  })

  it('every method is called', () => {
    expect(Object.keys(calls).sort()).toEqual([...methods].sort())
    expect(server.failures).toEqual([])
  })
})

it('the clients have the 61 operations of the document, and their parts of them', () => {
  const counts = PACKAGES.map(({ name, exports }) => [name, methodsOf(exports).length])
  expect(Object.fromEntries(counts)).toEqual({ '@ory/client': 61, '@ory/kratos-client': 43, '@ory/keto-client': 12 })
})
