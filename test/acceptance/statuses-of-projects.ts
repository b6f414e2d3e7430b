import type { Json } from '../../src/json.ts'
import { type ByState, type BySwitch, INTERNAL_ERROR, NOBODY, type Situation, type Ways } from './situation.ts'

/* How every documented status of projects and their members comes about. */

const ANONYMOUS = { Authorization: '' }

const own = ({ app }: Situation) => app.read('GET /projects', '/0/id')
const made = ({ app }: Situation) => app.read('POST /projects', '/id', { json: { name: 'Shop' } })

/** A request about a project: `{id}` in the path is its id. */
const about =
  (find: (at: Situation) => Promise<string>, request: string, json?: Json, headers = {}): ByState =>
  async (at) => {
    const path = request.replace('{id}', await find(at))
    await at.app.send(path, { headers, ...(json === undefined ? {} : { json }) })
  }
const nobody = async () => NOBODY

/** Nobody but the gateway knows which account a token is of. */
const FORBIDDEN: BySwitch = { thrown: 'console-forbidden' }
const OTHER_ERROR: BySwitch = { thrown: 'console-default-error' }
/** A list and a new project name nothing that could be missing. */
const NOT_FOUND: BySwitch = { thrown: 'project-not-found' }

const LIFESPAN = '/services/identity/config/selfservice/flows/login/lifespan'
const patched = (value: Json) => [{ op: 'replace', path: LIFESPAN, value }]
const services = { identity: { config: {} }, permission: { config: {} } }
const whole = { name: 'Renamed', services }

const removeMembers =
  (count: number): ByState =>
  async (at) => {
    const id = await own(at)
    for (let i = 0; i < count; i++) {
      const member = await at.app.read(`GET /projects/${id}/members`, '/0/id')
      await at.app.send(`DELETE /projects/${id}/members/${member}`)
    }
  }

export const STATUSES_OF_PROJECTS: Ways = {
  listProjects: {
    200: ({ app }) => app.send('GET /projects'),
    401: ({ app }) => app.send('GET /projects', { headers: ANONYMOUS }),
    403: FORBIDDEN,
    404: NOT_FOUND,
    default: OTHER_ERROR,
  },
  createProject: {
    201: made,
    401: ({ app }) => app.send('POST /projects', { json: { name: 'Shop' }, headers: ANONYMOUS }),
    403: FORBIDDEN,
    404: NOT_FOUND,
    default: OTHER_ERROR,
  },
  getProject: {
    200: about(own, 'GET /projects/{id}'),
    401: about(own, 'GET /projects/{id}', undefined, ANONYMOUS),
    403: FORBIDDEN,
    404: about(nobody, 'GET /projects/{id}'),
    default: OTHER_ERROR,
  },
  purgeProject: {
    204: about(made, 'DELETE /projects/{id}'),
    401: about(made, 'DELETE /projects/{id}', undefined, ANONYMOUS),
    403: FORBIDDEN,
    404: about(nobody, 'DELETE /projects/{id}'),
    default: OTHER_ERROR,
  },
  patchProject: {
    200: about(made, 'PATCH /projects/{id}', patched('5m')),
    400: about(made, 'PATCH /projects/{id}', patched('soon')),
    401: about(made, 'PATCH /projects/{id}', patched('5m'), ANONYMOUS),
    403: FORBIDDEN,
    404: about(nobody, 'PATCH /projects/{id}', patched('5m')),
    default: OTHER_ERROR,
  },
  updateProject: {
    200: async (at) => {
      const id = await made(at)
      const { json } = await at.app.send(`GET /projects/${id}`)
      const { services: before } = json as { services: Json }
      await at.app.send(`PUT /projects/${id}`, { json: { name: 'Renamed', services: before } })
    },
    400: about(made, 'PUT /projects/{id}', { ...whole, services: { identity: { config: { session: 'long' } } } }),
    401: about(made, 'PUT /projects/{id}', whole, ANONYMOUS),
    403: FORBIDDEN,
    404: about(nobody, 'PUT /projects/{id}', whole),
    default: OTHER_ERROR,
  },
  getProjectMembers: {
    200: about(own, 'GET /projects/{id}/members'),
    401: about(own, 'GET /projects/{id}/members', undefined, ANONYMOUS),
    406: { thrown: 'members-not-acceptable' },
    500: INTERNAL_ERROR,
  },
  removeProjectMember: {
    204: removeMembers(1),
    400: { thrown: 'member-remove-invalid' },
    401: about(own, `DELETE /projects/{id}/members/${NOBODY}`, undefined, ANONYMOUS),
    406: removeMembers(2),
    500: INTERNAL_ERROR,
  },
}
