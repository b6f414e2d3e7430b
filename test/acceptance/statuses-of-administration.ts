import type { JsonObject } from '../../src/json.ts'
import { type ByState, INTERNAL_ERROR, NOBODY, type Situation, type Ways } from './situation.ts'

/* How every documented status of the administration of identities, their schemas and sessions comes about. */

const ANONYMOUS = { headers: { Authorization: '' } }
const MEMBER = '7ea00000-0000-4000-8000-000000000002'
const SIGNED_IN = '7ea00000-0000-4000-8000-000000000006'
const SESSION = '5e550000-0000-4000-8000-000000000001'

const identity = (traits: JsonObject, more: JsonObject = {}) => ({ schema_id: 'default', traits, ...more })
const whole = (traits: JsonObject, more: JsonObject = {}) => ({ ...identity(traits, more), state: 'active' })

/** bcrypt takes no more than 72 bytes. */
const TOO_LONG = { credentials: { password: { config: { password: 'p'.repeat(73) } } } }

/** Whoever is called nothing cannot sign in. */
const NICKNAMES = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: { nick: { type: 'string', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } } },
    },
  },
}
const inline = (schema: JsonObject) => `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`

const withSchema = (at: Situation, url: string) =>
  at.configure({
    identity: {
      schemas: [
        { id: 'default', url: 'preset://email' },
        { id: 'other', url },
      ],
    },
  })

const takeNickAway: ByState = async (at) => {
  await withSchema(at, inline(NICKNAMES))
  const json = { schema_id: 'other', traits: { nick: 'ann' } }
  const id = await at.app.read('POST /admin/identities', '/id', { json })
  const patch = [{ op: 'replace', path: '/traits/nick', value: '' }]
  await at.app.send(`PATCH /admin/identities/${id}`, { json: patch })
}

export const STATUSES_OF_ADMINISTRATION: Ways = {
  adminListIdentities: { 200: ({ app }) => app.send('GET /admin/identities'), 500: INTERNAL_ERROR },
  adminCreateIdentity: {
    201: ({ app }) => app.send('POST /admin/identities', { json: identity({ email: 'new@example.com' }) }),
    400: ({ app }) => app.send('POST /admin/identities', { json: identity({ email: 'no address' }) }),
    409: ({ app }) => app.send('POST /admin/identities', { json: identity({ email: 'member@example.com' }) }),
    500: ({ app }) => app.send('POST /admin/identities', { json: identity({ email: 'new@example.com' }, TOO_LONG) }),
  },
  adminGetIdentity: {
    200: ({ app }) => app.send(`GET /admin/identities/${MEMBER}`),
    404: ({ app }) => app.send(`GET /admin/identities/${NOBODY}`),
    500: INTERNAL_ERROR,
  },
  adminDeleteIdentity: {
    204: ({ app }) => app.send(`DELETE /admin/identities/${MEMBER}`),
    404: ({ app }) => app.send(`DELETE /admin/identities/${NOBODY}`),
    500: INTERNAL_ERROR,
  },
  adminPatchIdentity: {
    200: patchIdentity(MEMBER, '/state', 'inactive'),
    400: patchIdentity(MEMBER, '/id', NOBODY),
    404: patchIdentity(NOBODY, '/state', 'inactive'),
    409: patchIdentity(MEMBER, '/traits/email', 'admin@example.com'),
    500: takeNickAway,
  },
  adminUpdateIdentity: {
    200: putIdentity(MEMBER, whole({ email: 'moved@example.com' })),
    400: putIdentity(MEMBER, whole({ email: 'no address' })),
    404: putIdentity(NOBODY, whole({ email: 'moved@example.com' })),
    409: putIdentity(MEMBER, whole({ email: 'admin@example.com' })),
    500: putIdentity(MEMBER, whole({ email: 'member@example.com' }, TOO_LONG)),
  },
  adminListIdentitySessions: {
    200: ({ app }) => app.send(`GET /admin/identities/${SIGNED_IN}/sessions`),
    400: ({ app }) => app.send(`GET /admin/identities/${SIGNED_IN}/sessions?active=perhaps`),
    401: ({ app }) => app.send(`GET /admin/identities/${SIGNED_IN}/sessions`, ANONYMOUS),
    404: { preferred: 'the servers list the sessions of nobody as []' },
    500: INTERNAL_ERROR,
  },
  adminDeleteIdentitySessions: {
    204: ({ app }) => app.send(`DELETE /admin/identities/${SIGNED_IN}/sessions`),
    400: ({ app }) => app.send('DELETE /admin/identities/no-uuid/sessions'),
    401: ({ app }) => app.send(`DELETE /admin/identities/${SIGNED_IN}/sessions`, ANONYMOUS),
    404: ({ app }) => app.send(`DELETE /admin/identities/${NOBODY}/sessions`),
    500: INTERNAL_ERROR,
  },
  adminExtendSession: {
    200: ({ app }) => app.send(`PATCH /admin/sessions/${SESSION}/extend`),
    400: ({ app }) => app.send('PATCH /admin/sessions/no-uuid/extend'),
    404: ({ app }) => app.send(`PATCH /admin/sessions/${NOBODY}/extend`),
    500: INTERNAL_ERROR,
  },
  adminCreateSelfServiceRecoveryLink: {
    200: ({ app }) => app.send('POST /admin/recovery/link', { json: { identity_id: MEMBER } }),
    400: ({ app }) => app.send('POST /admin/recovery/link', { json: { identity_id: MEMBER, expires_in: '-1h' } }),
    404: async (at) => {
      await at.configure({ selfservice: { methods: { link: { enabled: false } } } })
      await at.app.send('POST /admin/recovery/link', { json: { identity_id: MEMBER } })
    },
    500: INTERNAL_ERROR,
  },
  listIdentitySchemas: { 200: ({ app }) => app.send('GET /schemas'), 500: INTERNAL_ERROR },
  getIdentitySchema: {
    200: ({ app }) => app.send('GET /schemas/default'),
    404: ({ app }) => app.send('GET /schemas/nope'),
    500: { thrown: 'schema-broken' },
  },
}

function patchIdentity(id: string, path: string, value: string): ByState {
  return ({ app }) => app.send(`PATCH /admin/identities/${id}`, { json: [{ op: 'replace', path, value }] })
}

function putIdentity(id: string, json: JsonObject): ByState {
  return ({ app }) => app.send(`PUT /admin/identities/${id}`, { json })
}
