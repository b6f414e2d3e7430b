/* Values that the tests of the contract send and answer. */

export const ID = '6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c11'
export const AT = '2022-07-27T12:00:00.123456Z'

export const identity = { id: ID, schema_id: 'default', schema_url: 'http://localhost/schemas/default', traits: {} }
export const session = { id: ID, active: true, issued_at: AT, identity }
export const jsonError = { error: { code: 404, status: 'Not Found', message: 'gone' } }
/** Both shapes in one, as the `spec` dialect sends it where the document wants the error flat. */
export const bothErrors = { ...jsonError, code: 404, status: 'Not Found', message: 'gone' }

export const inputNode = {
  type: 'input',
  group: 'default',
  messages: [],
  meta: {},
  attributes: { node_type: 'input', name: 'csrf_token', type: 'hidden', disabled: false, value: null },
}

/** A flow that is valid for every kind of flow. */
export const flow = {
  id: ID,
  type: 'api',
  expires_at: AT,
  issued_at: AT,
  request_url: 'http://localhost/',
  state: 'choose_method',
  ui: { action: 'http://localhost/', method: 'POST', nodes: [inputNode] },
}
export const settingsFlow = { ...flow, state: 'show_form', identity }

/** One valid body for each of the 16 methods that the document names for the submits. */
export const submits: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[] = [
  ['/self-service/login', { method: 'password', identifier: 'a@b.c', password: 'secret' }],
  ['/self-service/login', { method: 'oidc', provider: 'google' }],
  ['/self-service/login', { method: 'totp', totp_code: '123456' }],
  ['/self-service/login', { method: 'webauthn', identifier: 'a@b.c' }],
  ['/self-service/login', { method: 'lookup_secret', lookup_secret: 'abcd1234' }],
  ['/self-service/registration', { method: 'password', password: 'secret', traits: { email: 'a@b.c' } }],
  ['/self-service/registration', { method: 'oidc', provider: 'google' }],
  ['/self-service/registration', { method: 'webauthn', traits: { email: 'a@b.c' }, webauthn_register: '{}' }],
  ['/self-service/settings', { method: 'password', password: 'secret' }],
  ['/self-service/settings', { method: 'profile', traits: { email: 'a@b.c' } }],
  ['/self-service/settings', { method: 'oidc', link: 'google' }],
  ['/self-service/settings', { method: 'totp', totp_unlink: true }],
  ['/self-service/settings', { method: 'webauthn', webauthn_remove: 'abcd' }],
  ['/self-service/settings', { method: 'lookup_secret', lookup_secret_reveal: true }],
  ['/self-service/recovery', { method: 'link', email: 'a@b.c' }],
  ['/self-service/verification', { method: 'link', email: 'a@b.c' }],
]
