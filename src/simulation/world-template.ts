import type { Millis } from '../state/clock.ts'
import type { Identity, Session } from '../state/records.ts'
import type { World, WorldSnapshot } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import { setClock } from './build-world.ts'
import type { Fixture, FixtureIdentity, FixtureSession } from './fixture.ts'
import { moved } from './moved-snapshot.ts'
import { type Start, throwSwitches } from './start.ts'

/*
 * A world that was filled from a start once can be had again for the price of a list of references: the records are the
 * same, only moved to the present, because times in a fixture count from the clock's now.
 */

/** A world as it was when it had just been filled: for its own resets, and for other worlds that begin likewise. */
export class WorldTemplate {
  readonly #snapshot: WorldSnapshot
  readonly #filledAt: Millis
  readonly #start: Start
  readonly #movable: boolean
  readonly #copyable: boolean

  constructor(world: World, start: Start) {
    this.#snapshot = world.snapshot()
    this.#filledAt = world.now()
    this.#start = start
    this.#movable = !saysInstants(start.fixture)
    this.#copyable = isCopyable(start.fixture)
  }

  /**
   * Puts the world back to when it had just been filled, with all times as if that were now.
   * @param world the very world that this is a template of
   * @returns false when that takes the fixture itself: it names instants, which do not move with the clock, or projects,
   * which have worlds of their own
   */
  restore(world: World, worlds: Worlds): boolean {
    const { clock, createdProjects } = this.#snapshot
    // a stopped clock stands again where it stood, a running one goes on
    const by = clock.frozenAt === undefined ? Date.now() + clock.offset - this.#filledAt : 0
    if (createdProjects.length > 0 || !this.#reaches(by)) return false
    for (const { slug } of world.createdProjects.snapshot()) worlds.end(slug)
    world.restore(this.#movedBy(by))
    return true
  }

  /**
   * Fills a new world as this one was filled. Whatever the fixture leaves to chance is the new world's own: no two worlds
   * share an id or a token.
   * @returns false when that takes the fixture itself; the world is then still empty
   */
  copyInto(world: World): boolean {
    if (!this.#copyable) return false
    setClock(world, this.#start.clock ?? this.#start.fixture.clock)
    const by = world.now() - this.#filledAt
    if (!this.#reaches(by)) return false
    const { config, settings, identities, sessions, tuples } = this.#movedBy(by)
    const { fixture } = this.#start
    world.config = config
    world.settings = settings
    const own = identities.map((each, index) => ownIdentity(world, each, fixture.identities?.[index]))
    const ids = new Map(identities.map(({ id }, index) => [id, own[index]?.id ?? id]))
    world.identities.restore(own)
    world.sessions.restore(sessions.map((each, index) => ownSession(world, each, fixture.sessions?.[index], ids)))
    world.tuples.restore(tuples)
    throwSwitches(world, this.#start)
    return true
  }

  #reaches(by: Millis): boolean {
    return by === 0 || this.#movable
  }

  #movedBy(by: Millis): WorldSnapshot {
    return by === 0 ? this.#snapshot : moved(this.#snapshot, by)
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

/** What a copy can be made of: people with their sessions, and relation tuples. */
const COPYABLE: ReadonlySet<string> = new Set<keyof Fixture | '$schema'>([
  '$schema',
  'title',
  'clock',
  'config',
  'whole_config',
  'identities',
  'sessions',
  'relation_tuples',
])

function isCopyable(fixture: Fixture): boolean {
  return Object.keys(fixture).every((key) => COPYABLE.has(key)) && (fixture.identities ?? []).every(hasNoOtherId)
}

/** Nothing of the identity but itself and its addresses carries an id that is left to chance. */
function hasNoOtherId(entry: FixtureIdentity): boolean {
  const { id, totp, lookup_secret, webauthn, credentials, verifiable_addresses, recovery_addresses } = entry
  if (credentials ?? verifiable_addresses ?? recovery_addresses) return false
  return id !== undefined || (totp ?? lookup_secret ?? webauthn) === undefined
}

function ownIdentity(world: World, identity: Identity, entry: FixtureIdentity | undefined): Identity {
  const address = <T extends { readonly id: string }>(each: T): T => ({ ...each, id: world.chance.uuid() })
  return {
    ...identity,
    id: entry?.id === undefined ? world.chance.uuid() : identity.id,
    verifiable_addresses: identity.verifiable_addresses.map(address),
    recovery_addresses: identity.recovery_addresses.map(address),
  }
}

function ownSession(
  { chance }: World,
  session: Session,
  entry: FixtureSession | undefined,
  identities: ReadonlyMap<string, string>,
): Session {
  return {
    ...session,
    identity_id: identities.get(session.identity_id) ?? session.identity_id,
    ...(entry?.id === undefined ? { id: chance.uuid() } : {}),
    ...(entry?.token === undefined ? { token: chance.token() } : {}),
    ...(entry?.logout_token === undefined ? { logout_token: chance.token() } : {}),
  }
}
