import { Ajv } from 'ajv'
import { type OpenApiDocument, operationsIn } from '../../src/contract/openapi.ts'
import { bothErrors, flow, ID, inputNode, jsonError, session, settingsFlow } from './bodies.ts'
import { Judge, type TestReply, type TestRequest } from './judge.ts'
import { plainEov } from './plain-eov.ts'

/*
 * Why each action of the overlays is there: what is judged rightly with it and wrongly without it. In the order of the
 * overlays' actions.
 */

export interface Evidence {
  readonly target: string
  /** True with the action; false, or an exception, without. */
  readonly holds: (document: OpenApiDocument) => Promise<boolean>
}

type Check = (document: OpenApiDocument) => Promise<boolean>

const because = (target: string, ...checks: Check[]): Evidence => ({
  target,
  holds: async (document) => {
    for (const check of checks) if (!(await check(document))) return false
    return true
  },
})

const takes =
  (route: string, given: TestRequest): Check =>
  async (document) =>
    (await new Judge(document).request(route, given)).length === 0

const allows =
  (route: string, status: number, reply: TestReply = {}): Check =>
  async (document) =>
    (await new Judge(document).reply(route, status, reply)).length === 0

const forbids =
  (route: string, status: number, reply: TestReply = {}): Check =>
  async (document) =>
    (await new Judge(document).reply(route, status, reply)).length > 0

const has =
  (...routes: string[]): Check =>
  async (document) => {
    const judge = new Judge(document)
    return routes.every((route) => judge.match(route).operation.additional)
  }

/** What validators make of a union that know nothing of discriminators. */
const plainly =
  (union: string, valid: boolean, value: object): Check =>
  async ({ components }) => {
    const ajv = new Ajv({ strict: false, validateSchema: false, logger: false })
    return ajv.compile({ $ref: `#/components/schemas/${union}`, components })(value) === valid
  }

/** What plain express-openapi-validator makes of a submit, given the whole document. */
const underPlainEov =
  (path: string, headers: Record<string, string>, body: object): Check =>
  async (document) => {
    const answer = plainEov(document, { security: true })
    const sent = { ...headers, 'content-type': 'application/json' }
    const submit = { method: 'POST', path, rawQuery: `flow=${ID}`, headers: sent, text: JSON.stringify(body) }
    return (await answer(submit)) === 204
  }

/** Every security scheme that an operation asks for is defined. */
const definesItsSchemes: Check = async (document) => {
  const asked = [...operationsIn(document)].flatMap(([, , { security }]) => (security ?? []).flatMap(Object.keys))
  return asked.every((name) => name in document.components.securitySchemes)
}

/** Attributes that would fit but for their tag must not fit any branch. */
const pinned = (union: string, value: object): Check => plainly(union, false, value)

const LOGIN = 'submitSelfServiceLoginFlowBody'
const SETTINGS = 'submitSelfServiceSettingsFlowBody'
const redirected = { headers: { location: 'http://localhost/' } }
const error = { json: jsonError }
const both = { json: bothErrors }
const neither = { json: { nothing: true } }

