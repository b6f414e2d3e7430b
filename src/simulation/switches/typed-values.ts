import { messages } from '../../flows/messages.ts'
import type { Call } from '../../http/call.ts'
import { findByIdentifier } from '../../identities/identity.ts'
import type { JsonObject } from '../../json.ts'
import { findSession } from '../../sessions/session.ts'
import type { UiText } from '../../state/records.ts'
import { setAddressStatus } from './addresses.ts'
import { underFlows, underHook, underPasswordPolicy } from './project-view.ts'
import { fieldOf, withFields } from './request-change.ts'
import {
  identifierTrait,
  submittedValue,
  type Trait,
  traitsFor,
  underSchema,
  withKeywords,
  withRequired,
  withValues,
} from './submitted-traits.ts'
import type { RequestChange, SwitchContext } from './switch.ts'
import { takenInstead } from './taken.ts'

/*
 * Ways to make what somebody typed wrong: the values of the submit are changed as if they had typed it so, or the project is
 * stricter for this one submit.
 */

const isLogin = ({ operationId }: SwitchContext): boolean => operationId === 'submitSelfServiceLoginFlow'

/** By what somebody signs in, or is going to. */
function identifierOf(call: Call): string {
  const own = findSession(call)?.identity.credentials.password?.identifiers[0]
  const trait = identifierTrait(traitsFor(call))
  return own ?? String((trait && submittedValue(call, trait.name)) ?? '')
}

export function missingIdentifier(context: SwitchContext): RequestChange {
  const { call } = context
  if (isLogin(context)) return withFields(call, { identifier: undefined, password_identifier: undefined })
  return missingTrait(call, identifierTrait(traitsFor(call)))
}

function missingTrait(call: Call, trait: Trait | undefined): RequestChange {
  if (!trait) return {}
  const change = withValues(call, { [trait.name]: undefined })
  return trait.required ? change : { ...change, ...underSchema(call, (traits) => withRequired(traits, trait)) }
}

export function requiredTrait(call: Call): RequestChange {
  const traits = traitsFor(call)
  return missingTrait(call, traits.find((trait) => trait.required) ?? traits[0])
}

export function unknownTrait(call: Call): RequestChange {
  const change = withValues(call, { 'traits.surprise': 'a trait that nobody asked for' })
  return { ...change, ...underSchema(call, (traits) => ({ ...traits, additionalProperties: false })) }
}

export function badFormat(call: Call): RequestChange {
  const traits = traitsFor(call)
  const trait = traits.find(({ schema }) => schema['format'] !== undefined) ?? firstText(traits)
  if (!trait) return {}
  const change = withValues(call, { [trait.name]: 'not-valid' })
  const format = trait.schema['format'] ?? 'email'
  return { ...change, ...underSchema(call, (schema) => withKeywords(schema, trait, { format, minLength: 0 })) }
}

const firstText = (traits: readonly Trait[]): Trait | undefined =>
  traits.find(({ schema }) => schema['type'] === 'string')

/** The schema asks for one letter more than was typed. */
export function tooShort(call: Call): RequestChange {
  const trait = traitsFor(call).find(({ name }) => typeof submittedValue(call, name) === 'string')
  if (!trait) return {}
  const minLength = [...String(submittedValue(call, trait.name))].length + 1
  return underSchema(call, (schema) => withKeywords(schema, trait, { minLength }))
}

/** A schema without a number gets one, `age`. */
export function tooHigh(call: Call): RequestChange {
  const numbers = traitsFor(call).filter(({ schema }) => /^(number|integer)$/.test(String(schema['type'])))
  const age: JsonObject = { type: 'integer', title: 'Age' }
  const trait = numbers[0] ?? { name: 'traits.age', schema: age }
  const maximum = Number(trait.schema['maximum'] ?? 150)
  const change = withValues(call, { [trait.name]: maximum + 1 })
  return { ...change, ...underSchema(call, (traits) => withKeywords(traits, trait, { ...trait.schema, maximum })) }
}

/** A password that nothing is wrong with but what the rules of this call say. */
function underRules(call: Call, password: string): RequestChange {
  const rules = { min_password_length: 1, identifier_similarity_check_enabled: false, haveibeenpwned_enabled: false }
  return { ...withFields(call, { password }), ...underPasswordPolicy(call, rules) }
}

export function breached(call: Call): RequestChange {
  const rules = {
    min_password_length: 8,
    identifier_similarity_check_enabled: false,
    haveibeenpwned_enabled: true,
    max_breaches: 0,
  }
  return { ...withFields(call, { password: 'password123' }), ...underPasswordPolicy(call, rules) }
}

export function similar(call: Call): RequestChange {
  const rules = { min_password_length: 1, identifier_similarity_check_enabled: true }
  return { ...withFields(call, { password: identifierOf(call) }), ...underPasswordPolicy(call, rules) }
}

/** The typed password, cut off where the project would still want a letter. */
export function shortPassword(call: Call): RequestChange {
  const { min_password_length } = call.world.settings.selfservice.methods.password.config
  const password = fieldOf(call, 'password').slice(0, Math.max(1, min_password_length - 1))
  return {
    ...withFields(call, { password: password === '' ? 'x' : password }),
    ...underPasswordPolicy(call, { min_password_length: Math.max(2, min_password_length) }),
  }
}

export function longPassword(call: Call): RequestChange {
  const { settings: { selfservice } = call.world.settings, ...change } = underRules(call, 'x'.repeat(73))
  return { ...change, settings: { ...call.world.settings, selfservice, hashers: { algorithm: 'bcrypt' } } }
}

/** Somebody has the identifier; whoever changes their settings to what they have already wants another one, which is taken. */
export function duplicate(call: Call): RequestChange {
  const trait = identifierTrait(traitsFor(call))
  if (!trait) return {}
  const own = findSession(call)?.identity.credentials.password?.identifiers ?? []
  const typed = submittedValue(call, trait.name)
  const value = takenInstead(call, trait, typed, own)
  return value === typed ? {} : withValues(call, { [trait.name]: value })
}

export function withoutIdentifiers(call: Call): RequestChange {
  const identifiers = traitsFor(call).filter((trait) => trait.identifier)
  return underSchema(call, (traits) =>
    identifiers.reduce<JsonObject>((schema, trait) => withKeywords(schema, trait, { 'ory.sh/kratos': {} }), traits),
  )
}

/** No body can bring it about: a profile without traits is refused before. So it is said where a hook would say it. */
export function nothingChanged(call: Call): RequestChange {
  const message: UiText = messages.validation('Did not receive any value changes.')
  const answer = { messages: [{ instance_ptr: '', messages: [{ ...message }] }] }
  return underHook(call, { hook: 'web_hook', config: { answer } })
}

/** Whoever signs in has an address, and did not verify it yet. */
export function unverified(call: Call): RequestChange {
  const { world } = call
  const identifier = fieldOf(call, 'identifier') || fieldOf(call, 'password_identifier')
  const identity = findByIdentifier(world, 'password', identifier)
  if (identity) setAddressStatus(world, identity, 'sent', identifier)
  return underFlows(call, ({ login }) => {
    const hooks = [...login.after.hooks, { hook: 'require_verified_address' }]
    const own = login.after.methods['password']
    const password = {
      default_browser_return_url: own?.default_browser_return_url,
      hooks: [...(own?.hooks ?? []), ...hooks],
    }
    return { login: { ...login, after: { ...login.after, methods: { ...login.after.methods, password } } } }
  })
}
