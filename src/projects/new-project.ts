import { mergeConfig } from '../config/merge.ts'
import { resolveSettings } from '../config/resolve.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Project } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import { networkDefaults } from './network-defaults.ts'
import { type Found, owner } from './project.ts'
import { makeSlug } from './slug.ts'

/** A project that is to be made: its name, and whatever else is known of it. */
export interface ProjectDraft extends Partial<Omit<Project, 'name'>> {
  readonly name: string
}

/** Makes a project with an empty world of its own, which the maker's world knows from then on. */
export function newProject(maker: World, worlds: Worlds, draft: ProjectDraft): Found {
  const { name, slug = freeSlug(maker, worlds) } = draft
  const config = newProjectConfig(maker, { name, slug })
  const now = maker.now()
  const world = worlds.make(slug, { maker, config, settings: resolveSettings(config) })
  const [id, revision_id] = [draft.id ?? maker.chance.uuid(), maker.chance.uuid()]
  const usual = { state: 'running', members: [owner()], network: true, purged: false } as const
  const project: Project = { revision_id, ...usual, created_at: now, updated_at: now, ...draft, id, name, slug }
  world.project = project
  maker.createdProjects.save({ id, slug })
  return { project, world }
}

/** The configuration of a new project: that of Ory Network, and what is the same for all projects of this server. */
export function newProjectConfig(maker: World, names: { readonly name: string; readonly slug: string }): JsonObject {
  return mergeConfig(networkDefaults(names), inherited(maker))
}

function freeSlug(maker: World, worlds: Worlds): string {
  let slug = makeSlug(maker.chance)
  while (worlds.get(slug)) slug = makeSlug(maker.chance)
  return slug
}

/** Who may call and be returned to from apps on this machine is the server's choice, the same for all its projects. */
function inherited({ config }: World): JsonObject {
  const { mock, serve } = config
  const allow_loopback = isJsonObject(mock) ? mock['allow_loopback'] : undefined
  const cors = isJsonObject(serve) && isJsonObject(serve['public']) ? serve['public']['cors'] : undefined
  return {
    ...(allow_loopback === undefined ? {} : { mock: { allow_loopback } }),
    ...(cors === undefined ? {} : { serve: { public: { cors } } }),
  }
}
