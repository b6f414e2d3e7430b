import { ProblemError } from '../config/problem.ts'
import { Namespaces } from '../permissions/tuple.ts'
import type { Identity, Session } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { Build } from './build/build.ts'
import { addIdentity as buildIdentity } from './build/identity.ts'
import { buildSession } from './build/session.ts'
import { buildTuple } from './build/tuples.ts'
import type { FixtureIdentity, FixtureSession, FixtureTuple } from './fixture.ts'

/*
 * Single records for a world that is in use, written as in a fixture. Each is added whole or not at all.
 */

/**
 * @param publicUrl what the account's secret is issued by, when nothing is configured
 * @throws ProblemError with JSON pointers into `entry`
 */
export function addIdentity(world: World, entry: FixtureIdentity, publicUrl: string): Identity {
  const build = new Build(world, world.settings.serve.public.base_url ?? publicUrl)
  if (entry.generate) {
    const hint = 'Make each of them, or put the whole state.'
    throw new ProblemError([{ pointer: '/generate', message: 'identities in bulk come from fixtures only.', hint }])
  }
  const added = buildIdentity(build, entry, '')
  if (added && build.problems.length > 0) world.identities.delete(added.id)
  build.finish()
  if (!added) throw new ProblemError([{ pointer: '', message: 'the identity could not be made.' }])
  return added
}

/**
 * A session without a sign-in, for an identity that the world knows by e-mail, user name or id.
 * @throws ProblemError with JSON pointers into `entry`
 */
export function addSession(world: World, entry: FixtureSession): Session {
  const build = new Build(world, world.settings.serve.public.base_url ?? 'http://localhost:4000')
  for (const identity of world.identities.values()) build.knows(identity)
  const session = buildSession(build, entry, '')
  build.finish()
  if (!session) throw new ProblemError([{ pointer: '', message: 'the session could not be made.' }])
  build.attempt('/token', () => world.sessions.save(session), 'Every session has a token of its own.')
  build.finish()
  return session
}

/**
 * All of them or none.
 * @throws ProblemError with JSON pointers into `entries`
 */
export function addTuples(world: World, entries: readonly (string | FixtureTuple)[]): void {
  const build = new Build(world, '')
  const namespaces = new Namespaces(world.settings.namespaces)
  const rows = entries.map((entry, index) => buildTuple(build, namespaces, entry, `/${index}`))
  build.finish()
  for (const row of rows) if (row) world.tuples.add(row)
}
