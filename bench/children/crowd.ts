import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { createMock } from '../../src/create-mock.ts'
import { newIdentity, saveIdentity, validateIdentity } from '../../src/identities/identity.ts'
import { authenticated, newSession } from '../../src/sessions/session.ts'
import { prepareStart } from '../../src/simulation/start.ts'
import type { Identity } from '../../src/state/records.ts'
import type { World } from '../../src/state/world.ts'
import { type Ask, connectInProcess } from '../in-process.ts'
import type { LoadRequest } from '../load.ts'
import { answered, signIn, whoamiRequest } from '../person.ts'

/*
 * A server with the fixture `team` and a crowd beside it. It is given how large the crowd is, says what a session of it
 * weighs, and then for each number of requests how long one took.
 */

const MEMBER = '7ea00000-0000-4000-8000-000000000002'
const ADMIN_HEADERS = { authorization: 'Bearer any', accept: 'application/json' }

const [identities = 0, sessions = 0, sandboxes = 0] = process.argv.slice(2).map(Number)

const config = demoConfig()
const mock = createMock({ config, start: await prepareStart({ config, fixture: 'team' }) })
const { world } = mock.sandboxes.enter('default').sandbox
const people = Array.from({ length: identities }, (_, i) => addPerson(world, `person-${i}@example.com`))
for (let i = 0; i < Math.max(1, sandboxes); i++) mock.sandboxes.enter(`sandbox-${i}`)
const before = heap()
for (let i = 0; i < sessions; i++) addSession(world, people[i % people.length])
/** Bytes on the heap. */
const weight = sessions === 0 ? 0 : (heap() - before) / sessions
const ask = connectInProcess(createApp(mock))
const requests = await mix(ask)

function addPerson(world: World, email: string): Identity {
  return saveIdentity(world, validateIdentity(world, newIdentity(world, { traits: { email } })))
}

function addSession(world: World, identity: Identity | undefined): void {
  if (!identity) throw new Error('a session needs an identity')
  const session = newSession(world, identity)
  world.sessions.save(authenticated(world, session, { method: 'password', aal: 'aal1' }))
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Asked alike in a world of any size, and answered alike. */
async function mix(ask: Ask): Promise<readonly LoadRequest[]> {
  const { whoami, login } = await signIn(ask)
  const flow = await answered(ask, { method: 'GET', path: '/self-service/login/api' })
  const get = (path: string, headers = {}): LoadRequest => ({ method: 'GET', path, headers })
  const known = whoamiRequest('token-of-signed-in')
  return [
    whoami,
    login,
    get('/self-service/login/api'),
    get(`/self-service/login/flows?id=${flow.id}`),
    get(`/admin/identities/${MEMBER}`, ADMIN_HEADERS),
    get('/admin/identities?per_page=5&page=1', ADMIN_HEADERS),
    get(`/admin/identities/${MEMBER}/sessions`, ADMIN_HEADERS),
    { ...known, headers: { ...known.headers, 'x-mock-sandbox': 'sandbox-0' } },
  ]
}

/** @returns processor time of a request, in microseconds */
async function run(rounds: number): Promise<number> {
  const began = process.cpuUsage()
  for (let i = 0; i < rounds; i++) for (const request of requests) await answered(ask, request, 200)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / (rounds * requests.length)
}

process.on('message', async ({ rounds = 0 }: { rounds?: number }) => {
  process.send?.(rounds === 0 ? weight : await run(rounds))
})
