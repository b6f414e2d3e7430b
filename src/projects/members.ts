import { lastProjectMember, projectNotFound } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { noContent, ok, type Reply } from '../http/reply.ts'
import { findProject } from './project.ts'

/** The operations on the members of a project (admin-keto-projects §6.2), by their `operationId`. */
export const projectMemberOperations: Readonly<Record<string, Operation>> = {
  /** `GET /projects/{project_id}/members` */
  getProjectMembers: (call) => ok(findProject(call).project.members),
  removeProjectMember,
}

/** `DELETE /projects/{project_id}/members/{member_id}`: somebody must stay. */
function removeProjectMember(call: Call): Reply {
  const { project, world } = findProject(call)
  const members = project.members.filter(({ id }) => id !== call.params['member_id'])
  if (members.length === project.members.length) throw projectNotFound()
  if (members.length === 0) throw lastProjectMember()
  world.project = { ...project, members, updated_at: call.world.now() }
  return noContent()
}
