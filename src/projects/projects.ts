import { badRequest } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { decodeJsonBody } from '../http/decode-json.ts'
import { GoJsonError } from '../http/go-json.ts'
import { decodeGoStruct, type GoStruct, goRaw, goString, goStruct } from '../http/go-struct.ts'
import { noContent, ok, type Reply } from '../http/reply.ts'
import { applyPatch, decodePatch, PatchError } from '../identities/json-patch.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { importServices, type SentServices } from './import-config.ts'
import { newProject } from './new-project.ts'
import {
  defaultsOf,
  type Found,
  findProject,
  projectBody,
  projectMetadataBody,
  projectsOf,
  shownOf,
} from './project.ts'
import { servicesOf } from './project-config.ts'

/*
 * Projects as the API of Ory's Console has them (admin-keto-projects §6): a project is the configuration of a world.
 */

const SERVICE = goStruct('projectService', { config: goRaw })
const PROJECT: GoStruct = goStruct('updateProject', {
  name: goString,
  services: goStruct('projectServices', { identity: SERVICE, permission: SERVICE }),
})

/** The operations on projects, by their `operationId`. */
export const projectOperations: Readonly<Record<string, Operation>> = {
  /** `GET /projects` */
  listProjects: (call) => ok(projectsOf(call).map((found) => projectMetadataBody(found, call))),
  /** `GET /projects/{project_id}` */
  getProject: (call) => ok(projectBody(findProject(call), call)),
  createProject,
  /** `PUT /projects/{project_id}` */
  updateProject: (call) => replace(findProject(call), call, decodeJsonBody(call, PROJECT)),
  patchProject: (call) => patchProject(findProject(call), call),
  purgeProject: (call) => purgeProject(findProject(call), call),
}

/** `POST /projects`: the project gets an empty world, with the configuration that a project of Ory Network begins with. */
function createProject(call: Call): Reply {
  const name = nameOf(decodeJsonBody(call, PROJECT))
  return { status: 201, body: projectBody(newProject(call.world, call.worlds, { name }), call) }
}

/** `PATCH /projects/{project_id}`: a JSON Patch of name and services. */
function patchProject(found: Found, call: Call): Reply {
  const { identity, permission } = servicesOf(shownOf(found, call))
  const services = { identity: { config: identity.config }, permission: { config: permission.config } }
  const patched = patchDocument({ name: found.project.name, services }, call.body.text)
  const { fields, error } = decodeGoStruct(patched, PROJECT)
  if (error) throw badRequest(error.message)
  return replace(found, call, fields)
}

function patchDocument(document: JsonObject, patch: string): JsonObject {
  try {
    return applyPatch(document, decodePatch(patch, []))
  } catch (error) {
    if (error instanceof PatchError || error instanceof GoJsonError) throw badRequest(error.message)
    throw error
  }
}

/** Takes over the document as the client wants it; from then on the world works by it. */
function replace(found: Found, call: Call, sent: JsonObject): Reply {
  const { project, world } = found
  const name = nameOf(sent)
  const { warnings, ...imported } = importServices(shownOf(found, call), servicesSent(sent), defaultsOf(project))
  world.config = imported.config
  world.settings = imported.settings
  world.project = { ...project, name, revision_id: call.world.chance.uuid(), updated_at: call.world.now() }
  return ok({ project: projectBody({ project: world.project, world }, call), warnings })
}

function nameOf({ name }: JsonObject): string {
  if (typeof name === 'string' && name.trim() !== '') return name
  throw badRequest('A project needs a name.')
}

function servicesSent({ services }: JsonObject): SentServices {
  if (!isJsonObject(services)) throw badRequest('A project needs its services.')
  const configOf = (name: string): JsonObject | undefined => {
    const service = services[name]
    if (service === undefined) return undefined
    const config = isJsonObject(service) ? service['config'] : undefined
    if (!isJsonObject(config)) throw badRequest(`The service "${name}" needs its config, an object.`)
    return config
  }
  return { identity: configOf('identity'), permission: configOf('permission') }
}

/** `DELETE /projects/{project_id}`: with its world; the world of the server itself goes on, empty. */
function purgeProject({ project, world }: Found, call: Call): Reply {
  if (world === call.world) {
    world.empty()
    world.project = { ...project, purged: true }
  } else {
    call.world.createdProjects.delete(project.id)
    call.worlds.end(project.slug)
  }
  return noContent()
}