const corrections: readonly Evidence[] = [
  because(
    '$.components.schemas.uiNodeInputAttributes.properties.value.nullable',
    underPlainEov('/self-service/login', {}, { method: 'password', identifier: 'a@b.c', password: 'secret' }),
  ),
  because('$.components.securitySchemes', definesItsSchemes),
  because(
    "$.paths['/self-service/settings'].post.security",
    underPlainEov('/self-service/settings', { Cookie: 'a=b' }, { method: 'password', password: 'secret' }),
  ),
  because(
    "$.components.schemas.submitSelfServiceSettingsFlowBody.oneOf[?@['$ref'] == '#/components/schemas/submitSelfServiceSettingsFlowWithOidcMethodBody']",
    plainly(SETTINGS, true, { method: 'oidc', link: 'google' }),
  ),
  because(
    '$.components.schemas.submitSelfServiceSettingsFlowBody.oneOf',
    takes('POST /self-service/settings', { query: 'flow=x', json: { method: 'oidc', link: 'google' } }),
  ),
  because(
    "$.components.schemas['submitSelfServiceLoginFlowWithPasswordMethodBody','submitSelfServiceRegistrationFlowWithPasswordMethodBody','submitSelfServiceSettingsFlowWithPasswordMethodBody'].properties.method",
    pinned(LOGIN, { method: 'no-such', password: 'a', identifier: 'b' }),
  ),
  because(
    "$.components.schemas['submitSelfServiceLoginFlowWithOidcMethodBody','submitSelfServiceRegistrationFlowWithOidcMethodBody','submitSelfServiceSettingsFlowWithOidcMethodBody'].properties.method",
    pinned(LOGIN, { method: 'no-such', provider: 'google' }),
  ),
  because(
    "$.components.schemas['submitSelfServiceLoginFlowWithTotpMethodBody','submitSelfServiceSettingsFlowWithTotpMethodBody'].properties.method",
    pinned(LOGIN, { method: 'no-such', totp_code: '123456' }),
  ),
  because(
    "$.components.schemas['submitSelfServiceLoginFlowWithWebAuthnMethodBody','submitSelfServiceRegistrationFlowWithWebAuthnMethodBody','submitSelfServiceSettingsFlowWithWebAuthnMethodBody'].properties.method",
    plainly(LOGIN, true, { method: 'password', password: 'a', identifier: 'b' }),
  ),
  because(
    "$.components.schemas['submitSelfServiceLoginFlowWithLookupSecretMethodBody','submitSelfServiceSettingsFlowWithLookupMethodBody'].properties.method",
    pinned(LOGIN, { method: 'no-such', lookup_secret: 'abcd1234' }),
  ),
  because(
    '$.components.schemas.submitSelfServiceSettingsFlowWithProfileMethodBody.properties.method',
    pinned(SETTINGS, { method: 'no-such', traits: {} }),
  ),
  because(
    "$.components.schemas['submitSelfServiceRecoveryFlowWithLinkMethodBody','submitSelfServiceVerificationFlowWithLinkMethodBody'].properties.method",
    pinned('submitSelfServiceRecoveryFlowBody', { method: 'no-such', email: 'a@b.c' }),
  ),
  because(
    '$.components.schemas.uiNodeInputAttributes.properties.node_type',
    pinned('uiNodeAttributes', { ...inputNode.attributes, value: '', node_type: 'no-such' }),
  ),
  because(
    '$.components.schemas.uiNodeTextAttributes.properties.node_type',
    pinned('uiNodeAttributes', { node_type: 'no-such', id: 'a', text: { id: 1, text: 'a', type: 'info' } }),
  ),
  because(
    '$.components.schemas.uiNodeImageAttributes.properties.node_type',
    pinned('uiNodeAttributes', { node_type: 'no-such', id: 'a', src: 'a', width: 1, height: 1 }),
  ),
  because(
    '$.components.schemas.uiNodeAnchorAttributes.properties.node_type',
    pinned('uiNodeAttributes', { node_type: 'no-such', id: 'a', href: 'a', title: { id: 1, text: 'a', type: 'info' } }),
  ),
  because(
    '$.components.schemas.uiNodeScriptAttributes.properties.node_type',
    pinned('uiNodeAttributes', {
      node_type: 'no-such',
      id: 'a',
      src: 'a',
      async: true,
      referrerpolicy: 'a',
      crossorigin: 'a',
      integrity: 'a',
      type: 'a',
      nonce: 'a',
    }),
  ),
  because(
    "$.paths.*.*.parameters[?@.in == 'query' && @.schema.type == 'string']",
    takes('GET /self-service/login/browser', { query: 'return_to=https://a.b/c' }),
  ),
  because('$.paths.*.*[?@.content && !@.required]', takes('POST /admin/identities', {})),
]

/** 400 of a submit is the flow or an error: the first action takes the flow out, the second puts both in. */
const flowOrError = (name: string, flowBody: object): Evidence[] => {
  const schema = `$.paths['/self-service/${name}'].post.responses['400'].content['application/json'].schema`
  const route = `POST /self-service/${name}`
  return [
    because(`${schema}['$ref']`, allows(route, 400, error), allows(route, 400, { json: flowBody })),
    because(schema, forbids(route, 400, neither), allows(route, 400, error)),
  ]
}

