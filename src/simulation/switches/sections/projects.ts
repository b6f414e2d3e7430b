import {
  credentialsInsufficient,
  credentialsInvalid,
  memberNotRemovable,
  membersNotAcceptable,
  otherError,
  projectNotFound,
} from '../../../errors.ts'
import type { Call } from '../../../http/call.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'
import { findProject, projectsOf } from '../../../projects/project.ts'
import { CONSOLE, MEMBERS } from '../operation-ids.ts'
import { withJson, withParams } from '../request-change.ts'
import type { RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/** A project that nobody has; a list and a new project name none, and are answered here. */
function unknownProject({ call }: SwitchContext): RequestChange {
  if (call.params['project_id'] === undefined) throw projectNotFound()
  return withParams(call, { project_id: call.world.chance.uuid() })
}

/** The configuration of a project as the client sends it, with one key set: in a whole document or by one more change. */
function withIdentityConfig(call: Call, key: string, value: Json): RequestChange {
  if (call.method === 'PATCH') {
    const change = { op: 'add', path: `/services/identity/config/${key}`, value }
    return withJson(call, (body) => (Array.isArray(body) ? [...body, change] : body))
  }
  return withJson(call, (body) => {
    const services = objectIn(body, 'services')
    const identity = objectIn(services, 'identity')
    const config = { ...objectIn(identity, 'config'), [key]: value }
    return isJsonObject(body) ? { ...body, services: { ...services, identity: { ...identity, config } } } : body
  })
}

function objectIn(value: Json | undefined, key: string): JsonObject {
  const member = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isJsonObject(member) ? member : {}
}

/** The named project, or all of a list, are halted. */
function halt(call: Call): undefined {
  const id = call.params['project_id']
  for (const { project, world } of projectsOf(call)) {
    if (id === undefined || id === project.id) world.project = { ...project, state: 'halted' }
  }
  return undefined
}

/** Only one member is left, who is to be removed; a list is refused here. */
function leaveOneMember({ call, operationId }: SwitchContext): RequestChange {
  if (operationId === 'getProjectMembers') throw membersNotAcceptable()
  const { project, world } = findProject(call)
  const [first] = project.members
  const last = project.members.find(({ id }) => id === call.params['member_id']) ?? first
  if (!last) throw membersNotAcceptable()
  world.project = { ...project, members: [last] }
  return withParams(call, { member_id: last.id })
}

/** ecosystem §4.9: of this API only the document is known. */
export const projects = {
  'console-unauthenticated': {
    title: 'The token is missing or wrong',
    operations: [...CONSOLE, ...MEMBERS],
    how: 'No personal access token, or one that has been revoked.',
    status: 401,
    sees: '401 "Access credentials are invalid".',
    effect: {
      before: () => {
        throw credentialsInvalid()
      },
    },
  },
  'console-forbidden': {
    title: 'The token is another account’s',
    operations: CONSOLE,
    how: 'Two accounts, one environment variable.',
    status: 403,
    sees: '403 "Access credentials are not sufficient to access this resource".',
    effect: {
      before: () => {
        throw credentialsInsufficient()
      },
    },
  },
  'project-not-found': {
    title: 'The project does not exist',
    operations: CONSOLE,
    how: 'It was deleted, or the id is of another account. The document has this for lists and new projects, too.',
    status: 404,
    sees: '404.',
    effect: { before: (context) => unknownProject(context) },
  },
  'project-patch-invalid': {
    title: 'The JSON Patch cannot be applied',
    operations: ['patchProject'],
    how: 'A path that is not there, an operation that there is not.',
    status: 400,
    sees: '400; nothing is changed.',
    effect: {
      before: ({ call }) => withJson(call, () => [{ op: 'remove', path: '/services/identity/config/nowhere' }]),
    },
  },
  'project-config-invalid': {
    title: 'The configuration is not valid',
    operations: ['patchProject', 'updateProject'],
    how: 'A value of the wrong type.',
    status: 400,
    sees: '400 "Unable to validate config: …"; nothing is changed.',
    effect: { before: ({ call }) => withIdentityConfig(call, 'session', { lifespan: 'for ever' }) },
  },
  'project-warnings': {
    title: 'Part of the configuration is ignored',
    operations: ['patchProject', 'updateProject'],
    how: 'A kratos.yml with keys that Ory Network does not take.',
    sees: '200 with warnings.',
    effect: { before: ({ call }) => withIdentityConfig(call, 'hashers', { algorithm: 'bcrypt' }) },
  },
  'members-not-acceptable': {
    title: 'What is wanted of the members is not acceptable',
    operations: MEMBERS,
    how: 'The last member is to be removed; of the list nobody says when. All other members are gone.',
    status: 406,
    sees: '406.',
    effect: { before: (context) => leaveOneMember(context) },
  },
  'member-remove-invalid': {
    title: 'The member cannot be removed',
    operations: ['removeProjectMember'],
    how: 'The owner, for example.',
    status: 400,
    sees: '400; nobody is removed.',
    effect: {
      before: () => {
        throw memberNotRemovable()
      },
    },
  },
  'project-halted': {
    title: 'The project is halted',
    operations: ['getProject', 'listProjects'],
    how: 'An unpaid bill. It stays halted.',
    sees: '200; state is halted.',
    effect: { before: ({ call }) => halt(call) },
  },
  'console-default-error': {
    title: 'Another error than the document names',
    operations: CONSOLE,
    how: 'The document has "default" for it.',
    status: 503,
    sees: 'The status that the parameter says, with the generic error.',
    parameters: { status: { type: 'number', default: 503, minimum: 400, maximum: 599, help: 'the status' } },
    effect: {
      before: ({ parameters }) => {
        throw otherError(Math.floor(Number(parameters['status'])))
      },
    },
  },
} as const satisfies Record<string, SwitchDefinition>
