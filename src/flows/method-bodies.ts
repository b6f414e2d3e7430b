import { type GoType, goBool, goRaw, goString, goStruct } from '../http/go-struct.ts'
import { compileSchema, withReference } from '../identities/json-schema/compile.ts'
import type { Schema } from '../identities/json-schema/schema.ts'
import type { JsonObject } from '../json.ts'
import type { BodyForm } from './body.ts'

/*
 * The bodies that each method reads: their fields, what must be there, and the name under which the real servers speak of
 * them (`… Go struct field <name>.password of type string`). Sources: kratos-login-registration-sessions §2.5, §3.3,
 * kratos-settings-recovery-verification-mfa §1.6, §2.2, §3.2. An own field that is not listed in `fields` is not decoded.
 */

const text: JsonObject = { type: 'string' }
const filled: JsonObject = { type: 'string', minLength: 1 }
const flag: JsonObject = { type: 'boolean' }

/** A condition on a schema: holds when the field is there and satisfies it. */
const has = (field: string, schema: JsonObject): JsonObject => ({ properties: { [field]: schema }, required: [field] })

const object = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { csrf_token: text, method: text, ...properties },
  ...rest,
})

/** `if`, `then` and `else`, not written as literals: an object with a member `then` is easily taken for a promise. */
const when = (condition: JsonObject, consequence: JsonObject, otherwise?: JsonObject): JsonObject =>
  Object.fromEntries(
    [
      ['if', condition],
      ['then', consequence],
      ['else', otherwise],
    ].filter(([, schema]) => schema !== undefined),
  )

interface Rest {
  readonly methods?: readonly string[]
  readonly queryAndBody?: boolean
  readonly validate?: boolean
}

function form(struct: string, schema: JsonObject, fields: Record<string, GoType>, rest: Rest = {}): BodyForm {
  const all = { method: goString, csrf_token: goString, ...fields }
  return { schema: compileSchema(schema), struct: goStruct(struct, all), ...rest }
}

/** The same form for every identity schema, whose traits it takes in; made once per schema. */
function withTraits(base: BodyForm): (traits: Schema) => BodyForm {
  const made = new WeakMap<Schema, BodyForm>()
  return (traits) => {
    const known = made.get(traits)
    if (known) return known
    const whole: BodyForm = { ...base, schema: withReference(base.schema, 'traits', traits) }
    made.set(traits, whole)
    return whole
  }
}

const POST_AND_GET = { methods: ['POST', 'GET'] }
const WHEREVER = { ...POST_AND_GET, queryAndBody: true }
const UNCHECKED = { ...WHEREVER, validate: false }

/** `…(traits)` forms take the compiled schema of the traits (`compileIdentitySchema(schema, '#/properties/traits')`). */
export const loginBodies = {
  password: form(
    'submitSelfServiceLoginFlowWithPasswordMethodBody',
    object(
      { password: filled, identifier: filled },
      {
        allOf: [
          when(has('method', { const: 'password' }), { required: ['password'] }),
          when(has('password_identifier', filled), { required: ['password_identifier'] }, { required: ['identifier'] }),
        ],
      },
    ),
    { password: goString, identifier: goString, password_identifier: goString },
  ),
  oidc: withTraits(
    form(
      'SubmitSelfServiceLoginFlowWithOidcMethodBody',
      object({ provider: filled }),
      { provider: goString, traits: goRaw },
      UNCHECKED,
    ),
  ),
  totp: form(
    'submitSelfServiceLoginFlowWithTotpMethodBody',
    object({ totp_code: { type: 'string', minLength: 6 } }, { required: ['totp_code', 'method'] }),
    { totp_code: goString },
  ),
  lookup_secret: form(
    'submitSelfServiceLoginFlowWithLookupSecretMethodBody',
    object({ lookup_secret: text }, { required: ['lookup_secret', 'method'] }),
    { lookup_secret: goString },
  ),
  webauthn: form(
    'submitSelfServiceLoginFlowWithWebAuthnMethodBody',
    object(
      { webauthn_login: text, identifier: filled },
      when(
        { anyOf: [has('method', { const: 'webauthn' }), has('webauthn_login', filled)] },
        { required: ['identifier'] },
      ),
    ),
    { identifier: goString, webauthn_login: goString },
  ),
}

