import type { IncomingMessage } from 'node:http'
import { badRequest, OryError } from '../errors.ts'
import type { RequestBody } from './call.ts'

const tooLarge = (limit: number) =>
  new OryError(
    413,
    {
      reason: `The request body is larger than ${limit} bytes. --max-body allows more.`,
      message: 'The request body is too large',
    },
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
  const bytes = await readRawBody(req, limit)
  if (bytes.length === 0) return { contentType, text: '' }
  try {
    return { contentType, text: decoder.decode(bytes) }
  } catch {
    throw badRequest('The request body is not valid UTF-8.')
  }
}

/** The body as it came, bytes. @throws OryError 413 for one larger than `limit` bytes */
export async function readRawBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
  if (length === undefined && encoding === undefined) return NOTHING
  if (Number(length) > limit) throw tooLarge(limit)
  return readBytes(req, limit)
}

const NOTHING = Buffer.alloc(0)

/** By events: iterating over the request takes four times as long. */
function readBytes(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else {
        req.removeAllListeners('data').pause()
        reject(tooLarge(limit))
      }
    })
    req.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    req.once('error', reject)
  })
}
