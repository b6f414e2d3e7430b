import express from 'express'
import { middleware } from 'express-openapi-validator'
import request from 'supertest'
import type { OpenApiDocument } from '../../src/contract/openapi.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * express-openapi-validator as its manual shows it: as middleware of an Express app, given the whole document.
 * @returns the status that it answers a request with: 204 when it has no objection
 */
export function plainEov(document: OpenApiDocument, options: { readonly security?: boolean } = {}) {
  const app = express()
  app.use(express.json({ strict: false }), express.urlencoded({ extended: false }))
  app.use(
    middleware({
      apiSpec: document as never,
      fileUploader: false,
      validateApiSpec: false,
      validateSecurity: options.security ?? false,
      formats: { uuid4: /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i },
      ajvFormats: { mode: 'full' },
    }),
  )
  app.use((_req: express.Request, res: express.Response) => void res.sendStatus(204))
  app.use((error: { status?: number }, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.sendStatus(error.status ?? 500)
  })
  return async ({ method, path, rawQuery, headers, text }: WireRequest): Promise<number> => {
    const url = rawQuery === '' ? path : `${path}?${rawQuery}`
    const sent = request(app)[method.toLowerCase() as 'post'](url).set(headers)
    return (await (text === '' ? sent : sent.send(text))).status
  }
}
