import { mapCredentials } from '../identities/identity.ts'
import type { Millis } from '../state/clock.ts'
import type { Credentials, Flow, Identity, Session } from '../state/records.ts'
import type { World, WorldSnapshot } from '../state/world.ts'
import type { Fixture } from './fixture.ts'

/*
 * A world that was filled from a fixture once can be had again for the price of a list of references: the records are the
 * same, only moved to the present, because times in a fixture count from the clock's now.
 */

/** Of a world that was just filled, for the resets of that very world. */
export class WorldTemplate {
  readonly #snapshot: WorldSnapshot
  readonly #filledAt: Millis
  readonly #movable: boolean

  constructor(world: World, fixture: Fixture) {
    this.#snapshot = world.snapshot()
    this.#filledAt = world.now()
    this.#movable = !saysInstants(fixture)
  }

  /**
   * Puts the world back to when it had just been filled, with all times as if that were now.
   * @returns false when that takes the fixture itself: it names instants, which do not move with the clock, or projects,
   * which have worlds of their own
   */
  restore(world: World): boolean {
    if (this.#snapshot.createdProjects.length > 0 || world.createdProjects.size > 0) return false
    const { clock } = this.#snapshot
    // a stopped clock stands again where it stood, a running one goes on
    const by = clock.frozenAt === undefined ? Date.now() + clock.offset - this.#filledAt : 0
    if (by !== 0 && !this.#movable) return false
    world.restore(by === 0 ? this.#snapshot : moved(this.#snapshot, by))
    return true
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT/

/** Whether the fixture names an instant; one within somebody's data is taken for one too, which only costs time. */
function saysInstants({ clock: _clock, config: _config, whole_config: _whole, ...rest }: Fixture): boolean {
  const found = (value: unknown): boolean => {
    if (typeof value === 'string') return INSTANT.test(value)
    return typeof value === 'object' && value !== null && Object.values(value).some(found)
  }
  return found(rest)
}

function moved(snapshot: WorldSnapshot, by: Millis): WorldSnapshot {
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
    errors: snapshot.errors.map((each) => ({ ...each, ...stamps(each, by) })),
    project: snapshot.project && { ...snapshot.project, ...stamps(snapshot.project, by) },
    mails: snapshot.mails.map((each) => ({ ...each, sent_at: each.sent_at + by })),
  }
}

function stamps(record: { readonly created_at: Millis; readonly updated_at: Millis }, by: Millis) {
  return { created_at: record.created_at + by, updated_at: record.updated_at + by }
}

function movedIdentity(identity: Identity, by: Millis): Identity {
  return {
    ...identity,
    ...stamps(identity, by),
    ...(identity.state_changed_at === undefined ? {} : { state_changed_at: identity.state_changed_at + by }),
    credentials: movedCredentials(identity.credentials, by),
    verifiable_addresses: identity.verifiable_addresses.map((each) => ({
      ...each,
      ...stamps(each, by),
      ...(each.verified_at === undefined ? {} : { verified_at: each.verified_at + by }),
    })),
    recovery_addresses: identity.recovery_addresses.map((each) => ({ ...each, ...stamps(each, by) })),
  }
}

function movedCredentials(credentials: Credentials, by: Millis): Credentials {
  const all = mapCredentials(credentials, (each) => ({ ...each, ...stamps(each, by) }))
  const { lookup_secret, webauthn } = all
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
  return { ...flow, ...stamps(flow, by), issued_at: flow.issued_at + by, expires_at: flow.expires_at + by }
}
