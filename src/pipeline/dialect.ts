import { createHash } from 'node:crypto'
import type { Dialect } from '../contract/contract.ts'
import { acceptsJson } from '../http/negotiate.ts'
import type { Reply } from '../http/reply.ts'
import { credentialsBody } from '../identities/identity-body.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Exchange } from './exchange.ts'

/*
 * The one place that knows dialects. Operations compute what the servers of July 2022 sent (`wire`); here it becomes what
 * the document wants (`spec`): where the schema is open, both shapes are present; where it is closed, the document wins.
 */

type Rewrite = (body: JsonObject, exchange: Exchange) => JsonObject

/** @returns the reply in the given dialect; in `wire`, and where it is so already, it is untouched */
export function toDialect(dialect: Dialect, exchange: Exchange, reply: Reply): Reply {
  if (dialect === 'wire' || reply.inDialect) return reply
  const operationId = exchange.match?.operation.sameAs
  const { body } = reply
  if (operationId === undefined) {
    return isErrorBody(body) ? { ...reply, body: errorBody(body, reply.status, exchange) } : reply
  }
  const status = reply.status === 302 ? 303 : reply.status
  if (operationId === 'getWebAuthnJavaScript') return script(exchange, reply)
  if (operationId === 'getIdentitySchema' && reply.text !== undefined) return schemaFile(exchange, reply, reply.text)
  if (body === undefined) return status === reply.status ? reply : { ...reply, status }
  if (isErrorBody(body) && operationId !== 'getSelfServiceError') {
    return { ...reply, status, body: errorBody(body, status, exchange) }
  }
  return { ...reply, status, body: successBody(body, operationId, exchange) }
}

/** A client that names `application/json` gets the script as a JSON string; a script tag gets the script. */
function script(exchange: Exchange, reply: Reply): Reply {
  if (!acceptsJson(exchange) || reply.text === undefined) return reply
  const { 'Content-Type': _, ...headers } = reply.headers ?? {}
  const { text, ...rest } = reply
  return { ...rest, headers, body: text }
}

// --- errors --------------------------------------------------------------------------------------------------------------

type ErrorBody = JsonObject & { readonly error: JsonObject }

const isErrorBody = (body: unknown): body is ErrorBody => isJsonObject(body) && isJsonObject(body['error'])

/** Services whose errors the document wants flat. */
const FLAT: ReadonlySet<string> = new Set(['keto', 'console', 'metadata'])

/** Without `details`, for which the document has no room; flat beside the envelope where the document wants it flat. */
function errorBody(body: ErrorBody, status: number, exchange: Exchange): JsonObject {
  const { details: _, ...error } = body.error
  if (exchange.match?.operation.sameAs === 'isReady') return { ...body, error, errors: { database: error['message'] } }
  if (FLAT.has(exchange.service) || exchange.match?.operation.sameAs === 'isAlive') {
    const { code, status: phrase, reason, message } = error
    return { ...body, error, code, status: phrase, ...(reason === undefined ? {} : { reason }), message }
  }
  return status === 422 ? { ...body, error, ...error } : { ...body, error }
}

// --- successes -------------------------------------------------------------------------------------------------------------

function successBody(body: unknown, operationId: string, exchange: Exchange): unknown {
  if (operationId === 'listIdentitySchemas') return schemaList(body)
  if (operationId === 'getExpand' && body === null) return emptyExpansion(exchange)
  const rewrite = REWRITES[operationId]
  if (!rewrite) return body
  if (Array.isArray(body)) return body.map((item) => rewrite(item, exchange))
  return isJsonObject(body) ? rewrite(body, exchange) : body
}

/** Metadata that are no object are left out (`undefined` is never written), `null` above all: the document wants objects. */
const identity: Rewrite = (body) => ({
  ...body,
  metadata_public: objectOrNothing(body['metadata_public']),
  metadata_admin: objectOrNothing(body['metadata_admin']),
})

const objectOrNothing = (value: Json | undefined): JsonObject | undefined => (isJsonObject(value) ? value : undefined)

const within =
  (key: string, rewrite: Rewrite): Rewrite =>
  (body, exchange) => {
    const inner = body[key]
    return isJsonObject(inner) ? { ...body, [key]: rewrite(inner, exchange) } : body
  }

/** Sessions show the same object again and again. */
const shown = new WeakMap<JsonObject, JsonObject>()

function shownIdentity(body: JsonObject, exchange: Exchange): JsonObject {
  const known = shown.get(body)
  if (known) return known
  const rewritten = identity(body, exchange)
  shown.set(body, rewritten)
  return rewritten
}

