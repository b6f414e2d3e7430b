import { parseDuration } from '../config/duration.ts'
import { badRequest, methodDisabled } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { decodeJsonBody } from '../http/decode-json.ts'
import { goString, goStruct, goUuid } from '../http/go-struct.ts'
import { ok, type Reply } from '../http/reply.ts'
import { instant, type Millis } from '../state/clock.ts'
import { textOf } from './body.ts'
import { beginLinkFlow } from './link-flow.ts'
import { issueLinkToken, linkUrl } from './link-token.ts'

const BODY = goStruct('adminCreateSelfServiceRecoveryLinkBody', { identity_id: goUuid, expires_in: goString })

/**
 * POST /admin/recovery/link: for any identity, with or without an address, whether or not recovery is offered
 * (admin-keto-projects §2.4).
 */
function adminCreateSelfServiceRecoveryLink(call: Call): Reply {
  const { world, urls } = call
  if (!world.settings.selfservice.methods.link.enabled) throw methodDisabled()
  const body = decodeJsonBody(call, BODY)
  const lifespan = readExpiresIn(textOf(body, 'expires_in')) ?? world.settings.selfservice.methods.link.config.lifespan
  const flow = beginLinkFlow(call, 'recovery', 'browser', { lifespan })
  const identity = world.identities.get(textOf(body, 'identity_id'))
  if (!identity) throw badRequest('The requested identity id does not exist.')
  const purpose = { kind: 'recovery', flow_id: flow.id, identity_id: identity.id } as const
  const token = issueLinkToken(world, purpose, lifespan)
  const answer = { recovery_link: linkUrl(urls.links, token), expires_at: instant(flow.expires_at) }
  return ok(answer, { unescaped: true })
}

/** Any duration of Go's that ends in the future, more than the document's pattern allows. */
function readExpiresIn(text: string): Millis | undefined {
  if (text === '') return undefined
  const length = parseDuration(text)
  if (length === undefined) {
    throw badRequest(
      `Unable to parse "expires_in" whose format should match "[0-9]+(ns|us|ms|s|m|h)" but did not: ${text}`,
    )
  }
  if (length <= 0) throw badRequest(`Value from "expires_in" must be result to a future time: ${text}`)
  return length
}

export const recoveryLinkOperations: Readonly<Record<string, Operation>> = { adminCreateSelfServiceRecoveryLink }
