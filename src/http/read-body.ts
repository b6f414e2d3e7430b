import { isUtf8 } from 'node:buffer'
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

/**
 * Reads the whole body as text, at once where there is none.
 * @param limit in bytes; a larger body is read no further
 * @throws OryError 413 for a larger body, 400 for one that is not UTF-8
 */
export function readBody(req: IncomingMessage, limit: number): RequestBody | Promise<RequestBody> {
  const contentType = req.headers['content-type']
  if (!hasBody(req)) return { contentType, text: '' }
  return readRawBody(req, limit).then((bytes) => {
    if (!isUtf8(bytes)) throw badRequest('The request body is not valid UTF-8.')
    return { contentType, text: bytes.toString('utf8') }
  })
}

/** The body as it came, bytes. @throws OryError 413 for one larger than `limit` bytes */
export async function readRawBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (!hasBody(req)) return NOTHING
  if (Number(req.headers['content-length']) > limit) throw tooLarge(limit)
  return readBytes(req, limit)
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

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