/** A session whose identity is held back until the second factor still says whose it is, and nothing else. */
const session: Rewrite = (body, exchange) => {
  if (isJsonObject(body['identity'])) return { ...body, identity: shownIdentity(body['identity'], exchange) }
  const id = exchange.world.sessions.get(String(body['id']))?.identity_id ?? ''
  const schemaId = exchange.world.identities.get(id)?.schema_id ?? exchange.world.settings.identity.default_schema_id
  const schemaUrl = `${exchange.urls.public}/schemas/${Buffer.from(schemaId).toString('base64url')}`
  return { ...body, identity: { id, schema_id: schemaId, schema_url: schemaUrl, traits: {} } }
}

const flow: Rewrite = (body, exchange) => {
  const filled = within('ui', (ui) => (ui['nodes'] === null ? { ...ui, nodes: [] } : ui))(body, exchange)
  return within('identity', identity)(filled, exchange)
}

/** A success of login or registration, or the flow of a refused one. */
const submitted: Rewrite = (body, exchange) =>
  body['ui'] === undefined
    ? within('identity', identity)(within('session', session)(body, exchange), exchange)
    : flow(body, exchange)

/** The document's record of a schema and the JSON Schema's own keys in one object, where the servers send the file. */
function schemaFile(exchange: Exchange, { text: _, ...reply }: Reply, file: string): Reply {
  const asked = exchange.params['id'] ?? ''
  const { schemas } = exchange.world.settings.identity
  const name = schemas.some((s) => s.id === asked) ? asked : Buffer.from(asked, 'base64url').toString('utf8')
  return { ...reply, body: recordOf(name, schemaKeys(file)) }
}

function schemaKeys(file: string): JsonObject {
  const schema: unknown = JSON.parse(file)
  return isJsonObject(schema) ? schema : {}
}

function recordOf(name: string, schema: JsonObject): JsonObject {
  return {
    ...schema,
    id: uuidOf(name),
    name,
    blob_name: `${name}.schema.json`,
    blob_url: `/schemas/${Buffer.from(name).toString('base64url')}`,
    content_hash: createHash('sha512').update(JSON.stringify(schema)).digest('hex'),
    created_at: '2022-07-27T00:00:00Z',
    updated_at: '2022-07-27T00:00:00Z',
  }
}

/** A UUID of version 4's form that a name always has. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function schemaList(body: unknown): unknown {
  if (!Array.isArray(body)) return []
  return body.map(({ id, schema: file }: JsonObject) => {
    const schema = schemaKeys(Buffer.from(String(file), 'base64').toString('utf8'))
    return { ...recordOf(String(id), schema), schema }
  })
}

function emptyExpansion({ query }: Exchange): JsonObject {
  const [namespace, object, relation] = ['namespace', 'object', 'relation'].map((key) => query.get(key) ?? '')
  return { type: 'leaf', subject_set: { namespace, object, relation } }
}

/** An administrator sees all credentials: those too that the real servers lose in a PATCH, since ours are still there. */
const administered: Rewrite = (body, exchange) => {
  const known = exchange.world.identities.get(String(body['id']))
  const hidden = Object.values(known?.credentials ?? {}).some((credential) => credential?.unlisted)
  if (!known || !hidden) return identity(body, exchange)
  const includeOidc = exchange.query.get('include_credential') === 'oidc'
  return identity(
    { ...body, credentials: credentialsBody(known.credentials, { includeOidc, unlisted: true }) },
    exchange,
  )
}

const REWRITES: Readonly<Record<string, Rewrite>> = {
  adminCreateIdentity: identity,
  adminGetIdentity: administered,
  adminUpdateIdentity: administered,
  adminPatchIdentity: administered,
  adminListIdentities: identity,
  toSession: session,
  adminExtendSession: session,
  listSessions: session,
  adminListIdentitySessions: session,
  initializeSelfServiceLoginFlowForBrowsers: flow,
  initializeSelfServiceLoginFlowWithoutBrowser: flow,
  getSelfServiceLoginFlow: flow,
  submitSelfServiceLoginFlow: submitted,
  initializeSelfServiceRegistrationFlowForBrowsers: flow,
  initializeSelfServiceRegistrationFlowWithoutBrowser: flow,
  getSelfServiceRegistrationFlow: flow,
  submitSelfServiceRegistrationFlow: submitted,
  initializeSelfServiceSettingsFlowForBrowsers: flow,
  initializeSelfServiceSettingsFlowWithoutBrowser: flow,
  getSelfServiceSettingsFlow: flow,
  submitSelfServiceSettingsFlow: flow,
  initializeSelfServiceRecoveryFlowForBrowsers: flow,
  initializeSelfServiceRecoveryFlowWithoutBrowser: flow,
  getSelfServiceRecoveryFlow: flow,
  submitSelfServiceRecoveryFlow: flow,
  initializeSelfServiceVerificationFlowForBrowsers: flow,
  initializeSelfServiceVerificationFlowWithoutBrowser: flow,
  getSelfServiceVerificationFlow: flow,
  submitSelfServiceVerificationFlow: flow,
  openSelfServiceRecoveryLink: flow,
  openSelfServiceVerificationLink: flow,
  receiveSelfServiceOidcCallback: submitted,
}
