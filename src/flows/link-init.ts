import { flowDisabled } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { acceptsJson } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { forwardError } from './error-ui.ts'
import { fetchableFlow } from './flow.ts'
import { beginLinkFlow, type LinkKind, linkBody, linkUi } from './link-flow.ts'

/*
 * Beginning and fetching flows of recovery and verification, which a project has to turn on
 * (kratos-settings-recovery-verification-mfa §2.1, §3.1).
 */

const NAMES = { recovery: 'Recovery', verification: 'Verification' } as const

/** The answer of a project that does not offer it; a browser is sent to the error page even by the address for native apps. */
function disabled(call: Call, kind: LinkKind): Reply | undefined {
  if (call.world.settings.selfservice.flows[kind].enabled) return undefined
  return forwardError(call, flowDisabled(NAMES[kind]))
}

export function initLinkForNativeApps(call: Call, kind: LinkKind): Reply {
  return disabled(call, kind) ?? ok(linkBody(beginLinkFlow(call, kind, 'api')))
}

/** @throws OryError that an HTML client sees on the error page */
export function initLinkForBrowsers(call: Call, kind: LinkKind): Reply {
  const refused = disabled(call, kind)
  if (refused) return refused
  const flow = beginLinkFlow(call, kind, 'browser')
  return acceptsJson(call) ? ok(linkBody(flow)) : redirect(303, linkUi(call, flow), call.method)
}

export function fetchLinkFlow(call: Call, kind: LinkKind): Reply {
  return disabled(call, kind) ?? ok(linkBody(fetchableFlow(call, kind)))
}
