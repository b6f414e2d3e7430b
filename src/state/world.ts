import type { Settings } from '../config/settings.ts'
import type { JsonObject } from '../json.ts'
import { Chance, type ChanceState } from './chance.ts'
import { Clock, type ClockState, type Millis } from './clock.ts'
import { Collection } from './collection.ts'
import type {
  Continuity,
  CreatedProject,
  Flow,
  Identity,
  LinkToken,
  Mail,
  OidcAnswer,
  OidcCode,
  Project,
  SelfServiceError,
  Session,
} from './records.ts'
import type { MagicIdentity, ThrownSwitch } from './thrown-switch.ts'
import { Tuples, type TuplesSnapshot } from './tuples.ts'

/** How long what has expired stays known, so that it is refused as expired and not as unknown. */
const REMEMBERED: Millis = 7 * 24 * 3_600_000

export interface WorldOptions {
  /** The sandbox's name. */
  readonly name: string
  /** What `settings` were made of; absent in worlds whose configuration nobody asks for or changes. */
  readonly config?: JsonObject
  readonly settings: Settings
  readonly clock?: Clock
  /** Any text: the same requests then give the same ids and codes. */
  readonly seed?: string | undefined
  /** What the project that the world belongs to is called; `demo` without. */
  readonly projectName?: string | undefined
  readonly limits?: Partial<Limits>
  /** Told the first time that something is forgotten because there is more of it than allowed. */
  readonly onFull?: (kind: keyof Limits, limit: number) => void
}

/** Bounds of what one world keeps; beyond, the oldest are forgotten. */
export interface Limits {
  readonly flows: number
  readonly mails: number
  readonly errors: number
}

export const USUAL_LIMITS: Limits = { flows: 200_000, mails: 10_000, errors: 10_000 }

/**
 * Everything that is remembered about one sandbox. There is no other state: two worlds share nothing that changes.
 */
export class World {
  readonly name: string
  readonly projectName: string
  /** What its ids and codes come from, when they are the same for the same requests. */
  readonly seed: string | undefined
  readonly limits: Limits
  readonly clock: Clock
  readonly chance: Chance
  /** The configuration as written, with every change so far; `settings` is what operations read of it. */
  config: JsonObject
  settings: Settings

  readonly identities = new Collection<Identity>({
    unique: {
      /** `type:identifier`, e.g. `password:a@b.c`. */
      identifier: identifiersOf,
      verifiable_address: (i) => i.verifiable_addresses.map((a) => `${a.via}:${a.value}`),
      recovery_address: (i) => i.recovery_addresses.map((a) => `${a.via}:${a.value}`),
    },
  })

  readonly sessions = new Collection<Session>({
    unique: { token: (s) => [s.token], logout_token: (s) => [s.logout_token] },
    groups: { identity: (s) => s.identity_id },
    forgettableAt: (s) => s.expires_at + REMEMBERED,
  })

  readonly flows: Collection<Flow>
  readonly linkTokens = new Collection<LinkToken>({
    unique: { token: (t) => [t.token] },
    groups: { identity: (t) => t.identity_id, address: (t) => t.address_id },
    forgettableAt: (t) => t.expires_at + REMEMBERED,
  })
  readonly continuities = new Collection<Continuity>({
    groups: { identity: (c) => c.identity_id },
    forgettableAt: (c) => c.expires_at + REMEMBERED,
  })
  /** What the social providers were told to answer, by their ids. */
  readonly oidcAnswers = new Collection<OidcAnswer>()
  readonly oidcCodes: Collection<OidcCode>
  readonly errors: Collection<SelfServiceError>
  readonly mails: Collection<Mail>
  readonly tuples = new Tuples()
  /** The project that this world belongs to, once anybody has asked for it. */
  project: Project | undefined
  /** Switches that are thrown here. */
  readonly switches = new Collection<ThrownSwitch>()
  /** Addresses that carry a switch in their name. */
  readonly magicIdentities = new Collection<MagicIdentity>()
  readonly createdProjects = new Collection<CreatedProject>()

  constructor(options: WorldOptions) {
    const limits = { ...USUAL_LIMITS, ...options.limits }
    const bounded = (kind: keyof Limits) => ({
      capacity: limits[kind],
      onFull: () => options.onFull?.(kind, limits[kind]),
    })
    this.limits = limits
    this.name = options.name
    this.projectName = options.projectName ?? 'demo'
    this.seed = options.seed
    this.config = options.config ?? {}
    this.settings = options.settings
    this.clock = options.clock ?? new Clock()
    this.chance = new Chance(options.seed === undefined ? undefined : `${options.seed}/${options.name}`)
    this.flows = new Collection({
      ...bounded('flows'),
      groups: { identity: (f) => (f.kind === 'settings' ? f.identity_id : undefined) },
      forgettableAt: (f) => f.expires_at + REMEMBERED,
    })
    // each belongs to a flow
    this.oidcCodes = new Collection({ capacity: limits.flows, forgettableAt: (c) => c.expires_at })
    this.errors = new Collection(bounded('errors'))
    this.mails = new Collection(bounded('mails'))
  }

