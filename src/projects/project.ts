import { createHash } from 'node:crypto'
import { projectNotFound } from '../errors.ts'
import type { Call } from '../http/call.ts'
import type { JsonObject } from '../json.ts'
import { instant } from '../state/clock.ts'
import type { Project, ProjectMember } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { networkDefaults } from './network-defaults.ts'
import { type Services, type Shown, servicesOf } from './project-config.ts'

/** A project and the world whose configuration it is. */
export interface Found {
  readonly project: Project
  readonly world: World
}

/** The projects that the call's world knows: its own first, then those created through it, oldest first. */
export function projectsOf({ world, worlds }: Call): readonly Found[] {
  const created = [...world.createdProjects.values()].flatMap(({ id, slug }) => {
    const other = worlds.get(slug)
    // a world of that name that is none of the project's belongs to whoever came after its end
    return other?.project?.id === id ? [{ project: other.project, world: other }] : []
  })
  const own = ownProject(world)
  return own.purged ? created : [{ project: own, world }, ...created]
}

/**
 * The project that the path names.
 * @throws OryError 404 when the call's world knows no such project, or not any more
 */
export function findProject(call: Call): Found {
  const found = projectsOf(call).find(({ project }) => project.id === call.params['project_id'])
  if (!found) throw projectNotFound()
  return found
}

/** The project that a server has when nothing configures it. */
const BUILT_IN = 'demo'

/** The project of a world, made when it is first asked for. Its id and member are the same on every server. */
export function ownProject(world: World): Project {
  const now = world.now()
  world.project ??= {
    id: uuidOf(`project/${world.name}`),
    name: world.projectName,
    slug: world.name,
    revision_id: uuidOf(`revision/${world.name}`),
    state: 'running',
    members: [owner()],
    network: world.projectName === BUILT_IN,
    purged: false,
    created_at: now,
    updated_at: now,
  }
  return world.project
}

/** Whom every project belongs to: whoever has a token. */
export function owner(): ProjectMember {
  return { id: uuidOf('owner'), email: 'owner@mock.test', name: 'Owner' }
}

/**
 * What a key falls back to when it is removed: in a project that files configure to Kratos' own defaults, in all others to
 * those of Ory Network.
 */
export function defaultsOf(project: Project): JsonObject {
  return project.network ? networkDefaults(project) : {}
}

/** The configuration of a project, with the address at which it is reached. */
export function shownOf({ project, world }: Found, call: Call): Shown {
  return { name: project.name, config: world.config, settings: world.settings, address: addressOf(world, call) }
}

/** As replies write a project. */
export function projectBody(found: Found, call: Call): JsonObject {
  const { id, name, revision_id, slug, state } = found.project
  const { identity, permission }: Services = servicesOf(shownOf(found, call))
  const services = { identity: { config: identity.config }, permission: { config: permission.config } }
  return { id, name, revision_id, services, slug, state }
}

/** As the list of projects writes one. */
export function projectMetadataBody({ project }: Found, call: Call): JsonObject {
  const { id, name, slug, state } = project
  const { port } = new URL(call.urls.request)
  const at = port === '' ? '' : `:${port}`
  return {
    created_at: instant(project.created_at),
    hosts: [`${slug}.projects.localhost${at}`, `${slug}.localhost${at}`],
    id,
    name,
    slug,
    state,
    subscription_id: null,
    updated_at: instant(project.updated_at),
  }
}

/** Where the project is reached, without a slash at the end. */
function addressOf(world: World, call: Call): string {
  return world === call.world ? call.urls.public : `${new URL(call.urls.request).origin}/~${world.name}`
}

/** A UUID (version 4) that is the same for the same text. */
function uuidOf(text: string): string {
  const b = createHash('sha256').update(text).digest()
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = b.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