const additions: readonly Evidence[] = [
  because('$.components.responses', allows('GET /self-service/login/api', 401, error)),
  because(
    "$.paths.*.*.responses['303']",
    forbids('GET /self-service/login/browser', 303),
    allows('GET /self-service/login/browser', 303, redirected),
    allows('GET /self-service/login/browser', 303, { ...redirected, type: 'text/html', text: '<a href="/">Found</a>' }),
  ),
  ...flowOrError('login', flow),
  ...flowOrError('registration', flow),
  ...flowOrError('settings', settingsFlow),
  ...flowOrError('recovery', flow),
  ...flowOrError('verification', flow),
  because(
    "$.paths['/self-service/login'].post.responses",
    ...[401, 403, 404].map((status) => allows('POST /self-service/login', status, error)),
  ),
  because(
    "$.paths['/self-service/registration','/self-service/recovery','/self-service/verification'].post.responses",
    ...['registration', 'recovery', 'verification'].flatMap((name) =>
      [403, 404].map((status) => allows(`POST /self-service/${name}`, status, error)),
    ),
  ),
  because("$.paths['/self-service/settings'].post.responses", allows('POST /self-service/settings', 404, error)),
  because(
    "$.paths['/self-service/login/browser','/self-service/login/api'].get.responses",
    allows('GET /self-service/login/browser', 401, error),
  ),
  because(
    "$.paths['/self-service/settings/api'].get.responses",
    ...[401, 403].map((status) => allows('GET /self-service/settings/api', status, error)),
  ),
  because(
    "$.paths['/self-service/recovery/flows'].get.responses",
    allows('GET /self-service/recovery/flows', 403, error),
  ),
  because(
    "$.paths['/self-service/verification/flows'].get.responses",
    allows('GET /self-service/verification/flows', 410, error),
  ),
  because(
    "$.paths['/self-service/settings/flows'].get.responses",
    allows('GET /self-service/settings/flows', 303, redirected),
  ),
  because(
    "$.paths['/self-service/recovery/api','/self-service/recovery/flows','/self-service/verification/api','/self-service/verification/flows','/self-service/registration/flows'].get.responses",
    ...['recovery/api', 'recovery/flows', 'verification/api', 'verification/flows', 'registration/flows'].map((path) =>
      allows(`GET /self-service/${path}`, 303, redirected),
    ),
  ),
  because(
    "$.paths['/self-service/logout'].get.responses",
    ...[401, 403].map((status) => allows('GET /self-service/logout', status, error)),
  ),
  because(
    "$.paths['/self-service/logout/api'].delete.responses",
    allows('DELETE /self-service/logout/api', 403, error),
  ),
  because("$.paths['/admin/relation-tuples'].put.responses", allows('PUT /admin/relation-tuples', 404, both)),
  because("$.paths['/relation-tuples'].get.responses", forbids('GET /relation-tuples', 400, error)),
  because(
    "$.paths['/projects/{project_id}/members','/projects/{project_id}/members/{member_id}'].*.responses",
    allows(`GET /projects/${ID}/members`, 404, both),
  ),
  because(
    "$.paths['/admin/identities','/admin/relation-tuples']['post','put'].responses['201']",
    forbids('POST /admin/identities', 201, { json: session.identity }),
    forbids('PUT /admin/relation-tuples', 201, { json: {} }),
  ),
  because(
    "$.paths['/.well-known/ory/webauthn.js'].get.responses['200'].content",
    allows('GET /.well-known/ory/webauthn.js', 200, { type: 'text/javascript; charset=UTF-8', text: '(() => {})()' }),
    allows('GET /.well-known/ory/webauthn.js', 200, { json: '(() => {})()' }),
  ),
  because("$.paths['/relation-tuples/check'].*", async (document) => {
    const { noted } = await new Judge(document).verdict('GET /relation-tuples/check', {
      query: 'namespace=a&max-depth=3',
    })
    return noted.length === 0
  }),
  because("$.paths['/relation-tuples/check'].post", async (document) => {
    return (await new Judge(document).request('POST /relation-tuples/check', { json: [] })).length > 0
  }),
  because("$.paths['/self-service/recovery']", has('GET /self-service/recovery')),
  because("$.paths['/self-service/verification']", has('GET /self-service/verification')),
  because("$.paths['/self-service/login']", has('GET /self-service/login')),
  because("$.paths['/self-service/registration']", has('GET /self-service/registration')),
  because("$.paths['/self-service/settings']", has('GET /self-service/settings')),
  because(
    '$.paths',
    has('GET /self-service/methods/oidc/callback/google', 'POST /self-service/methods/oidc/callback/apple'),
    has('GET /admin/health/alive', 'GET /admin/health/ready', 'GET /admin/version'),
  ),
  because(
    "$.paths['/sessions/whoami']",
    has(...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => `${method} /sessions/whoami`)),
  ),
  because(
    "$.paths.*[?(@.tags[0] == 'read' || @.tags[0] == 'write') && !@.responses['401']].responses",
    forbids('GET /relation-tuples/expand', 401, error),
    allows('GET /relation-tuples/expand', 401, both),
  ),
  because(
    "$.paths.*[?(@.tags[0] == 'read' || @.tags[0] == 'write') && !@.responses['403']].responses",
    forbids('GET /relation-tuples/expand', 403, error),
    allows('GET /relation-tuples/expand', 403, both),
  ),
  because(
    "$.paths['/relation-tuples/check'].*.responses['403'].content['application/json'].schema['$ref']",
    allows('GET /relation-tuples/check', 403, both),
  ),
  because(
    "$.paths['/relation-tuples/check'].*.responses['403'].content['application/json'].schema",
    allows('GET /relation-tuples/check', 403, { json: { allowed: false } }),
    forbids('GET /relation-tuples/check', 403, neither),
  ),
  because(
    "$.paths['/projects/{project_id}/members','/projects/{project_id}/members/{member_id}'].*.responses",
    forbids(`GET /projects/${ID}/members`, 403, error),
    allows(`GET /projects/${ID}/members`, 403, both),
  ),
  because(
    "$.paths.*[?@.security[0].oryAccessToken && !@.responses['401']].responses",
    allows('GET /admin/identities', 401, error),
    allows('GET /version', 401, error),
  ),
  because(
    "$.paths.*[?@.security[0].oryAccessToken && !@.responses['403']].responses",
    allows('GET /admin/identities', 403, error),
  ),
  because(
    "$.paths['/projects/{project_id}/members'].get.responses",
    forbids(`GET /projects/${ID}/members`, 400, error),
    allows(`GET /projects/${ID}/members`, 400, both),
  ),
  because(
    "$.paths.*[?@.responses && !@.responses['400'] && !@.responses.default].responses",
    allows('GET /sessions/whoami', 400, error),
  ),
]

