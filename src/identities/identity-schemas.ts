import { notFoundBecause } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { paginationHeaders, parsePage } from '../http/pagination.ts'
import { ok, type Reply } from '../http/reply.ts'

/**
 * GET /schemas (admin-keto-projects §3.1). Pages count from zero; a later page is longer than asked for, and beyond the end
 * stands `null`. The schema is what the file holds, in base64.
 */
function listIdentitySchemas(call: Call): Reply {
  const { schemas } = call.world.settings.identity
  const page = parsePage(call.query)
  const from = page.page * page.per_page
  const listed = schemas.slice(from, from + (page.page + 1) * page.per_page)
  const body = listed.map(({ id, raw }) => ({ id, schema: Buffer.from(raw).toString('base64') }))
  return ok(body.length === 0 ? null : body, {
    headers: paginationHeaders(`${call.urls.public}/schemas`, schemas.length, page),
  })
}

/** GET /schemas/{id}: the file as it is (§3.2); the id plain, or in unpadded base64url. */
function getIdentitySchema(call: Call): Reply {
  const id = call.params['id'] ?? ''
  const { schemas } = call.world.settings.identity
  const decoded = decodeId(id)
  const found = schemas.find((schema) => schema.id === id) ?? schemas.find((schema) => schema.id === decoded)
  if (!found) throw notFoundBecause(`Identity schema \`${decoded ?? id}\` could not be found.`)
  return { status: 200, headers: { 'Content-Type': 'application/json' }, text: found.raw }
}

/** `undefined` for what is no base64url. */
function decodeId(id: string): string | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(id) || id.length % 4 === 1) return undefined
  return Buffer.from(id, 'base64url').toString('utf8')
}

export const identitySchemaOperations: Readonly<Record<string, Operation>> = { listIdentitySchemas, getIdentitySchema }
