import { OryError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Errors that a browser is sent to a page for (kratos-login-registration-sessions §1.12); the page reads them by
 * self-service-errors.ts.
 */

/** Keeps the error and sends the browser to the error page. */
export function toErrorUi(call: Call, error: OryError): Reply {
  const { world } = call
  const now = world.now()
  const id = world.chance.uuid()
  world.errors.save({ id, error: error.error as unknown as JsonObject, created_at: now, updated_at: now })
  const page = withQuery(absoluteUrl(call, world.settings.selfservice.flows.error.ui_url), { id })
  return redirect(303, page, call.method, { cookies: error.cookies })
}

/** Answers an error to a browser flow or to a client whose flow is not known: JSON clients get it as it is. */
export function forwardError(call: Call, error: OryError): Reply {
  if (isJsonRequest(call)) throw error
  return toErrorUi(call, error)
}

/** An operation whose errors send HTML clients to the error page. */
export function withErrorUi(operation: Operation): Operation {
  return async (call) => {
    try {
      return await operation(call)
    } catch (error) {
      if (error instanceof OryError) return forwardError(call, error)
      throw error
    }
  }
}
