import type { GenericError, OryError } from '../errors.ts'
import type { Reply } from './reply.ts'

/** The reply that an error becomes: `{"error": …}` with `error.request` echoed, and the siblings of the enhanced errors. */
export function errorReply(
  { status, error, siblings, headers, cookies }: OryError,
  requestId: string | undefined,
): Reply {
  const rest = { headers: { 'Content-Type': 'application/json', ...headers }, cookies }
  if (siblings) return { status, ...rest, body: { error, ...siblings } }
  return { status, ...rest, body: { error: requestId === undefined ? error : withRequest(error, requestId) } }
}

/** `request` stands between `status` and `reason`. */
function withRequest({ id, code, status, ...error }: GenericError, request: string): GenericError {
  return {
    ...(id === undefined ? {} : { id }),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    request,
    ...error,
  }
}
