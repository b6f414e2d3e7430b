import { internal, notFound, OryError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import { instant } from '../state/clock.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Errors that a browser is sent to a page for, and the store that the page reads them from
 * (kratos-login-registration-sessions §1.12).
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

/** GET /self-service/errors?id= (or `error=`, which wins); `stub:500` is always there. */
function getSelfServiceError(call: Call): Reply {
  const id = call.query.get('error') || call.query.get('id') || ''
  if (id === 'stub:500') {
    const zero = '0001-01-01T00:00:00Z'
    const error = internal('This is a stub error.').error
    return ok({ id: call.world.chance.uuid(), error, created_at: zero, updated_at: zero })
  }
  const found = call.world.errors.get(id)
  if (!found) throw notFound()
  return ok({
    id: found.id,
    error: found.error,
    created_at: instant(found.created_at),
    updated_at: instant(found.updated_at),
  })
}

export const errorOperations: Readonly<Record<string, Operation>> = { getSelfServiceError }
