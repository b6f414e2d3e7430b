import type { ProjectDraft } from '../../projects/new-project.ts'
import { ownProject } from '../../projects/project.ts'
import type { Project } from '../../state/records.ts'
import type { FixtureProject } from '../fixture.ts'
import type { Build } from './build.ts'

/** What a fixture knows of a project that is to be made. */
export function buildProject(build: Build, entry: FixtureProject): ProjectDraft {
  const { name, slug, revision_id, state, members, network, purged } = entry
  const created_at = build.at(entry.created_at, build.now)
  return {
    name,
    ...(entry.id === undefined ? {} : { id: entry.id.toLowerCase() }),
    ...(slug === undefined ? {} : { slug }),
    ...(revision_id === undefined ? {} : { revision_id }),
    ...(state === undefined ? {} : { state }),
    ...(members === undefined ? {} : { members }),
    ...(network === undefined ? {} : { network }),
    ...(purged === undefined ? {} : { purged }),
    created_at,
    updated_at: build.at(entry.updated_at, created_at),
  }
}

/** The project that the world itself belongs to; `undefined` until somebody asks for it, when the fixture is silent. */
export function buildOwnProject(build: Build, entry: FixtureProject | undefined): Project | undefined {
  build.world.project = undefined
  return entry && { ...ownProject(build.world), ...buildProject(build, entry) }
}
