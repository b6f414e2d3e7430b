import type { OidcProvider } from '../../config/settings.ts'
import { badRequest, browserLocationChangeRequired, notFoundBecause } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { isJsonRequest } from '../../http/negotiate.ts'
import { type Reply, redirect } from '../../http/reply.ts'
import { compileIdentitySchema, defaultIdentitySchema } from '../../identities/identity-schema.ts'
import type { Schema } from '../../identities/json-schema/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { findProvider, signInUrl } from '../../oidc/sign-in-address.ts'
import type { Millis } from '../../state/clock.ts'
import type { Flow, UiNode, UiText } from '../../state/records.ts'
import type { Continuity } from '../continuity.ts'
import { submitNode } from '../nodes.ts'

/*
 * Social sign-in, as far as login, registration and settings share it (kratos-login-registration-sessions §2.5, §3.6).
 */

export const isOidcEnabled = (call: Call): boolean => call.world.settings.selfservice.methods.oidc.enabled

/** @throws OryError 404 when the project has no provider of that id */
export function requireProvider(call: Call, id: string): OidcProvider {
  const provider = findProvider(call.world, id)
  if (!provider) throw notFoundBecause(`OpenID Connect Provider "${id}" is unknown or has not been configured`)
  return provider
}

/** A button for each provider; a browser flow's alone. */
export function providerNodes(call: Call, label: (provider: string) => UiText): readonly UiNode[] {
  return call.world.settings.selfservice.methods.oidc.config.providers.map((provider) =>
    submitNode('provider', 'oidc', provider.id, label(provider.label ?? provider.id)),
  )
}

/** Traits may come along with a submit; they are those of the project's default schema. */
export function submittedTraits(call: Call): Schema {
  return compileIdentitySchema(defaultIdentitySchema(call.world), '#/properties/traits')
}

const NAME = 'ory_kratos_oidc_auth_code_session'
const LIFESPAN: Millis = 30 * 60_000

/** What waits for a browser that is at a provider. */
export interface PausedSignIn {
  readonly flow_id: string
  readonly state: string
  /** What was typed before; it wins over what the provider says. */
  readonly traits: Json
}

/**
 * Sends a browser to a provider, and keeps what it was about.
 * @throws OryError 400 for an API flow; 422 browser_location_change_required for a JSON client
 */
export function sendToProvider(
  call: Call,
  continuity: Continuity,
  flow: Flow,
  { provider, traits }: { readonly provider: OidcProvider; readonly traits: Json | undefined },
): Reply {
  if (flow.type !== 'browser') {
    throw badRequest(
      'Social Sign In and OpenID Connect are only supported for flows initiated using the Browser endpoint.',
    )
  }
  const state = call.world.chance.uuid()
  const payload: JsonObject = { flow_id: flow.id, state, traits: traits ?? null }
  continuity.pause(NAME, { payload, lifespan: LIFESPAN })
  const url = signInUrl(call, provider, state, flow.kind === 'login' && flow.refresh)
  if (isJsonRequest(call)) throw browserLocationChangeRequired(url)
  return redirect(303, url, call.method)
}

/** What waited for this browser; undefined when nothing did. @throws OryError 400 when it waited too long */
export function resumeSignIn(continuity: Continuity): PausedSignIn | undefined {
  const payload = continuity.resume(NAME)
  if (!payload) return undefined
  const { flow_id, state, traits = null } = payload
  return { flow_id: String(flow_id), state: String(state), traits }
}

/**
 * Traits of what a provider says and of what was typed before, which wins. No mapper is evaluated: a claim becomes the
 * trait of its name, where the identity schema has one of its type.
 */
export function traitsOf(call: Call, claims: JsonObject, typed: Json): JsonObject {
  const schema = defaultIdentitySchema(call.world).schema
  const known = objectAt(objectAt(objectAt(schema, 'properties'), 'traits'), 'properties')
  const mapped = Object.fromEntries(
    Object.entries(claims).filter(([name, value]) => Object.hasOwn(known, name) && fits(known[name], value)),
  )
  return isJsonObject(typed) && Object.keys(typed).length > 0 ? sortKeys(merge(mapped, typed)) : mapped
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const inner = Object.hasOwn(value, key) ? value[key] : undefined
  return isJsonObject(inner) ? inner : {}
}

function fits(trait: Json | undefined, value: Json | undefined): boolean {
  const type = isJsonObject(trait) ? trait['type'] : undefined
  if (value === undefined || value === null) return false
  if (typeof type !== 'string') return true
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  return type === 'object' ? isJsonObject(value) : typeof value === type
}

/** Objects are merged key by key; of everything else the second counts. */
function merge(first: JsonObject, second: JsonObject): JsonObject {
  const merged = new Map<string, Json | undefined>(Object.entries(first))
  for (const [key, value] of Object.entries(second)) {
    const before = merged.get(key)
    merged.set(key, isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value)
  }
  return Object.fromEntries(merged)
}

/** Merged traits come out sorted, as Go writes a map. */
function sortKeys(value: JsonObject): JsonObject {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, isJsonObject(inner) ? sortKeys(inner) : inner]))
}
