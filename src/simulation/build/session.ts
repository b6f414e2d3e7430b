import { parseDuration } from '../../config/duration.ts'
import { levelOf } from '../../sessions/session.ts'
import type { AuthenticationMethod, Identity, Session } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import type { FixtureSession } from '../fixture.ts'
import type { Build } from './build.ts'

type Method = AuthenticationMethod['method']

const MINUTE = 60_000

/** A session of a fixture: what it does not say is as a login would have made it. */
export function buildSession(build: Build, entry: FixtureSession, pointer: string): Session | undefined {
  const { world } = build
  const identity = build.identity(entry.identity, `${pointer}/identity`)
  if (!identity) return undefined
  const { lifespan } = world.settings.session
  const age =
    (entry.age === undefined ? undefined : parseDuration(entry.age)) ?? (entry.expired ? lifespan + MINUTE : 0)
  const authenticated_at = build.at(entry.authenticated_at, Math.round(build.now - age))
  const issued_at = build.at(entry.issued_at, authenticated_at)
  const authentication_methods = methodsOf(build, entry, identity, authenticated_at)
  return {
    id: entry.id?.toLowerCase() ?? world.chance.uuid(),
    identity_id: identity.id,
    token: entry.token ?? world.chance.token(),
    logout_token: entry.logout_token ?? world.chance.token(),
    active: entry.active ?? true,
    expires_at: build.at(
      entry.expires_at,
      entry.expired ? Math.min(issued_at + lifespan, build.now - MINUTE) : issued_at + lifespan,
    ),
    authenticated_at,
    authenticator_assurance_level: entry.authenticator_assurance_level ?? levelOf(authentication_methods),
    authentication_methods,
    issued_at,
  }
}

function methodsOf(build: Build, entry: FixtureSession, identity: Identity, at: number): AuthenticationMethod[] {
  if (entry.authentication_methods) {
    return entry.authentication_methods.map((each) => ({ ...each, completed_at: build.at(each.completed_at, at) }))
  }
  const methods = entry.methods ?? usualMethods(build.world, identity, entry.aal ?? 'aal1')
  return methods.map((method) => ({ method, aal: aalOf(build.world, method), completed_at: at }))
}

/** By what a person with these credentials most likely reaches that level. */
function usualMethods(world: World, { credentials }: Identity, aal: 'aal1' | 'aal2'): Method[] {
  const passwordless = world.settings.selfservice.methods.webauthn.config.passwordless
  const first = credentials.password?.config.hashed_password === undefined
  const one: Method =
    first && credentials.oidc ? 'oidc' : first && passwordless && credentials.webauthn ? 'webauthn' : 'password'
  if (aal === 'aal1') return [one]
  if (credentials.totp) return [one, 'totp']
  if (credentials.webauthn && !passwordless) return [one, 'webauthn']
  return [one, credentials.lookup_secret ? 'lookup_secret' : 'totp']
}

function aalOf(world: World, method: Method): 'aal1' | 'aal2' {
  if (method === 'webauthn') return world.settings.selfservice.methods.webauthn.config.passwordless ? 'aal1' : 'aal2'
  return method === 'totp' || method === 'lookup_secret' ? 'aal2' : 'aal1'
}
