import { badRequest, csrfViolation } from '../errors.ts'
import type { Call } from '../http/call.ts'
import type { Flow } from '../state/records.ts'
import { csrfMatches } from './csrf.ts'

/**
 * What protects a submit from being made by another site: in browser flows the anti-CSRF token, in API flows that nothing
 * of the request looks like a browser (kratos-login-registration-sessions §1.6).
 * @throws OryError 403 security_csrf_violation; 400 for an API flow with `Origin` or a cookie
 */
export function checkCsrf(call: Call, flow: Pick<Flow, 'type'>, token: string): void {
  if (flow.type === 'browser') {
    if (!csrfMatches(call, token)) throw csrfViolation()
    return
  }
  if (call.world.settings.mock.disable_api_flow_enforcement) return
  if (call.headers.origin) throw badRequest(browserRequest('Origin', 'as part of an AJAX request in a Browser'))
  if ([...call.cookies.keys()].some((name) => !name.startsWith('__cf')))
    throw badRequest(browserRequest('Cookie', 'by a Browser'))
}

const browserRequest = (header: string, how: string): string =>
  `The HTTP Request Header included the "${header}" key, indicating that this request was made ${how}. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.`
