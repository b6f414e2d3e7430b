import { mapCredentials } from '../identities/identity.ts'
import type { Millis } from '../state/clock.ts'
import type { Credentials, Flow, Identity, Session, VerifiableAddress } from '../state/records.ts'
import type { WorldSnapshot } from '../state/world.ts'

/*
 * What a world held, moved to another time: sessions are as old, flows as close to their end as they were.
 */

/** What a world held, with every time in it later by so much. */
export function moved(snapshot: WorldSnapshot, by: Millis): WorldSnapshot {
  return {
    ...snapshot,
    identities: snapshot.identities.map((each) => movedIdentity(each, by)),
    sessions: snapshot.sessions.map((each) => movedSession(each, by)),
    flows: snapshot.flows.map((each) => movedFlow(each, by)),
    linkTokens: snapshot.linkTokens.map((each) => ({
      ...each,
      issued_at: each.issued_at + by,
      expires_at: each.expires_at + by,
    })),
    continuities: snapshot.continuities.map((each) => ({ ...each, expires_at: each.expires_at + by })),
    oidcCodes: snapshot.oidcCodes.map((each) => ({ ...each, expires_at: each.expires_at + by })),
    errors: snapshot.errors.map((each) => stamped(each, by)),
    project: snapshot.project && stamped(snapshot.project, by),
    mails: snapshot.mails.map((each) => ({ ...each, sent_at: each.sent_at + by })),
    switches: snapshot.switches.map((each) =>
      each.met_at === undefined ? each : { ...each, met_at: each.met_at.map((at) => at + by) },
    ),
  }
}

/** A copy that is still being written. */
type Draft<T> = { -readonly [Key in keyof T]: T[Key] }

interface Stamped {
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** The record with its two stamps moved. */
function stamped<T extends Stamped>(record: T, by: Millis): T {
  return { ...record, created_at: record.created_at + by, updated_at: record.updated_at + by }
}

function movedIdentity(identity: Identity, by: Millis): Identity {
  const moved: Draft<Identity> = {
    ...identity,
    created_at: identity.created_at + by,
    updated_at: identity.updated_at + by,
    credentials: movedCredentials(identity.credentials, by),
    verifiable_addresses: identity.verifiable_addresses.map((each) => movedAddress(each, by)),
    recovery_addresses: identity.recovery_addresses.map((each) => stamped(each, by)),
  }
  if (moved.state_changed_at !== undefined) moved.state_changed_at += by
  return moved
}

function movedAddress(address: VerifiableAddress, by: Millis): VerifiableAddress {
  const moved: Draft<VerifiableAddress> = stamped(address, by)
  if (moved.verified_at !== undefined) moved.verified_at += by
  return moved
}

function movedCredentials(credentials: Credentials, by: Millis): Credentials {
  const all = mapCredentials(credentials, (each) => stamped(each, by))
  const { lookup_secret, webauthn } = all
  if (!lookup_secret && !webauthn?.config.credentials.length) return all
  return {
    ...all,
    ...(lookup_secret && {
      lookup_secret: {
        ...lookup_secret,
        config: {
          recovery_codes: lookup_secret.config.recovery_codes.map(({ code, used_at }) =>
            used_at === undefined ? { code } : { code, used_at: used_at + by },
          ),
        },
      },
    }),
    ...(webauthn && {
      webauthn: {
        ...webauthn,
        config: {
          ...webauthn.config,
          credentials: webauthn.config.credentials.map((key) => ({ ...key, added_at: key.added_at + by })),
        },
      },
    }),
  }
}

function movedSession(session: Session, by: Millis): Session {
  return {
    ...session,
    issued_at: session.issued_at + by,
    authenticated_at: session.authenticated_at + by,
    expires_at: session.expires_at + by,
    authentication_methods: session.authentication_methods.map((each) => ({
      ...each,
      completed_at: each.completed_at + by,
    })),
  }
}

function movedFlow(flow: Flow, by: Millis): Flow {
  return { ...stamped(flow, by), issued_at: flow.issued_at + by, expires_at: flow.expires_at + by }
}
