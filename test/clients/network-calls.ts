import type { V0alpha2Api } from '@ory/client'
import type { Guest } from './guest.ts'
import type { OryClient } from './ory-clients.ts'

/* A call of each method that the client for Ory Network alone has: projects, patches, schemas. */

export type NetworkCall = (ory: V0alpha2Api, guest: Guest) => Promise<unknown>

const newProject = async (ory: V0alpha2Api) => (await ory.createProject({ name: 'Shop' })).data

export const NETWORK_CALLS: Readonly<Record<Exclude<keyof V0alpha2Api, keyof OryClient>, NetworkCall>> = {
  async adminPatchIdentity(ory, guest) {
    const id = await guest.makeIdentity()
    await ory.adminPatchIdentity(id, [{ op: 'add', path: '/metadata_public', value: { plan: 'free' } }])
  },
  listIdentitySchemas: (ory) => ory.listIdentitySchemas(),
  getIdentitySchema: (ory) => ory.getIdentitySchema('default'),

  createProject: newProject,
  listProjects: (ory) => ory.listProjects(),
  async getProject(ory) {
    await ory.getProject((await newProject(ory)).id)
  },
  async patchProject(ory) {
    const path = '/services/identity/config/selfservice/flows/login/lifespan'
    await ory.patchProject((await newProject(ory)).id, [{ op: 'replace', path, value: '5m' }])
  },
  async updateProject(ory) {
    const { id, services } = await newProject(ory)
    await ory.updateProject(id, { name: 'Renamed', services })
  },
  async purgeProject(ory) {
    await ory.purgeProject((await newProject(ory)).id)
  },
  async getProjectMembers(ory) {
    await ory.getProjectMembers((await newProject(ory)).id)
  },
  async removeProjectMember(ory) {
    const own = (await ory.listProjects()).data[0]?.id ?? ''
    const [first] = (await ory.getProjectMembers(own)).data
    await ory.removeProjectMember(own, first?.id ?? '')
  },
}
