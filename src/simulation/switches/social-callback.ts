import type { OidcProvider } from '../../config/settings.ts'
import type { Call } from '../../http/call.ts'
import { findByIdentifier } from '../../identities/identity.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { checksScopes, readsIdToken } from '../../oidc/provider-kinds.ts'
import type { Continuity, Flow, OidcCode } from '../../state/records.ts'
import { underFlows, underProviders } from './project-view.ts'
import { identifierTrait, type Trait, traitsFor, underSchema, withMember, withRequired } from './submitted-traits.ts'
import type { RequestChange } from './switch.ts'
import { takenInstead } from './taken.ts'

/*
 * People who come back from a social provider: what it says of them, as it stands behind the code that they bring along.
 */

/** The flow that was begun for a sign-in of this state; undefined when nobody waits for it. */
function waitingFlow({ world, query }: Call): Flow | undefined {
  const paused = waiting(world.continuities.values(), query.get('state'))
  return world.flows.get(String(paused?.payload['flow_id']))
}

function waiting(paused: Iterable<Continuity>, state: string | null): Continuity | undefined {
  for (const each of paused) if (state !== null && each.payload['state'] === state) return each
  return undefined
}

/** They come back to a flow of one of these kinds. */
export const backTo =
  (...kinds: readonly Flow['kind'][]) =>
  (call: Call): boolean => {
    const flow = waitingFlow(call)
    return flow !== undefined && kinds.includes(flow.kind)
  }

function codeOf({ world, query }: Call): OidcCode | undefined {
  return world.oidcCodes.get(query.get('code') || query.get('authCode') || '')
}

/** Changes what the provider gives for the code. */
function onCode(call: Call, change: (code: OidcCode) => Partial<OidcCode>): void {
  const code = codeOf(call)
  if (code) call.world.oidcCodes.save({ ...code, ...change(code) })
}

/** The code was exchanged before. */
export function spendCode(call: Call): undefined {
  const code = codeOf(call)
  if (code) call.world.oidcCodes.delete(code.id)
  return undefined
}

/** The provider that they come from, otherwise. */
function underProvider(call: Call, change: (provider: OidcProvider) => Partial<OidcProvider>): RequestChange {
  const id = call.params['provider']
  return underProviders(call, (provider) => (provider.id === id ? { ...provider, ...change(provider) } : provider))
}

export function unreachable(call: Call): RequestChange {
  return underProvider(call, ({ id, issuer_url }) => {
    const url = issuer_url ?? `https://${id}.example`
    const host = URL.canParse(url) ? new URL(url).hostname : url
    return { failure: `Post "${url.replace(/\/$/, '')}/token": dial tcp: lookup ${host}: no such host` }
  })
}

/** No ID token, where the provider is to give one. */
export function withoutIdToken(call: Call): RequestChange {
  onCode(call, () => ({ with_id_token: false }))
  return underProvider(call, (provider) => (readsIdToken(provider) ? {} : { provider: 'generic' }))
}

/** No permission that was asked for, where the provider says which it gives. */
export function withoutScopes(call: Call): RequestChange {
  onCode(call, () => ({ scope: '' }))
  return underProvider(call, (provider) => ({
    provider: checksScopes(provider) ? provider.provider : 'github',
    scope: provider.scope.length > 0 ? provider.scope : ['user:email'],
  }))
}

// --- who they are ----------------------------------------------------------------------------------------------------------

/** Whom the project does not know yet. */
function newcomer({ world }: Call, { provider, subject }: OidcCode): string {
  const known = findByIdentifier(world, 'oidc', `${provider}:${subject}`)
  return known ? `newcomer-${world.chance.code()}` : subject
}

/** A newcomer of whom the provider says nothing. A schema that asks for nothing asks for one trait. */
export function silently(call: Call): RequestChange {
  onCode(call, (code) => ({ subject: newcomer(call, code), claims: {} }))
  const traits = traitsFor(call)
  const trait = identifierTrait(traits)
  if (!trait || traits.some(({ required }) => required)) return {}
  return underSchema(call, (schema) => withRequired(schema, trait))
}

/** A newcomer by whose identifier somebody signs in. */
export function withTakenIdentifier(call: Call): undefined {
  const trait = identifierTrait(traitsFor(call))
  if (!trait) return undefined
  const paused = waiting(call.world.continuities.values(), call.query.get('state'))
  onCode(call, (code) => {
    const known = valueAt(paused?.payload['traits'], trait) ?? valueAt(code.claims, trait)
    const value = takenInstead(call, trait, known, [])
    return { subject: newcomer(call, code), claims: withValue(code.claims, trait, value) }
  })
  return undefined
}

/** A newcomer whose identifier is free. */
export function firstVisit(call: Call): undefined {
  const trait = identifierTrait(traitsFor(call))
  onCode(call, (code) => {
    const subject = newcomer(call, code)
    const value = trait && valueAt(code.claims, trait)
    const isTaken = typeof value === 'string' && findByIdentifier(call.world, 'password', value) !== undefined
    if (!trait || !isTaken) return { subject }
    const name = `newcomer-${call.world.chance.code()}`
    const free = trait.schema['format'] === 'email' ? `${name}@example.org` : name
    return { subject, claims: withValue(code.claims, trait, free) }
  })
  return undefined
}

/** A newcomer, where nobody may sign up. */
export function unwelcome(call: Call): RequestChange {
  firstVisit(call)
  return underFlows(call, ({ registration }) => ({ registration: { ...registration, enabled: false } }))
}

/** Claims become the traits of their names. */
const pathOf = ({ name }: Trait): readonly string[] => name.split('.').slice(1)

const valueAt = (object: Json | undefined, trait: Trait): Json | undefined =>
  pathOf(trait).reduce<Json | undefined>(
    (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    object,
  )

const withValue = (claims: JsonObject, trait: Trait, value: Json): JsonObject =>
  withMember(claims, pathOf(trait), value)
