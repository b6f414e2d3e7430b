import type { Millis } from '../state/clock.ts'
import type { Section } from './section.ts'
import type { AfterFlow, FlowSettings, Hook, Settings } from './settings.ts'

const HOUR: Millis = 3_600_000
const AALS = ['aal1', 'highest_available'] as const

/** `selfservice.flows` with Kratos' defaults (kratos-login-registration-sessions §0). */
export function resolveFlows(flows: Section): Settings['selfservice']['flows'] {
  const settings = flows.section('settings')
  return {
    login: resolveFlow(flows, 'login', true),
    registration: resolveFlow(flows, 'registration', true),
    recovery: resolveFlow(flows, 'recovery', false),
    verification: resolveFlow(flows, 'verification', false),
    settings: {
      ...resolveFlow(flows, 'settings', true),
      privileged_session_max_age: settings.duration('privileged_session_max_age', HOUR),
      required_aal: settings.oneOf('required_aal', AALS, 'highest_available'),
    },
    logout: { after: resolveAfter(flows.section('logout').section('after')) },
    error: { ui_url: uiUrl(flows.section('error'), 'error') },
  }
}

function resolveFlow(flows: Section, name: string, enabled: boolean): FlowSettings {
  const flow = flows.section(name)
  return {
    enabled: flow.flag('enabled', enabled),
    ui_url: uiUrl(flow, name),
    lifespan: flow.duration('lifespan', HOUR),
    after: resolveAfter(flow.section('after')),
  }
}

function uiUrl(flow: Section, name: string): string {
  return flow.textUnlessEmpty('ui_url') ?? `https://www.ory.sh/kratos/docs/fallback/${name}`
}

function resolveAfter(after: Section): AfterFlow {
  const names = after.keys().filter((key) => key !== 'hooks' && key !== 'default_browser_return_url')
  return {
    default_browser_return_url: after.textUnlessEmpty('default_browser_return_url'),
    hooks: resolveHooks(after) ?? [],
    methods: Object.fromEntries(
      names.map((name) => {
        const method = after.section(name)
        const default_browser_return_url = method.textUnlessEmpty('default_browser_return_url')
        return [name, { default_browser_return_url, hooks: resolveHooks(method) }]
      }),
    ),
  }
}

function resolveHooks(after: Section): Hook[] | undefined {
  return after.sections('hooks')?.flatMap((entry) => {
    const hook = entry.text('hook')
    const config = entry.object('config')
    if (hook === undefined) entry.problem('hook', 'is missing.', 'Name the hook, e.g. {"hook": "session"}.')
    return hook === undefined ? [] : [config === undefined ? { hook } : { hook, config }]
  })
}
