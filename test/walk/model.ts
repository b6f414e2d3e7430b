import type { CookieJar } from '../support/cookie-jar.ts'
import type { Random } from '../support/random.ts'
import type { SecurityKey } from '../support/security-key.ts'

/*
 * What the walk knows of the world from the answers alone: who exists, what they sign in with, and what has been ended.
 */

/** A person, with what they can prove now and could once. */
export interface Person {
  readonly id: string
  email: string
  password: string | undefined
  readonly oldPasswords: string[]
  totp: string | undefined
  oldTotp: string | undefined
  codes: string[]
  usedCodes: string[]
  key: SecurityKey | undefined
  isActive: boolean
  isDeleted: boolean
}

/** A browser with its cookies, or an app with its token. */
export interface Client {
  readonly kind: 'browser' | 'app'
  readonly jar: CookieJar
  token: string | undefined
  session: KnownSession | undefined
}

/** A session that was once given out. */
export interface KnownSession {
  readonly id: string | undefined
  readonly person: Person
  readonly client: Client
  /** What proves it to the server. */
  readonly headers: Readonly<Record<string, string>>
  /** When it expires, unless it is prolonged, in milliseconds. */
  endsAt: number
  /** What ended it for good. */
  endedBy: string | undefined
}

/** A link that was mailed or made by an administrator. */
export interface KnownLink {
  readonly address: string
  readonly kind: 'recovery' | 'verification'
  readonly person: Person | undefined
  isUsed: boolean
}

export const SESSION_LIFESPAN = 24 * 3_600_000

export class Model {
  readonly people: Person[] = []
  readonly sessions: KnownSession[] = []
  readonly links: KnownLink[] = []
  /** Who has linked whom at the social provider, by subject. */
  readonly subjects = new Map<string, Person>()
  #counter = 0

  /** A number that no earlier step had. */
  next(): number {
    return ++this.#counter
  }

  newPassword(): string {
    return `walk-${this.next()}-castle-${this.#counter * 7919}`
  }

  add(id: string, email: string, password?: string): Person {
    const person: Person = {
      id,
      email,
      password,
      oldPasswords: [],
      totp: undefined,
      oldTotp: undefined,
      codes: [],
      usedCodes: [],
      key: undefined,
      isActive: true,
      isDeleted: false,
    }
    this.people.push(person)
    return person
  }

  byEmail(email: string): Person | undefined {
    const value = email.trim().toLowerCase()
    return this.people.find((each) => !each.isDeleted && each.email === value)
  }

  byId(id: string): Person | undefined {
    return this.people.find((each) => each.id === id)
  }

  living(): Person[] {
    return this.people.filter((each) => !each.isDeleted)
  }

  /** The sessions that the model holds for good. */
  inForce(now: number): KnownSession[] {
    return this.sessions.filter((each) => each.endedBy === undefined && each.endsAt > now && each.person.isActive)
  }

  changePassword(person: Person, password: string): void {
    if (person.password !== undefined) person.oldPasswords.push(person.password)
    person.password = password
  }

  /** Ends all sessions of a person but those of one client's session. */
  end(person: Person, why: string, except?: KnownSession): void {
    for (const each of this.sessions) if (each.person === person && !isSame(each, except)) each.endedBy ??= why
  }

  endOne(session: KnownSession, why: string): void {
    for (const each of this.sessions) if (isSame(each, session)) each.endedBy ??= why
  }

  delete(person: Person): void {
    person.isDeleted = true
    this.end(person, 'the identity was deleted')
    for (const link of this.links) if (link.person === person) link.isUsed = true
    this.unlink(person)
  }

  /** Whoever they were at the social provider is somebody new there. */
  unlink(person: Person): void {
    for (const [subject, owner] of this.subjects) if (owner === person) this.subjects.delete(subject)
  }
}

/** One session can be known by several cookies. */
function isSame(a: KnownSession, b: KnownSession | undefined): boolean {
  return b !== undefined && (a === b || (a.id !== undefined && a.id === b.id))
}

/** One of the items; undefined when there is none. */
export function choose<T>(dice: Random, items: readonly T[]): T | undefined {
  return items[dice.below(items.length)]
}

/** Mostly one of the likely items, so that something comes of it, and now and then any. */
export function chooseMostly<T>(dice: Random, likely: readonly T[], all: readonly T[]): T | undefined {
  return choose(dice, likely.length > 0 && dice.chance(0.85) ? likely : all)
}

/** One of the sessions that the client who has it still uses. */
export function chooseCurrent(dice: Random, sessions: readonly KnownSession[]): KnownSession | undefined {
  return choose(
    dice,
    sessions.filter((each) => each.client.session === each),
  )
}
