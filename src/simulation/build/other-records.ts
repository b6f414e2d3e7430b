import type { Continuity, LinkToken, Mail, SelfServiceError } from '../../state/records.ts'
import type { FixtureContinuity, FixtureError, FixtureLinkToken, FixtureMail } from '../fixture.ts'
import type { Build } from './build.ts'

export function buildMail(build: Build, entry: FixtureMail): Mail {
  const { body = '', subject = '' } = entry
  return {
    id: entry.id?.toLowerCase() ?? build.world.chance.uuid(),
    to: entry.to,
    from: entry.from ?? build.world.settings.courier.smtp.from_address,
    subject,
    body,
    html: entry.html ?? body,
    template_type: entry.template_type ?? 'recovery_valid',
    sent_at: build.at(entry.sent_at, build.now),
  }
}

export function buildError(build: Build, entry: FixtureError): SelfServiceError {
  const created_at = build.at(entry.created_at, build.now)
  return { id: entry.id, error: entry.error, created_at, updated_at: build.at(entry.updated_at, created_at) }
}

export function buildLinkToken(build: Build, entry: FixtureLinkToken, pointer: string): LinkToken | undefined {
  const identity = build.identity(entry.identity, `${pointer}/identity`)
  if (!identity) return undefined
  const issued_at = build.at(entry.issued_at, build.now)
  const { lifespan } = build.world.settings.selfservice.methods.link.config
  return {
    id: entry.id?.toLowerCase() ?? build.world.chance.uuid(),
    token: entry.token,
    kind: entry.kind,
    flow_id: entry.flow_id.toLowerCase(),
    identity_id: identity.id,
    ...(entry.address_id === undefined ? {} : { address_id: entry.address_id.toLowerCase() }),
    used: entry.used ?? false,
    issued_at,
    expires_at: build.at(entry.expires_at, issued_at + lifespan),
  }
}

export function buildContinuity(build: Build, entry: FixtureContinuity): Continuity {
  return {
    id: entry.id,
    name: entry.name,
    ...(entry.identity_id === undefined ? {} : { identity_id: entry.identity_id.toLowerCase() }),
    expires_at: build.at(entry.expires_at, build.now),
    payload: entry.payload,
  }
}