export const registrationBodies = {
  password: withTraits(
    form(
      'SubmitSelfServiceRegistrationFlowWithPasswordMethodBody',
      object({ password: filled }, when(has('method', { const: 'password' }), { required: ['password'] })),
      { password: goString, traits: goRaw },
    ),
  ),
  oidc: withTraits(
    form(
      'SubmitSelfServiceRegistrationFlowWithOidcMethodBody',
      object({ provider: filled }),
      { provider: goString, traits: goRaw },
      UNCHECKED,
    ),
  ),
  webauthn: withTraits(
    form(
      'submitSelfServiceRegistrationFlowWithWebAuthnMethodBody',
      object(
        { webauthn_register: text, webauthn_register_displayname: text },
        { oneOf: [{ required: ['webauthn_register'] }, { required: ['identifier', 'method'] }] },
      ),
      { webauthn_register: goString, webauthn_register_displayname: goString, traits: goRaw, flow: goString },
    ),
  ),
}

export const settingsBodies = {
  password: form(
    'submitSelfServiceSettingsFlowWithPasswordMethodBody',
    object({ password: filled }, { required: ['password'] }),
    { password: goString, flow: goString },
    POST_AND_GET,
  ),
  oidc: withTraits(
    form(
      'submitSelfServiceSettingsFlowWithOidcMethodBody',
      { type: 'object', properties: { link: text, csrf_token: text, unlink: text } },
      { link: goString, unlink: goString, flow: goString, traits: goRaw },
      UNCHECKED,
    ),
  ),
  profile: withTraits(
    form(
      'submitSelfServiceSettingsFlowWithProfileMethodBody',
      object({}, { required: ['traits'] }),
      { traits: goRaw, flow: goString },
      POST_AND_GET,
    ),
  ),
  totp: form(
    'submitSelfServiceSettingsFlowWithTotpMethodBody',
    object({ totp_code: text, totp_unlink: flag }),
    { totp_code: goString, totp_unlink: goBool, flow: goString },
    POST_AND_GET,
  ),
  webauthn: form(
    'submitSelfServiceSettingsFlowWithWebAuthnMethodBody',
    object(
      { webauthn_register: text, webauthn_register_displayname: text, webauthn_remove: text },
      when(has('webauthn_register', { minLength: 1 }), {
        properties: { webauthn_register_displayname: { minLength: 1 } },
        required: ['webauthn_register_displayname'],
      }),
    ),
    {
      webauthn_register: goString,
      webauthn_register_displayname: goString,
      webauthn_remove: goString,
      flow: goString,
    },
    POST_AND_GET,
  ),
  lookup_secret: form(
    'submitSelfServiceSettingsFlowWithLookupMethodBody',
    object({
      lookup_secret_disable: flag,
      lookup_secret_reveal: flag,
      lookup_secret_regenerate: flag,
      lookup_secret_confirm: flag,
    }),
    {
      lookup_secret_reveal: goBool,
      lookup_secret_regenerate: goBool,
      lookup_secret_confirm: goBool,
      lookup_secret_disable: goBool,
      flow: goString,
    },
  ),
}

const linkFields = { token: goString, flow: goString, email: goString }
const linkSchema = object({
  token: text,
  email: { type: 'string', format: 'email' },
  // not a format that Kratos knows: any text passes
  flow: { type: 'string', format: 'uuid' },
})

export const recoveryBody = form('recoverySubmitPayload', linkSchema, linkFields, WHEREVER)
export const verificationBody = form('verificationSubmitPayload', linkSchema, linkFields, WHEREVER)
