import { checkConfig } from '../config/check-config.ts'
import { mergeConfig } from '../config/merge.ts'
import { ProblemError, under } from '../config/problem.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { JsonObject } from '../json.ts'
import { Namespaces } from '../permissions/tuple.ts'
import { newProject, newProjectConfig } from '../projects/new-project.ts'
import { World, type WorldSnapshot } from '../state/world.ts'
import { NO_WORLDS, type Worlds } from '../state/worlds.ts'
import { Build } from './build/build.ts'
import { addFlow } from './build/flow.ts'
import { addIdentity } from './build/identity.ts'
import { buildContinuity, buildError, buildLinkToken, buildMail } from './build/other-records.ts'
import { buildOwnProject, buildProject } from './build/project.ts'
import { buildSession } from './build/session.ts'
import { buildSwitch } from './build/switch.ts'
import { buildTuple } from './build/tuples.ts'
import type { ClockSetting, Fixture } from './fixture.ts'

/*
 * From a fixture to a world. This file and those under build/ are the one place in simulation/ that may import rule files
 * of the domains (what is true of an identity, a session, a flow, a tuple), so that a fixture's people are made by the same
 * rules as those who register; operation files stay out of reach here too.
 */

export interface ConfigOptions {
  /** What the fixture's configuration is laid over; by default that of the world. */
  readonly startConfig?: JsonObject
  /** More merge patches, laid over the fixture's: a scenario's. */
  readonly patches?: readonly JsonObject[]
}

export interface ApplyOptions extends ConfigOptions {
  /** In place of the fixture's: a scenario's. */
  readonly clock?: ClockSetting | undefined
  /** Where addresses of flows in the fixture begin, when no base URL is configured. */
  readonly publicUrl?: string
  /** The worlds of the server, where a fixture's projects get theirs. */
  readonly worlds?: Worlds
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
    tryProjects(world, fixture, options)
  } catch (error) {
    world.restore(before)
    throw error
  }
  replaceProjects(world, before, fixture, options)
  // last, so that making the records takes nothing from the ids to come
  if (fixture.chance) world.chance.restore(fixture.chance)
}

function fill(world: World, fixture: Fixture, options: ApplyOptions): void {
  world.empty()
  configure(world, fixture, options)
  setClock(world, options.clock ?? fixture.clock)
  const baseUrl = world.settings.serve.public.base_url ?? options.publicUrl ?? 'http://localhost:4000'
  const build = new Build(world, baseUrl.replace(/\/+$/, ''))
  world.project = buildOwnProject(build, fixture.project)
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
  each(fixture.oidc_answers, '/oidc_answers', (entry) => world.oidcAnswers.save(entry))
  each(fixture.oidc_codes, '/oidc_codes', (entry) =>
    world.oidcCodes.save({ ...entry, expires_at: build.at(entry.expires_at, build.now) }),
  )
  each(fixture.switches, '/switches', (entry, pointer) => {
    const thrown = buildSwitch(build, entry, pointer)
    if (thrown) world.switches.save(thrown)
  })
  each(fixture.magic_identities, '/magic_identities', (entry) => world.magicIdentities.save(entry))
  build.finish()
}

function each<T>(entries: readonly T[] | undefined, pointer: string, add: (entry: T, pointer: string) => void): void {
  for (const [index, entry] of (entries ?? []).entries()) add(entry, `${pointer}/${index}`)
}

/** The configuration that a world filled from the fixture has. @throws ProblemError */
export function configOf(fixture: Fixture, { startConfig = {}, patches = [] }: ConfigOptions): JsonObject {
  const all = fixture.config === undefined ? patches : [fixture.config, ...patches]
  const base = fixture.whole_config ?? startConfig
  return all.length === 0 ? base : all.reduce(mergeConfig, base)
}

function configure(world: World, fixture: Fixture, options: ConfigOptions): void {
  const config = configOf(fixture, { startConfig: world.config, ...options })
  if (config === world.config) return
  const problems = checkConfig(config)
  if (problems.length > 0) throw new ProblemError(under('/config', problems))
  world.settings = resolveSettings(config)
  world.config = config
}

/** Sets a world's clock as a fixture or scenario wants it. */
export function setClock({ clock }: World, setting: ClockSetting | undefined): void {
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

/** Fills the worlds of the fixture's projects once for trial, before anything that is there has to go. */
function tryProjects(world: World, { projects = [] }: Fixture, options: ApplyOptions): void {
  const { worlds = NO_WORLDS } = options
  const slugs = new Set([world.name])
  for (const [index, entry] of projects.entries()) {
    const { name, slug = `project-${index}` } = entry
    const taken =
      worlds.get(slug) !== undefined && ![...world.createdProjects.values()].some((own) => own.slug === slug)
    if (taken || slugs.has(slug)) {
      throw new ProblemError([{ pointer: `/projects/${index}/slug`, message: `another world is called ${slug}.` }])
    }
    slugs.add(slug)
    const config = newProjectConfig(world, { name, slug })
    const trial = new World({ name: slug, config, settings: resolveSettings(config) })
    trial.clock.restore(world.clock.snapshot())
    try {
      applyFixture(trial, entry.world ?? {}, { ...options, startConfig: config, patches: [] })
    } catch (error) {
      if (error instanceof ProblemError) throw new ProblemError(under(`/projects/${index}/world`, error.problems))
      throw error
    }
  }
}

/** Ends the projects that the world knew, and makes those of the fixture. */
function replaceProjects(world: World, before: WorldSnapshot, { projects = [] }: Fixture, options: ApplyOptions): void {
  const { worlds = NO_WORLDS } = options
  for (const { slug } of before.createdProjects) worlds.end(slug)
  world.createdProjects.clear()
  if (worlds === NO_WORLDS) return
  const build = new Build(world, options.publicUrl ?? '')
  for (const entry of projects) {
    const found = newProject(world, worlds, buildProject(build, entry))
    applyFixture(found.world, entry.world ?? {}, { ...options, startConfig: found.world.config, patches: [] })
    found.world.project = found.project
  }
}
