import type { Identity } from '../../src/state/records.ts'
import type { Walker } from './walker.ts'

/*
 * Servers that keep what they should have ended, so that walks can show that they notice.
 */

/** What is done to the world after each step. */
export type Sabotage = (walker: Walker) => void

export interface BadServer {
  readonly what: string
  /** The rule that it breaks. */
  readonly rule: string
  /** Makes the sabotage of one walk. */
  readonly make: () => Sabotage
}

export const BAD_SERVERS: readonly BadServer[] = [
  {
    what: 'a session that comes back',
    rule: 'what has been ended answers no more',
    make:
      () =>
      ({ server }) => {
        const { sessions } = server.world()
        for (const session of sessions.values()) if (!session.active) sessions.save({ ...session, active: true })
      },
  },
  {
    what: 'an old password that signs in',
    rule: 'an old password signs in no more',
    make: () => {
      const first = new Map<string, Identity>()
      return ({ server }) => {
        const { identities } = server.world()
        for (const identity of identities.values()) {
          const before = first.get(identity.id) ?? identity
          first.set(identity.id, before)
          const password = before.credentials.password ?? identity.credentials.password
          if (password) identities.save({ ...identity, credentials: { ...identity.credentials, password } })
        }
      }
    },
  },
  {
    what: 'a link that works again',
    rule: 'a link works once',
    make:
      () =>
      ({ server }) => {
        const { linkTokens } = server.world()
        for (const token of linkTokens.values()) if (token.used) linkTokens.save({ ...token, used: false })
      },
  },
  {
    what: 'two identities with one identifier',
    rule: 'no two identities have one identifier',
    make:
      () =>
      ({ server }) => {
        const { identities, chance } = server.world()
        const [first] = identities.values()
        if (!first || identities.size > 1) return
        const bare = { credentials: {}, verifiable_addresses: [], recovery_addresses: [] }
        identities.save({ ...first, ...bare, id: chance.uuid() })
      },
  },
  {
    what: 'a deleted identity that is listed',
    rule: 'who is deleted is not listed',
    make: () => {
      const known = new Map<string, Identity>()
      return ({ server }) => {
        const { identities } = server.world()
        for (const identity of identities.values()) known.set(identity.id, identity)
        for (const [id, { traits, ...identity }] of known) {
          const bare = { credentials: {}, verifiable_addresses: [], recovery_addresses: [] }
          const others = { email: `back-${id}@example.org` }
          if (!identities.get(id)) identities.save({ ...identity, ...bare, traits: { ...traits, ...others } })
        }
      }
    },
  },
]
