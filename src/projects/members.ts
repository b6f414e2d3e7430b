import { lastProjectMember, projectNotFound } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { noContent, ok } from '../http/reply.ts'
import { findProject } from './project.ts'
import type { Worlds } from './worlds.ts'

/** The operations on the members of a project (admin-keto-projects §6.2), by their `operationId`. */
export function projectMemberOperations(worlds: Worlds): Readonly<Record<string, Operation>> {
  const find = ({ world, params }: Call) => findProject(world, worlds, params['project_id'] ?? '')
  return {
    /** `GET /projects/{project_id}/members` */
    getProjectMembers: (call) => ok(find(call).project.members),
    /** `DELETE /projects/{project_id}/members/{member_id}`: somebody must stay. */
    removeProjectMember: (call) => {
      const { project, world } = find(call)
      const members = project.members.filter(({ id }) => id !== call.params['member_id'])
      if (members.length === project.members.length) throw projectNotFound()
      if (members.length === 0) throw lastProjectMember()
      world.project = { ...project, members, updated_at: call.world.now() }
      return noContent()
    },
  }
}
