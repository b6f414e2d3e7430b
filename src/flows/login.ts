import { methodDisabled, notFound, OryError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { acceptsJson, isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import type { LoginFlow } from '../state/records.ts'
import { forwardError, withErrorUi } from './error-ui.ts'
import { fetchableFlow, findFlow, flowParameter, isExpired } from './flow.ts'
import { FormError } from './form-errors.ts'
import { completeLogin } from './login-complete.ts'
import {
  admitToInit,
  beginLogin,
  loginBody,
  loginStrategies,
  loginUi,
  readLoginRequest,
  resumable,
} from './login-flow.ts'
import { expiredLogin, refuseLogin } from './login-refusal.ts'
import { messages } from './messages.ts'
import { defaultTarget, readReturnTo } from './return-to.ts'

/** GET /self-service/login/api (kratos-login-registration-sessions §2.1). */
function initializeForNativeApps(call: Call): Reply {
  const request = readLoginRequest(call)
  const active = admitToInit(call, request)
  return ok(loginBody(beginLogin(call, { type: 'api', ...request, active })))
}

/** GET /self-service/login/browser. One who is signed in already is sent on. */
function initializeForBrowsers(call: Call): Reply {
  try {
    const request = readLoginRequest(call)
    const active = admitToInit(call, request)
    const flow = beginLogin(call, { type: 'browser', ...request, active })
    return acceptsJson(call) ? ok(loginBody(flow)) : redirect(303, loginUi(call, flow), call.method)
  } catch (error) {
    if (!(error instanceof OryError)) throw error
    if (error.error.id !== 'session_already_available') return forwardError(call, error)
    if (acceptsJson(call)) throw error
    return redirect(303, readReturnTo(call) ?? defaultTarget(call), call.method)
  }
}

/** GET /self-service/login/flows?id= (§1.7). */
function getSelfServiceLoginFlow(call: Call): Reply {
  return ok(loginBody(fetchableFlow(call, 'login', 'self_service_flow_expired')))
}

/** POST and GET /self-service/login?flow= (§2.4). */
async function submitSelfServiceLoginFlow(call: Call): Promise<Reply> {
  const flow = findFlow(call.world, 'login', flowParameter(call))
  if (!flow) throw notFound()
  const current = () => findFlow(call.world, 'login', flow.id) ?? flow
  try {
    const active = resumable(call, flow)
    if (active === 'signed in') return alreadySignedIn(call, flow)
    if (isExpired(call.world, flow)) return expiredLogin(call, flow)
    const strategy = loginStrategies.find((each) => each.claims(call, flow))
    if (!strategy) throw new FormError(messages.noLoginStrategy())
    if (!strategy.enabled(call)) throw methodDisabled()
    const outcome = await strategy.complete(call, flow, active)
    if ('status' in outcome) return outcome
    // while a method waits, a session may be ended or raised and a person changed or deleted
    const nowActive = resumable(call, flow)
    if (nowActive === 'signed in') return alreadySignedIn(call, flow)
    const identity = call.world.identities.get(outcome.identity.id)
    if (!identity) throw new FormError(messages.invalidCredentials())
    // the method counts as chosen even if what follows, such as a hook, refuses the login
    const chosen = withActive(call, current(), outcome.method.method)
    return completeLogin(call, chosen, { ...outcome, identity }, nowActive)
  } catch (thrown) {
    return refuseLogin(call, current(), thrown)
  }
}

/** The flow with the method that was chosen last, which is kept. */
function withActive(call: Call, flow: LoginFlow, method: string): LoginFlow {
  if (flow.active === method) return flow
  const chosen = { ...flow, active: method }
  call.world.flows.save(chosen)
  return chosen
}

/** Native apps and JSON clients see it in the flow; a browser is simply sent on. */
function alreadySignedIn(call: Call, flow: LoginFlow): Reply {
  if (flow.type === 'browser' && !isJsonRequest(call)) return redirect(303, defaultTarget(call), call.method)
  const text = 'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?'
  throw new FormError(messages.validation(text))
}

export const loginOperations: Readonly<Record<string, Operation>> = {
  initializeSelfServiceLoginFlowWithoutBrowser: initializeForNativeApps,
  initializeSelfServiceLoginFlowForBrowsers: initializeForBrowsers,
  getSelfServiceLoginFlow,
  submitSelfServiceLoginFlow: withErrorUi(submitSelfServiceLoginFlow),
}
