import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { RegistrationFlow } from '../state/records.ts'
import { flowExpiredAgo } from './flow.ts'
import { messages } from './messages.ts'
import { answerError, expiredOnSubmit, refuseInForm } from './refusal.ts'
import { beginRegistration, registrationBody, registrationUi, sortRegistration } from './registration-flow.ts'

/** The answer to an expired registration flow: a new one in its place (kratos-login-registration-sessions §1.8). */
export function expiredRegistration(call: Call, flow: RegistrationFlow): Reply {
  const ago = flowExpiredAgo(call.world, flow)
  const note = messages.registrationExpired(ago, call.world.now())
  const next = beginRegistration(call, flow.type, flow.request_url, [note])
  return expiredOnSubmit(call, flow, ago, next.id, registrationUi(call, next))
}

/** Shows in the flow why it cannot go on, or answers what is no fault of the input (§1.5). */
export function refuseRegistration(call: Call, flow: RegistrationFlow, thrown: unknown): Reply {
  const refused = refuseInForm(call, flow, thrown, sortRegistration(call))
  if ('answer' in refused) return answerError(call, flow.type, refused.answer)
  call.world.flows.save(refused.flow)
  if (flow.type === 'api' || isJsonRequest(call)) return { status: 400, body: registrationBody(refused.flow) }
  return redirect(302, registrationUi(call, flow), call.method)
}
