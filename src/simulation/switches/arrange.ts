import { patchConfig } from '../../config/check-config.ts'
import { mergeConfig } from '../../config/merge.ts'
import { newTotpUrl } from '../../flows/methods/totp.ts'
import type { Call } from '../../http/call.ts'
import type { JsonObject } from '../../json.ts'
import { findSession } from '../../sessions/session.ts'

/*
 * Ways to arrange a world that several switches share. Each does nothing where there is nothing to arrange: the server then
 * answers as it does without the switch.
 */

/** Lets the flow expire a minute ago. */
export function expireFlow({ world }: Call, id: string | null): undefined {
  const flow = id === null ? undefined : world.flows.get(id)
  if (flow) world.flows.save({ ...flow, expires_at: world.now() - 60_000 })
  return undefined
}

/** The session is as after a first factor, its owner has a second one, and the project asks for the highest. */
export function lowerAal(call: Call): undefined {
  const active = findSession(call)
  if (!active) return undefined
  const { world } = call
  const { session, identity } = active
  const methods = session.authentication_methods.filter((m) => m.aal === 'aal1')
  world.sessions.save({ ...session, authenticator_assurance_level: 'aal1', authentication_methods: methods })
  if (identity.credentials.totp === undefined) {
    const now = world.now()
    const totp_url = newTotpUrl(world.chance.bytes(20), 'ory-mock', identity.id)
    const totp = { identifiers: [identity.id], config: { totp_url }, version: 0, created_at: now, updated_at: now }
    world.identities.save({ ...identity, credentials: { ...identity.credentials, totp } })
  }
  configure(call, {
    session: { whoami: { required_aal: 'highest_available' } },
    selfservice: { flows: { settings: { required_aal: 'highest_available' } } },
  })
  return undefined
}

/** Changes the project of the world. */
export function configure({ world }: Call, patch: JsonObject): undefined {
  const { config, settings } = patchConfig(world.config, mergeConfig({}, patch))
  world.config = config
  world.settings = settings
  return undefined
}
