import { Secret, TOTP } from 'otpauth'
import type { ClockReading, CreatedSession, IdentityBody, IdentityRequest, SessionOptions } from './types.ts'

/** The secret of those whose test need not know it. */
export const SOME_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** What an identity of a test does in its sandbox. */
export interface IdentityVerbs {
  readonly session: (identity: string, options: SessionOptions) => Promise<CreatedSession>
  readonly readClock: () => Promise<ClockReading>
}

/** Somebody that a test made. */
export class MockIdentity {
  readonly id: string
  /** As `adminGetIdentity` answered. */
  readonly body: IdentityBody
  readonly #totp: string | undefined
  readonly #verbs: IdentityVerbs

  constructor(body: IdentityBody, totp: string | undefined, verbs: IdentityVerbs) {
    this.id = body.id
    this.body = body
    this.#totp = totp
    this.#verbs = verbs
  }

  /** Signs the person in, without a UI. */
  session(options: SessionOptions = {}): Promise<CreatedSession> {
    return this.#verbs.session(this.id, options)
  }

  /** What the person's authenticator app shows now, by the clock of the sandbox. */
  async totpCode(): Promise<string> {
    if (this.#totp === undefined)
      throw new Error('This identity was made without an authenticator app: add "totp: true".')
    const { now } = await this.#verbs.readClock()
    return new TOTP({ secret: Secret.fromBase32(this.#totp) }).generate({ timestamp: Date.parse(now) })
  }
}

/** Somebody that a test made, with what the test said about them. */
export type MadeIdentity<Said extends IdentityRequest> = MockIdentity & Pick<Said, keyof Said & Remembered>

/** What a test says about somebody and asks for again. */
type Remembered = 'email' | 'username' | 'password'

/** Refuses keys that mean nothing. */
export type Exactly<Said> = Said & { readonly [Key in Exclude<keyof Said, keyof IdentityRequest>]: never }
