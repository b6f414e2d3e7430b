import type { AfterFlow, Hook, OidcProvider, Settings } from '../../config/settings.ts'
import type { Call } from '../../http/call.ts'
import type { RequestChange } from './switch.ts'

/*
 * The project as it shall be for one call. Other calls find it as it is configured.
 */

type Flows = Settings['selfservice']['flows']
type Methods = Settings['selfservice']['methods']

/** Other flows. */
export function underFlows({ world }: Call, change: (flows: Flows) => Partial<Flows>): RequestChange {
  const { settings } = world
  const { selfservice } = settings
  const flows = { ...selfservice.flows, ...change(selfservice.flows) }
  return { settings: { ...settings, selfservice: { ...selfservice, flows } } }
}

/** Other methods. */
export function underMethods({ world }: Call, change: (methods: Methods) => Partial<Methods>): RequestChange {
  const { settings } = world
  const { selfservice } = settings
  const methods = { ...selfservice.methods, ...change(selfservice.methods) }
  return { settings: { ...settings, selfservice: { ...selfservice, methods } } }
}

/** Passwords by these rules, and the method on. */
export function underPasswordPolicy(call: Call, rules: Partial<Methods['password']['config']>): RequestChange {
  return underMethods(call, ({ password }) => ({
    password: { enabled: true, config: { ...password.config, ...rules } },
  }))
}

/** The method `webauthn` on, as a first or as a second factor. */
export function underWebAuthn(call: Call, passwordless: boolean): RequestChange {
  return underMethods(call, ({ webauthn }) => ({
    webauthn: { enabled: true, config: { ...webauthn.config, passwordless } },
  }))
}

/** Social providers as they shall be. */
export function underProviders(call: Call, change: (provider: OidcProvider) => OidcProvider): RequestChange {
  return underMethods(call, ({ oidc }) => ({
    oidc: { ...oidc, config: { ...oidc.config, providers: oidc.config.providers.map(change) } },
  }))
}

/** One more hook after login, registration and settings, whatever the method. */
export function underHook(call: Call, hook: Hook): RequestChange {
  return underFlows(call, ({ login, registration, settings }) => ({
    login: { ...login, after: hooked(login.after, hook) },
    registration: { ...registration, after: hooked(registration.after, hook) },
    settings: { ...settings, after: hooked(settings.after, hook) },
  }))
}

/** A method's own hooks stand in the place of those for all methods. */
function hooked(after: AfterFlow, hook: Hook): AfterFlow {
  const methods = Object.entries(after.methods).map(([name, method]) => {
    const { hooks } = method
    return [name, hooks && hooks.length > 0 ? { ...method, hooks: [...hooks, hook] } : method] as const
  })
  return { ...after, hooks: [...after.hooks, hook], methods: Object.fromEntries(methods) }
}
