import type { Millis } from '../state/clock.ts'
import type { LinkToken } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { LinkKind } from './link-flow.ts'

/*
 * The tokens of links: 32 letters and digits, each good for one use
 * (kratos-settings-recovery-verification-mfa §2.3).
 */

/** What a link is for. */
export interface LinkPurpose {
  readonly kind: LinkKind
  readonly flow_id: string
  readonly identity_id: string
  /** The address it is mailed to; without one it outlives changes of the identity. */
  readonly address_id?: string
}

/** @param lifespan by default that of the method `link` */
export function issueLinkToken(world: World, purpose: LinkPurpose, lifespan?: Millis): LinkToken {
  const now = world.now()
  const token: LinkToken = {
    id: world.chance.uuid(),
    token: world.chance.token(),
    ...purpose,
    used: false,
    issued_at: now,
    expires_at: now + (lifespan ?? world.settings.selfservice.methods.link.config.lifespan),
  }
  world.linkTokens.save(token)
  return token
}

/** Uses a token up, expired or not; undefined when there is none such or it was used before. */
export function useLinkToken(world: World, kind: LinkKind, text: string): LinkToken | undefined {
  const token = world.linkTokens.find('token', text)
  if (token?.kind !== kind || token.used) return undefined
  world.linkTokens.save({ ...token, used: true })
  return token
}

/** The address that uses a token when it is opened. */
export function linkUrl(base: string, { kind, flow_id, token }: LinkToken): string {
  return `${base.replace(/\/+$/, '')}/self-service/${kind}?flow=${flow_id}&token=${token}`
}
