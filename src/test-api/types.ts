import type { JsonObject } from '../json.ts'

type Unit = 'ms' | 's' | 'm' | 'h'

/** A Go duration: `'300ms'`, `'30m'`, `'1h30m'`. */
export type Duration = `${number}${Unit}` | `${number}${Unit}${number}${Unit}`

/** The fixtures that come with the package. */
export type BuiltInFixture = 'empty' | 'team'

/** The scenarios that come with the package. */
export type BuiltInScenario = 'expired-flow' | 'aal2-required'

/** What a world is filled from: a built-in name, a file, or the world itself, as `GET /__mock/state` writes it. */
export type FixtureSource = BuiltInFixture | { readonly file: string } | JsonObject

/** The time of a sandbox. */
export interface ClockReading {
  readonly now: string
  readonly frozen: boolean
}

/** A session made without a UI. */
export interface SessionRequest {
  /** Id or identifier. */
  readonly identity: string
  readonly aal?: 'aal1' | 'aal2'
  readonly methods?: readonly ('password' | 'oidc' | 'totp' | 'lookup_secret' | 'webauthn' | 'link_recovery')[]
  /** How long ago the person signed in. */
  readonly age?: Duration
}

export interface CreatedSession {
  /** For `X-Session-Token`. */
  readonly session_token: string
  /** A `Set-Cookie` line. */
  readonly cookie: string
  readonly session: { readonly id: string } & JsonObject
}

/** One exchange with Ory's APIs. */
export interface RecordedExchange {
  readonly id: number
  readonly at: string
  readonly sandbox: string
  readonly method: string
  readonly path: string
  readonly operation?: string
  readonly status: number
  readonly duration: number
  readonly violations: readonly {
    readonly side: 'request' | 'response'
    readonly in: string
    readonly pointer: string
    readonly message: string
  }[]
}
