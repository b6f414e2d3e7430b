import { badRequestMessage } from '../errors.ts'
import { NumberError, parseInt64 } from '../http/go-strconv.ts'
import type { World } from '../state/world.ts'

/**
 * How many lookups one path of a check or of a tree may take (admin-keto-projects §5.8): the smaller of `max-depth` and
 * `limit.max_read_depth`; the latter too when there is no `max-depth`, or none above zero.
 * @throws OryError 400 when `max-depth` is given and no integer as Go reads it
 */
export function maxDepth(query: URLSearchParams, world: World): number {
  const limit = world.settings.limit.max_read_depth
  const asked = Number(readMaxDepth(query))
  return asked > 0 && asked < limit ? asked : limit
}

function readMaxDepth(query: URLSearchParams): bigint {
  const text = query.get('max-depth')
  if (text === null) return 0n
  try {
    return parseInt64(text)
  } catch (error) {
    if (!(error instanceof NumberError)) throw error
    throw badRequestMessage(`unable to parse 'max-depth' query parameter to int: ${error.message}`)
  }
}