  now(): Millis {
    return this.clock.now()
  }

  /** This very world as one call shall find it: under other settings, with other relation tuples, with another outbox. All else is shared. */
  under(view: WorldView): World {
    return Object.create(this, Object.getOwnPropertyDescriptors(view))
  }

  /** Grows with every change of a record. */
  get revision(): number {
    const { identities, sessions, flows, linkTokens, continuities, errors, mails, tuples, oidcAnswers, oidcCodes } =
      this
    const { switches, magicIdentities, createdProjects } = this
    const people = [identities, sessions, flows, linkTokens, continuities, errors, mails, tuples]
    const others = [oidcAnswers, oidcCodes, switches, magicIdentities, createdProjects]
    return [...people, ...others].reduce((sum, each) => sum + each.revision, 0)
  }

  /** Forgets what has long expired. */
  sweep(): void {
    const now = this.now()
    for (const each of [this.sessions, this.flows, this.linkTokens, this.continuities, this.oidcCodes]) each.sweep(now)
  }

  /** Forgets everybody and everything that they did; configuration, clock and projects stay. */
  empty(): void {
    const { identities, sessions, flows, linkTokens, continuities, errors, mails, tuples, switches, magicIdentities } =
      this
    const people = [identities, sessions, flows, linkTokens, continuities, errors, mails, tuples]
    for (const each of [...people, switches, magicIdentities, this.oidcAnswers, this.oidcCodes]) each.clear()
  }

  /** All of it, for later. It shares the records, so it costs a list of references. */
  snapshot(): WorldSnapshot {
    return {
      config: this.config,
      settings: this.settings,
      clock: this.clock.snapshot(),
      chance: this.chance.snapshot(),
      identities: this.identities.snapshot(),
      sessions: this.sessions.snapshot(),
      flows: this.flows.snapshot(),
      linkTokens: this.linkTokens.snapshot(),
      continuities: this.continuities.snapshot(),
      oidcAnswers: this.oidcAnswers.snapshot(),
      oidcCodes: this.oidcCodes.snapshot(),
      errors: this.errors.snapshot(),
      mails: this.mails.snapshot(),
      tuples: this.tuples.snapshot(),
      project: this.project,
      createdProjects: this.createdProjects.snapshot(),
      switches: this.switches.snapshot(),
      magicIdentities: this.magicIdentities.snapshot(),
    }
  }

  /** Puts everything back as it was. */
  restore(snapshot: WorldSnapshot): void {
    this.config = snapshot.config
    this.settings = snapshot.settings
    this.clock.restore(snapshot.clock)
    this.chance.restore(snapshot.chance)
    this.identities.restore(snapshot.identities)
    this.sessions.restore(snapshot.sessions)
    this.flows.restore(snapshot.flows)
    this.linkTokens.restore(snapshot.linkTokens)
    this.continuities.restore(snapshot.continuities)
    this.oidcAnswers.restore(snapshot.oidcAnswers)
    this.oidcCodes.restore(snapshot.oidcCodes)
    this.errors.restore(snapshot.errors)
    this.mails.restore(snapshot.mails)
    this.tuples.restore(snapshot.tuples)
    this.project = snapshot.project
    this.createdProjects.restore(snapshot.createdProjects)
    this.switches.restore(snapshot.switches)
    this.magicIdentities.restore(snapshot.magicIdentities)
  }
}

function identifiersOf({ credentials }: Identity): string[] {
  const keys: string[] = []
  for (const [type, credential] of Object.entries(credentials)) {
    for (const identifier of credential?.identifiers ?? []) keys.push(`${type}:${identifier}`)
  }
  return keys
}

/** What may be otherwise for one call. */
export type WorldView = Partial<Pick<World, 'settings' | 'tuples' | 'mails'>>

export interface WorldSnapshot {
  readonly config: JsonObject
  readonly settings: Settings
  readonly clock: ClockState
  readonly chance: ChanceState
  readonly identities: readonly Identity[]
  readonly sessions: readonly Session[]
  readonly flows: readonly Flow[]
  readonly linkTokens: readonly LinkToken[]
  readonly continuities: readonly Continuity[]
  readonly oidcAnswers: readonly OidcAnswer[]
  readonly oidcCodes: readonly OidcCode[]
  readonly errors: readonly SelfServiceError[]
  readonly mails: readonly Mail[]
  readonly tuples: TuplesSnapshot
  readonly project: Project | undefined
  readonly createdProjects: readonly CreatedProject[]
  readonly switches: readonly ThrownSwitch[]
  readonly magicIdentities: readonly MagicIdentity[]
}
