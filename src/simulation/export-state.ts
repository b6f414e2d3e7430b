import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { Namespaces } from '../permissions/tuple.ts'
import { instant } from '../state/clock.ts'
import type { SubjectSetRow, TupleRow } from '../state/tuples.ts'
import type { World } from '../state/world.ts'
import { NO_WORLDS, type Worlds } from '../state/worlds.ts'

/*
 * A world as a fixture: everything it remembers, so that a world filled from it is the same
 * (`GET /__mock/state` → `PUT /__mock/state`).
 */

/** Complete: filling a world from it (build-world.ts) makes an equal one. The journal is not part of a world. */
export function exportState(world: World, worlds: Worlds = NO_WORLDS): JsonObject {
  const namespaces = new Namespaces(world.settings.namespaces)
  return {
    clock: { now: instant(world.now()), frozen: world.clock.frozen },
    ...(Object.keys(world.config).length === 0 ? {} : { whole_config: world.config }),
    identities: written(world.identities.values()),
    sessions: written(world.sessions.values(), 'identity_id'),
    flows: written(world.flows.values(), 'identity_id'),
    relation_tuples: [...world.tuples.values()].map((row) => tupleOf(row, namespaces)),
    mails: written(world.mails.values()),
    errors: written(world.errors.values()),
    link_tokens: written(world.linkTokens.values(), 'identity_id'),
    continuities: written(world.continuities.values()),
    oidc_answers: written(world.oidcAnswers.values()),
    oidc_codes: written(world.oidcCodes.values()),
    switches: written(world.switches.values()),
    magic_identities: written(world.magicIdentities.values()),
    ...(world.project ? { project: writtenObject(world.project) } : {}),
    projects: projectsOf(world, worlds),
    ...(world.chance.seeded ? { chance: { ...world.chance.snapshot() } } : {}),
  }
}

/** The projects created through it, with what their worlds hold. */
function projectsOf(world: World, worlds: Worlds): Json[] {
  return [...world.createdProjects.values()].flatMap(({ id, slug }) => {
    const other = worlds.get(slug)
    if (other?.project?.id !== id) return []
    const { project: _, ...state } = exportState(other, worlds)
    return [{ ...writtenObject(other.project), world: state }]
  })
}

/** Keys whose values are the user's, or go out as they are: nothing in them is an instant of ours. */
const OPAQUE = new Set([
  'traits',
  'metadata_public',
  'metadata_admin',
  'payload',
  'error',
  'ui',
  'parameters',
  'answer',
  'claims',
  'memory',
])

/** @param owner the key that a fixture calls `identity` */
function written(records: Iterable<object>, owner?: 'identity_id'): Json[] {
  return [...records].map((record) => {
    const { [owner ?? '']: identity, ...rest } = writtenObject(record)
    return identity === undefined ? rest : { identity, ...rest }
  })
}

function writtenObject(record: object): JsonObject {
  const entries = Object.entries(record).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return []
    if (OPAQUE.has(key)) return [[key, value]]
    return [[key, key.endsWith('_at') ? writtenTime(value) : writtenValue(value)]]
  })
  return Object.fromEntries(entries)
}

/** An instant, or a list of them. */
function writtenTime(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writtenTime)
  return typeof value === 'number' ? instant(value) : writtenValue(value)
}

function writtenValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writtenValue)
  return isJsonObject(value) ? writtenObject(value) : value
}

function tupleOf({ subject, ...set }: TupleRow, namespaces: Namespaces): JsonObject {
  const of = (row: SubjectSetRow) => setOf(row, namespaces)
  return typeof subject === 'string' ? { ...of(set), subject_id: subject } : { ...of(set), subject_set: of(subject) }
}

/** By the name of the namespace; by its id where the configuration no longer names it. */
function setOf({ namespace_id, object, relation }: SubjectSetRow, namespaces: Namespaces): JsonObject {
  const known = namespaces.subjectOf({ namespace_id, object, relation })
  if (known === undefined || typeof known === 'string') return { namespace_id, object, relation }
  return { namespace: known.namespace, object, relation }
}
