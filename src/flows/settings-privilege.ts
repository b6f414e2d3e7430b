import { OryError, sessionRefreshRequired, settingsSessionMissing } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { type ActiveSession, requireAal } from '../sessions/session.ts'
import type { Identity, SettingsFlow } from '../state/records.ts'
import type { SettingsAttempt } from './settings-strategy.ts'

/*
 * How strongly and how lately someone must have signed in to change settings (kratos-settings-recovery-verification-mfa
 * §1.1, §1.7).
 */

/**
 * The way to the second factor for those who have one and did not use it; undefined for all others.
 * @param asError for native apps and JSON clients
 * @throws OryError 403 session_aal2_required
 */
export function secondFactorFirst(call: Call, active: ActiveSession, asError: boolean): Reply | undefined {
  try {
    requireAal(call, active, call.world.settings.selfservice.flows.settings.required_aal)
    return undefined
  } catch (error) {
    if (asError || !(error instanceof OryError)) throw error
    return redirect(303, `${call.urls.public}/self-service/login/browser?aal=aal2`, call.method)
  }
}

/** Refuses a change until the person has signed in again. */
export class ReauthenticationNeeded extends Error {
  constructor() {
    super('the session is not privileged any longer')
  }
}

/** Whether the sign-in behind a submit is recent enough for every change. */
export function isPrivileged({ call, active }: SettingsAttempt): boolean {
  const { privileged_session_max_age } = call.world.settings.selfservice.flows.settings
  return active.session.authenticated_at + privileged_session_max_age >= call.world.now()
}

/** @throws ReauthenticationNeeded */
export function requirePrivileged(attempt: SettingsAttempt): void {
  if (!isPrivileged(attempt)) throw new ReauthenticationNeeded()
}

/** Whose settings they are, as the world knows the identity now. @throws OryError 401 when it is gone */
export function ownIdentity({ call, active }: SettingsAttempt): Identity {
  const identity = call.world.identities.get(active.identity.id)
  if (!identity) throw settingsSessionMissing()
  return identity
}

/** Sends the person to a refreshing login that leads back to this very submit. @throws OryError 403 session_refresh_required */
export function answerReauthentication(call: Call, { type }: SettingsFlow): Reply {
  const query = new URLSearchParams(call.rawQuery)
  query.sort()
  const back = `${call.urls.public}${call.path}?${query}`
  const login = `${call.urls.public}/self-service/login/browser?refresh=true&return_to=${encodeURIComponent(back)}`
  if (type === 'api' || isJsonRequest(call)) throw sessionRefreshRequired(login)
  return redirect(303, login, call.method)
}
