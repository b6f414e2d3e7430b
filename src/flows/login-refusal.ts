import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { LoginFlow } from '../state/records.ts'
import { flowExpiredAgo } from './flow.ts'
import { admitToInit, beginLogin, loginBody, loginUi, readLoginRequest, sortLogin } from './login-flow.ts'
import { messages } from './messages.ts'
import { answerError, expiredOnSubmit, refuseInForm } from './refusal.ts'

/** The answer to an expired login flow: a new one in its place, begun as this very request asks (kratos-login-registration-sessions §1.8). */
export function expiredLogin(call: Call, flow: LoginFlow): Reply {
  const request = readLoginRequest(call)
  const active = admitToInit(call, request)
  const ago = flowExpiredAgo(call.world, flow)
  const note = messages.loginExpired(ago, call.world.now())
  const next = beginLogin(call, { type: flow.type, ...request, active }, flow.request_url, [note])
  return expiredOnSubmit(call, flow, ago, next.id, loginUi(call, next))
}

/** Shows in the flow why it cannot go on, or answers what is no fault of the input (§1.5). */
export function refuseLogin(call: Call, flow: LoginFlow, thrown: unknown): Reply {
  const refused = refuseInForm(call, flow, thrown, sortLogin)
  if ('answer' in refused) return answerError(call, flow.type, refused.answer)
  call.world.flows.save(refused.flow)
  if (flow.type === 'api' || isJsonRequest(call)) return { status: 400, body: loginBody(refused.flow) }
  return redirect(303, loginUi(call, flow), call.method)
}
