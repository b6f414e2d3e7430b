import type { Call } from '../http/call.ts'

/**
 * The page of a list that a query asks for: 250 by default, 1 to 1000; pages 0 and 1 are both the first
 * (kratos-login-registration-sessions §5.4).
 */
export function sessionPage<T>(call: Pick<Call, 'query'>, items: readonly T[]): readonly T[] {
  const perPage = Math.min(1000, Math.max(1, whole(call.query.get('per_page'), 250)))
  const page = Math.max(1, whole(call.query.get('page'), 1))
  return items.slice((page - 1) * perPage, page * perPage)
}

function whole(text: string | null, fallback: number): number {
  return text !== null && /^[+-]?\d+$/.test(text) ? Number(text) : fallback
}
