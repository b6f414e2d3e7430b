import { noContent, ok, type Reply } from '../../http/reply.ts'
import { instant } from '../../state/clock.ts'
import { CannotWrite } from '../data/data-file.ts'
import { generateIdentities } from '../generate.ts'
import { readFixture } from '../load-fixture.ts'
import { exportSnapshot, importSnapshot, restoreSnapshot, type Snapshot, takeSnapshot } from '../snapshots.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

const SUMMARY = {
  type: 'object',
  required: ['name', 'taken_at', 'identities', 'sessions'],
  properties: {
    name: { type: 'string' },
    taken_at: { type: 'string', format: 'date-time', description: "The sandbox's time." },
    identities: { type: 'integer' },
    sessions: { type: 'integer' },
  },
}

const STATE = { type: 'object', description: 'A fixture: see fixtures/fixture.schema.json.' }

function describe(name: string, { takenAt, world }: Snapshot) {
  return {
    name,
    taken_at: instant(takenAt),
    identities: world.identities.length,
    sessions: world.sessions.length,
  }
}

function listSnapshots({ exchange }: ControlCall): Reply {
  return ok([...exchange.sandbox.snapshots.entries()].map(([name, snapshot]) => describe(name, snapshot)))
}

/** @throws ControlError 404 */
function find({ exchange, params }: ControlCall): { readonly name: string; readonly snapshot: Snapshot } {
  const name = params['name'] ?? ''
  const snapshot = exchange.sandbox.snapshots.get(name)
  if (snapshot) return { name, snapshot }
  const names = [...exchange.sandbox.snapshots.entries()].map(([each]) => `"${each}"`)
  const known = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`
  throw new ControlError(404, `The sandbox "${exchange.sandbox.name}" has no snapshot "${name}". ${known}`)
}

async function keep(call: ControlCall, snapshot: Snapshot): Promise<Reply> {
  const name = call.params['name'] ?? ''
  call.exchange.sandbox.snapshots.keep(name, snapshot)
  await write(call, 'The snapshot is kept in memory only')
  return ok(describe(name, snapshot))
}

/** What is acknowledged is in the data file, where there is one. @throws ControlError 507 */
async function write({ mock }: ControlCall, otherwise: string): Promise<void> {
  try {
    await mock.data?.flush()
  } catch (error) {
    if (error instanceof CannotWrite) throw new ControlError(507, `${otherwise}: ${error.message}`)
    throw error
  }
}

function postSnapshot(call: ControlCall): Promise<Reply> {
  const { world, worlds, sandbox } = call.exchange
  sandbox.snapshots.check(call.params['name'] ?? '')
  return keep(call, takeSnapshot(world, worlds))
}

function postRestore(call: ControlCall): Reply {
  const { name, snapshot } = find(call)
  restoreSnapshot(call.exchange.world, call.exchange.worlds, snapshot)
  return ok(describe(name, snapshot))
}

function getSnapshot(call: ControlCall): Reply {
  return ok(exportSnapshot(call.exchange.world, find(call).snapshot))
}

async function putSnapshot(call: ControlCall): Promise<Reply> {
  const { body = null, exchange } = call
  const { world, sandbox } = exchange
  const startConfig = sandbox.start.config
  const fixture = await generateIdentities(readFixture(body), { startConfig })
  return keep(call, importSnapshot(world, fixture, startConfig))
}

async function deleteSnapshot(call: ControlCall): Promise<Reply> {
  call.exchange.sandbox.snapshots.delete(find(call).name)
  await write(call, 'The snapshot is forgotten in memory only')
  return noContent()
}

export const snapshotRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/snapshots',
    summary: 'The snapshots of the sandbox, in the order in which they were first taken.',
    answer: { type: 'array', items: SUMMARY },
    handle: listSnapshots,
  },
  {
    method: 'POST',
    path: '/snapshots/{name}',
    summary: 'Keeps what the sandbox holds under a name; what had that name is replaced.',
    answer: SUMMARY,
    handle: postSnapshot,
  },
  {
    method: 'POST',
    path: '/snapshots/{name}/restore',
    summary: 'Puts the sandbox back to what it held. A clock that ran runs on, and all times move along.',
    answer: SUMMARY,
    handle: postRestore,
  },
  { method: 'GET', path: '/snapshots/{name}', summary: 'A snapshot as JSON.', answer: STATE, handle: getSnapshot },
  {
    method: 'PUT',
    path: '/snapshots/{name}',
    summary: 'Keeps what a fixture says under a name, and leaves the sandbox alone.',
    body: STATE,
    answer: SUMMARY,
    handle: putSnapshot,
  },
  { method: 'DELETE', path: '/snapshots/{name}', summary: 'Forgets a snapshot.', handle: deleteSnapshot },
]
