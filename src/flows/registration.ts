import { methodDisabled, notFound, OryError, sessionAlreadyAvailable } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { acceptsJson, isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { findSession } from '../sessions/session.ts'
import { forwardError, withErrorUi } from './error-ui.ts'
import { fetchableFlow, findFlow, flowParameter, isExpired } from './flow.ts'
import { FormError } from './form-errors.ts'
import { messages } from './messages.ts'
import { completeRegistration } from './registration-complete.ts'
import {
  beginRegistration,
  registrationBody,
  registrationStrategies,
  registrationUi,
  requireRegistration,
} from './registration-flow.ts'
import { expiredRegistration, refuseRegistration } from './registration-refusal.ts'
import { defaultTarget, signedInTarget } from './return-to.ts'

/** GET /self-service/registration/api (kratos-login-registration-sessions §3.1). */
function initializeForNativeApps(call: Call): Reply {
  if (findSession(call)) throw sessionAlreadyAvailable('registration')
  return ok(registrationBody(beginRegistration(call, 'api')))
}

/** GET /self-service/registration/browser: what forbids a flow comes before who is signed in. */
function initializeForBrowsers(call: Call): Reply {
  const flow = beginRegistration(call, 'browser')
  if (findSession(call)) {
    if (acceptsJson(call)) throw sessionAlreadyAvailable('registration')
    return redirect(303, defaultTarget(call), call.method)
  }
  return acceptsJson(call) ? ok(registrationBody(flow)) : redirect(303, registrationUi(call, flow), call.method)
}

/** GET /self-service/registration/flows?id= (§1.7). A project without registration sends browsers to the error page. */
function getSelfServiceRegistrationFlow(call: Call): Reply {
  try {
    requireRegistration(call)
  } catch (error) {
    if (error instanceof OryError) return forwardError(call, error)
    throw error
  }
  return ok(registrationBody(fetchableFlow(call, 'registration', 'self_service_flow_expired')))
}

/** POST and GET /self-service/registration?flow= (§3.3). */
async function submitSelfServiceRegistrationFlow(call: Call): Promise<Reply> {
  if (findSession(call)) return alreadySignedIn(call)
  const flow = findFlow(call.world, 'registration', flowParameter(call))
  if (!flow) throw notFound()
  try {
    if (isExpired(call.world, flow)) return expiredRegistration(call, flow)
    const strategy = registrationStrategies.find((each) => each.claims(call, flow))
    if (!strategy) throw new FormError(messages.noRegistrationStrategy())
    if (!strategy.enabled(call)) throw methodDisabled()
    const outcome = await strategy.complete(call, flow)
    return 'status' in outcome ? outcome : completeRegistration(call, flow, outcome)
  } catch (thrown) {
    return refuseRegistration(call, findFlow(call.world, 'registration', flow.id) ?? flow, thrown)
  }
}

/** Whoever is signed in signs up no one; a browser is sent on, to a `return_to` only on the server itself. */
function alreadySignedIn(call: Call): Reply {
  if (isJsonRequest(call)) throw sessionAlreadyAvailable('registration')
  return redirect(302, signedInTarget(call), call.method)
}

export const registrationOperations: Readonly<Record<string, Operation>> = {
  initializeSelfServiceRegistrationFlowWithoutBrowser: initializeForNativeApps,
  initializeSelfServiceRegistrationFlowForBrowsers: withErrorUi(initializeForBrowsers),
  getSelfServiceRegistrationFlow,
  submitSelfServiceRegistrationFlow: withErrorUi(submitSelfServiceRegistrationFlow),
}