const noNodes = { ...flow, ui: { ...flow.ui, nodes: null } }

const wire: readonly Evidence[] = [
  because('$.components.schemas', allows('GET /self-service/login/api', 200, { json: noNodes })),
  because(
    '$.components.schemas.nullJsonRawMessage.type',
    allows('GET /sessions/whoami', 200, {
      json: { ...session, identity: { ...session.identity, metadata_public: null } },
    }),
  ),
  because(
    "$.components.schemas.successfulSelfServiceLoginWithoutBrowser.properties.session['$ref']",
    allows('POST /self-service/login', 200, { json: { session: { ...session, identity: null } } }),
    allows('POST /self-service/login', 200, { json: { session } }),
  ),
  because(
    '$.components.schemas.successfulSelfServiceLoginWithoutBrowser.properties.session',
    forbids('POST /self-service/login', 200, { json: { session: { id: ID } } }),
  ),
  because(
    "$.components.schemas.uiContainer.properties.nodes['$ref']",
    allows('GET /self-service/login/api', 200, { json: noNodes }),
  ),
  because(
    '$.components.schemas.uiContainer.properties.nodes',
    forbids('GET /self-service/login/api', 200, { json: { ...flow, ui: { ...flow.ui, nodes: [{}] } } }),
  ),
  because(
    '$.components.schemas.genericError.properties.details',
    allows('GET /sessions/whoami', 403, {
      json: { error: { ...jsonError.error, details: { redirect_browser_to: 'a' } } },
    }),
  ),
  because(
    "$.paths.*.*.responses.*.content.*[?@['$ref'] == '#/components/schemas/genericError']",
    allows('GET /relation-tuples/expand', 404, error),
  ),
  because(
    "$.paths.*.*.responses.*.content.*.schema.anyOf[?@['$ref'] == '#/components/schemas/genericError']",
    allows('GET /relation-tuples/check', 403, error),
  ),
  because(
    "$.components.responses.genericError.content['application/json'].schema",
    allows('GET /relation-tuples', 400, error),
  ),
  because(
    "$.paths.*.*.responses['422'].content['application/json'].schema",
    allows('POST /self-service/login', 422, { json: { ...jsonError, redirect_browser_to: 'a' } }),
  ),
  because(
    "$.paths['/relation-tuples/expand'].get.responses['200'].content['application/json'].schema['$ref']",
    allows('GET /relation-tuples/expand', 200, { json: null }),
  ),
  because(
    "$.paths['/relation-tuples/expand'].get.responses['200'].content['application/json'].schema",
    forbids('GET /relation-tuples/expand', 200, { json: { type: 'no-such' } }),
  ),
  because(
    "$.paths['/schemas/{id}'].get.responses['200'].content['application/json'].schema['$ref']",
    allows('GET /schemas/default', 200, { json: { type: 'object' } }),
  ),
  because(
    "$.paths['/schemas/{id}'].get.responses['200'].content['application/json'].schema",
    forbids('GET /schemas/default', 200, { json: [] }),
  ),
  because(
    "$.paths['/schemas'].get.responses['200'].content['application/json'].schema['$ref']",
    allows('GET /schemas', 200, { json: [{ id: 'default', schema: 'e30=' }] }),
    allows('GET /schemas', 200, { json: null }),
  ),
  because(
    "$.paths['/schemas'].get.responses['200'].content['application/json'].schema",
    forbids('GET /schemas', 200, { json: [{ id: 'default' }] }),
  ),
  because(
    "$.paths.*[?@.responses['303']].responses",
    allows('POST /self-service/registration', 302, redirected),
    forbids('POST /self-service/registration', 302),
  ),
  because(
    "$.paths['/health/ready','/admin/health/ready'].get.responses['503'].content['application/json'].schema.required",
    allows('GET /health/ready', 503, { json: jsonError }),
    allows('GET /admin/health/ready', 503, { json: jsonError }),
  ),
]

export const EVIDENCE: Readonly<Record<string, readonly Evidence[]>> = { corrections, additions, wire }
