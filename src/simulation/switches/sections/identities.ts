import { notFound, schemaFileMissing } from '../../../errors.ts'
import { requireBearer } from '../../../http/bearer.ts'
import type { Call } from '../../../http/call.ts'
import { parsePage } from '../../../http/pagination.ts'
import { type Reply, redirect } from '../../../http/reply.ts'
import { withIdentity, withInvalidTrait, withOperation, withTakenIdentifier } from '../identity-request.ts'
import { ADMIN, CHECK, CHECK_MIRROR, IDENTITY_SESSIONS, SCHEMAS, SELF_SERVICE, TUPLES } from '../operation-ids.ts'
import { withJson, withParams, withQuery } from '../request-change.ts'
import type { Arrangement, RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.7, second part: identities and their schemas, and who may administrate.
 */

const CHANGES = ['adminCreateIdentity', 'adminUpdateIdentity', 'adminPatchIdentity'] as const
const WHOLE = ['adminCreateIdentity', 'adminUpdateIdentity'] as const
const ONE = ['adminGetIdentity', 'adminUpdateIdentity', 'adminPatchIdentity', 'adminDeleteIdentity'] as const

/** What the admin port leads back to the public one. */
const PUBLIC = [
  ...SELF_SERVICE,
  'toSession',
  'listSessions',
  'revokeSessions',
  ...SCHEMAS,
  'getWebAuthnJavaScript',
] as const

/** An id that nobody has, or that is none. */
function unknownIdentity({ call, operationId, parameters }: SwitchContext): RequestChange {
  if (parameters['malformed'] === true) return withParams(call, { id: 'not-a-uuid' })
  // the servers have an empty list for it, where the document has the status
  if (operationId === 'adminListIdentitySessions') throw notFound()
  return withParams(call, { id: call.world.chance.uuid() })
}

/** @param beyond so many pages after the last one with rows, as lists count them */
function onPage(call: Call, beyond: number): RequestChange {
  const { per_page } = parsePage(call.query)
  const last = Math.max(1, Math.ceil(call.world.identities.size / per_page))
  return withQuery(call, { page: String(last + beyond) })
}

/** All schemas are gone from the configuration. */
function withoutSchemas({ world: { settings } }: Call): RequestChange {
  return { settings: { ...settings, identity: { ...settings.identity, schemas: [] } } }
}

/** The admin port sends whoever comes to it by a public path round by a path of its own; here at once. */
function straightToPublic(reply: Reply, { call }: SwitchContext): Reply {
  const location = reply.headers?.['Location']?.replace(/^\/admin/, '')
  return location === undefined ? reply : redirect(307, `${call.urls.public}${location}`, call.method)
}

const refused = (
  title: string,
  operations: readonly string[],
  how: string,
  sees: string,
  before: (context: SwitchContext) => Arrangement,
) => ({ title, operations, how, status: 400 as const, sees, effect: { before } })

/** A gateway stands before the servers and asks for a token, whatever `--auth` says. */
const guarded = (status: 401 | 403, title: string, how: string, sees: string, authorization: string | undefined) => ({
  title,
  operations: [...ADMIN, ...TUPLES, ...CHECK, ...CHECK_MIRROR, 'getExpand'],
  how,
  status,
  sees,
  effect: { before: () => void requireBearer(authorization, 'the-key-of-the-project') },
})

export const identities = {
  'identity-not-found': {
    title: 'The identity does not exist',
    operations: [...ONE, ...IDENTITY_SESSIONS],
    how: 'It was deleted meanwhile. The request names an id that nobody has.',
    status: 404,
    sees: '404 "Unable to locate the resource". A malformed id is 404 for identities and 400 for their sessions. Real servers list the sessions of an unknown id as [].',
    parameters: { malformed: { type: 'boolean', default: false, help: 'whether the id is no UUID' } },
    effect: { before: (context) => unknownIdentity(context) },
  },
  'identity-conflict': {
    title: 'Another identity has the identifier',
    operations: CHANGES,
    how: 'A seed runs twice. Somebody has the identifier that is sent, or taken@example.org is sent where it is the identity’s own.',
    status: 409,
    sees: '409 "Unable to insert or update resource because a resource with that value exists already"; nothing is changed.',
    effect: { before: ({ call }) => withTakenIdentifier(call) },
  },
  'identity-traits-invalid': refused(
    'The traits do not fit the schema',
    CHANGES,
    'An import from a system with other fields.',
    '400; reason is what the JSON Schema says: "… expected string, but got boolean".',
    ({ call }) => withInvalidTrait(call),
  ),
  'identity-schema-unknown': refused(
    'The identity schema is unknown',
    WHOLE,
    'Another environment has other schemas.',
    '400 "Unable to find JSON Schema ID: no-such-schema".',
    ({ call }) => withIdentity(call, ['schema_id'], 'no-such-schema'),
  ),
  'identity-state-invalid': refused(
    'The state is unknown',
    CHANGES,
    '"disabled", as elsewhere.',
    '400 "identity state is not valid".',
    ({ call }) => withIdentity(call, ['state'], 'disabled'),
  ),
  'identity-patch-forbidden': {
    title: 'The patch changes what it must not',
    operations: ['adminPatchIdentity'],
    how: 'A password is to be set by a patch.',
    status: 400,
    sees: '400 "patch includes denied path: /credentials"; nothing is changed.',
    parameters: {
      path: {
        type: 'string',
        default: '/credentials',
        pattern: '^/(id|credentials|stateChangedAt)$',
        help: 'which path: /credentials, /id or /stateChangedAt',
      },
    },
    effect: {
      before: ({ call, parameters }) =>
        withOperation(call, { op: 'replace', path: String(parameters['path']), value: {} }),
    },
  },
  'identity-patch-malformed': refused(
    'The patch is no JSON Patch',
    ['adminPatchIdentity'],
    'A client sends the changed fields alone, as with a JSON Merge Patch.',
    '400 "json: cannot unmarshal object into Go value of type jsonpatch.Patch".',
    ({ call }) => withJson(call, () => ({ state: 'inactive' })),
  ),
  'identity-import-bad-hash': refused(
    'The imported password hash is of no known kind',
    WHOLE,
    'A migration from a system with hashes of its own.',
    '400 "The imported password does not match any known hash format. …".',
    ({ call }) => withIdentity(call, ['credentials', 'password', 'config'], { hashed_password: '$own$c2VjcmV0' }),
  ),
  'identity-bad-include-credential': refused(
    'A credential is asked for that is not shown',
    ['adminGetIdentity'],
    'include_credential is password; the servers know oidc alone.',
    '400 "Invalid value `password` for parameter `include_credential`."',
    ({ call }) => withQuery(call, { include_credential: 'password' }),
  ),
  'identity-page-empty': {
    title: 'The page of identities is empty',
    operations: ['adminListIdentities'],
    how: 'Identities are deleted while somebody turns the pages: the page after the last is asked for.',
    sees: '200 [] with Link and X-Total-Count.',
    effect: { before: ({ call }) => onPage(call, 1) },
  },
  'identity-page-last': {
    title: 'The page of identities is the last',
    operations: ['adminListIdentities'],
    how: 'The end of the list: the last page with identities is asked for, per_page as it was sent.',
    sees: '200 with what is left; Link has no next, X-Total-Count has the number of all.',
    effect: { before: ({ call }) => onPage(call, 0) },
  },
  'schema-not-found': {
    title: 'The identity schema does not exist',
    operations: ['getIdentitySchema'],
    how: 'A schema is removed from the configuration, and identities still name it. It is back when the switch is cleared.',
    status: 404,
    sees: '404 "Identity schema `…` could not be found."',
    effect: { before: ({ call }) => withoutSchemas(call) },
  },
  'schema-broken': {
    title: 'The file of the identity schema cannot be read',
    operations: SCHEMAS,
    how: 'The address of the schema is wrong, or its server is down.',
    status: 500,
    sees: '500 "The file for this JSON Schema ID could not be found or opened. …".',
    effect: {
      before: () => {
        throw schemaFileMissing('open /etc/config/identity.schema.json: no such file or directory')
      },
    },
  },
  'admin-key-missing': guarded(
    401,
    'The request has no API key',
    'The header Authorization is forgotten. Servers of one’s own are open; Ory Network is not.',
    '401 "Access credentials are invalid", from the gateway.',
    undefined,
  ),
  'admin-key-invalid': guarded(
    401,
    'The API key is malformed',
    'The environment variable with the key is empty, and the header says "Bearer" alone.',
    '401 "Access credentials are invalid", from the gateway.',
    'Bearer ',
  ),
  'admin-key-insufficient': guarded(
    403,
    'The API key is another project’s',
    'Two projects, one environment variable.',
    '403 "Access credentials are not sufficient to access this resource", from the gateway.',
    'Bearer the-key-of-another-project',
  ),
  'admin-on-public-port': {
    title: 'An administrator’s request comes in by the public port',
    operations: ADMIN,
    how: 'One base URL for both. The request arrives at the public port.',
    status: 307,
    sees: '307 to the base URL of the admin API; 404 page not found, as text, when a session is to be extended.',
    effect: { before: () => ({ listener: 'public' }) },
  },
  'public-on-admin-port': {
    title: 'A public request comes in by the admin port',
    operations: PUBLIC,
    how: 'One base URL for both. The request arrives at the admin port.',
    status: 307,
    sees: '307 to the base URL of the public API.',
    effect: { before: () => ({ listener: 'admin' }), after: straightToPublic },
  },
} as const satisfies Record<string, SwitchDefinition>
