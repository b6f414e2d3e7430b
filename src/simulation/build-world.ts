import { checkConfig } from '../config/check-config.ts'
import { mergeConfig } from '../config/merge.ts'
import { ProblemError } from '../config/problem.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { JsonObject } from '../json.ts'
import { Namespaces } from '../permissions/tuple.ts'
import type { Session } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { Build } from './build/build.ts'
import { addFlow } from './build/flow.ts'
import { addIdentity } from './build/identity.ts'
import { buildContinuity, buildError, buildLinkToken, buildMail } from './build/other-records.ts'
import { buildSession } from './build/session.ts'
import { buildTuple } from './build/tuples.ts'
import type { ClockSetting, Fixture, FixtureSession } from './fixture.ts'

/*
 * From a fixture to a world. This file and those under build/ are the one place in simulation/ that may import rule files
 * of the domains (what is true of an identity, a session, a flow, a tuple), so that a fixture's people are made by the same
 * rules as those who register; operation files stay out of reach here too.
 */

export interface ApplyOptions {
  /** What the fixture's configuration is laid over; by default that of the world. */
  readonly startConfig?: JsonObject
  /** More merge patches, laid over the fixture's: a scenario's. */
  readonly patches?: readonly JsonObject[]
  /** In place of the fixture's: a scenario's. */
  readonly clock?: ClockSetting | undefined
  /** Where addresses of flows in the fixture begin, when no base URL is configured. */
  readonly publicUrl?: string
}

/**
 * Makes the world hold what the fixture says and nothing else. All or nothing. `generate` entries must have been replaced
 * (generate.ts).
 * @throws ProblemError with JSON pointers into the fixture; the world is then as it was
 */
export function applyFixture(world: World, fixture: Fixture, options: ApplyOptions = {}): void {
  const before = world.snapshot()
  try {
    fill(world, fixture, options)
  } catch (error) {
    world.restore(before)
    throw error
  }
}

function fill(world: World, fixture: Fixture, options: ApplyOptions): void {
  empty(world)
  configure(world, fixture, options)
  setClock(world, options.clock ?? fixture.clock)
  const baseUrl = world.settings.serve.public.base_url ?? options.publicUrl ?? 'http://localhost:4000'
  const build = new Build(world, baseUrl.replace(/\/+$/, ''))
  each(fixture.identities, '/identities', (entry, pointer) => addIdentity(build, entry, pointer))
  each(fixture.sessions, '/sessions', (entry, pointer) => {
    const session = buildSession(build, entry, pointer)
    if (session) build.attempt(pointer, () => world.sessions.save(session), 'Every session has a token of its own.')
  })
  each(fixture.flows, '/flows', (entry, pointer) => addFlow(build, entry, pointer))
  addTuples(build, fixture)
  each(fixture.mails, '/mails', (entry) => world.mails.save(buildMail(build, entry)))
  each(fixture.errors, '/errors', (entry) => world.errors.save(buildError(build, entry)))
  each(fixture.link_tokens, '/link_tokens', (entry, pointer) => {
    const token = buildLinkToken(build, entry, pointer)
    if (token) build.attempt(pointer, () => world.linkTokens.save(token), 'Every link has a token of its own.')
  })
  each(fixture.continuities, '/continuities', (entry) => world.continuities.save(buildContinuity(build, entry)))
  build.finish()
  if (fixture.chance) world.chance.restore(fixture.chance)
}

function each<T>(entries: readonly T[] | undefined, pointer: string, add: (entry: T, pointer: string) => void): void {
  for (const [index, entry] of (entries ?? []).entries()) add(entry, `${pointer}/${index}`)
}

function empty(world: World): void {
  const { identities, sessions, flows, linkTokens, continuities, errors, mails, tuples } = world
  for (const collection of [identities, sessions, flows, linkTokens, continuities, errors, mails, tuples])
    collection.clear()
}

function configure(world: World, fixture: Fixture, { startConfig = world.config, patches = [] }: ApplyOptions): void {
  const base = fixture.whole_config ?? startConfig
  const all = fixture.config === undefined ? patches : [fixture.config, ...patches]
  if (base === world.config && all.length === 0) return
  const config = all.reduce(mergeConfig, base)
  const problems = checkConfig(config)
  if (problems.length > 0)
    throw new ProblemError(problems.map((each) => ({ ...each, pointer: `/config${each.pointer}` })))
  world.settings = resolveSettings(config)
  world.config = config
}

function setClock({ clock }: World, setting: ClockSetting | undefined): void {
  if (setting === undefined) return
  const { now, frozen = false } = typeof setting === 'string' ? { now: setting, frozen: true } : setting
  if (frozen) clock.freeze()
  else clock.unfreeze()
  if (now !== undefined) clock.set(Date.parse(now))
}

function addTuples(build: Build, { relation_tuples }: Fixture): void {
  const namespaces = new Namespaces(build.world.settings.namespaces)
  const rows = (relation_tuples ?? []).flatMap((entry, index) => {
    const row = buildTuple(build, namespaces, entry, `/relation_tuples/${index}`)
    return row === undefined ? [] : [row]
  })
  if (rows.length > 0) build.world.tuples.load(rows)
}

/**
 * A session without a sign-in, for an identity that the world knows by e-mail, user name or id; it is saved.
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
