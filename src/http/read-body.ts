import type { IncomingMessage } from 'node:http'
import { badRequest, OryError } from '../errors.ts'
import type { RequestBody } from './call.ts'

const tooLarge = (limit: number) =>
  new OryError(
    413,
    { reason: `The request body is larger than ${limit} bytes.`, message: 'The request body is too large' },
    { headers: { Connection: 'close' } },
  )

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads the whole body as text.
 * @param limit in bytes; a larger body is read no further
 * @throws OryError 413 for a larger body, 400 for one that is not UTF-8
 */
export async function readBody(req: IncomingMessage, limit: number): Promise<RequestBody> {
  const contentType = req.headers['content-type']
  const length = req.headers['content-length']
  if (length === undefined && req.headers['transfer-encoding'] === undefined) return { contentType, text: '' }
  if (Number(length) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  try {
    return { contentType, text: decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) }
  } catch {
    throw badRequest('The request body is not valid UTF-8.')
  }
}
