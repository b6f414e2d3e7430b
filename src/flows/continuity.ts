import { badRequest, OryError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import type { Reply, SetCookie } from '../http/reply.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'

/*
 * What a browser paused until it comes back: a settings change before re-login, a social sign-in. The payload stays in the
 * world; the browser keeps one cookie, which names what it paused (kratos-settings-recovery-verification-mfa §1.8,
 * kratos-login-registration-sessions §2.5).
 */

export const CONTINUITY_COOKIE = 'ory_kratos_continuity'

const COOKIE_LIFESPAN = 2_592_000

/** What is paused. */
export interface Pause {
  readonly payload: JsonObject
  /** Whose it is; nobody else may resume it. */
  readonly identityId?: string
  readonly lifespan: Millis
}

/** What the browser behind one request has paused. Made once a request: it remembers the cookies that the reply must set. */
export class Continuity {
  readonly #call: Call
  readonly #cookies: SetCookie[] = []
  /** What the cookie says by now: name → id. A name that was looked for in vain leaves it empty, as on the real servers. */
  #paused: Map<string, string> | undefined

  constructor(call: Call) {
    this.#call = call
  }

  /** To be set by the reply, whatever it is. */
  get cookies(): readonly SetCookie[] {
    return this.#cookies
  }

  /** Keeps a payload under a name until the browser comes back. */
  pause(name: string, { payload, identityId, lifespan }: Pause): void {
    const { world } = this.#call
    const id = world.chance.uuid()
    const expires_at = Math.floor((world.now() + lifespan) / 1000) * 1000
    world.continuities.save({
      id,
      name,
      ...(identityId === undefined ? {} : { identity_id: identityId }),
      expires_at,
      payload,
    })
    this.#paused ??= this.#read()
    this.#paused.set(name, id)
    this.#write(this.#paused)
  }

  /**
   * What was paused under a name; it is then forgotten. Undefined when there is nothing.
   * @param identityId who is signed in: nobody may resume what another paused
   * @throws OryError 400 when it is too old or another's; then it stays
   */
  resume(name: string, identityId?: string): JsonObject | undefined {
    const id = this.#lookUp(name)
    const found = id === undefined ? undefined : this.#call.world.continuities.get(id)
    if (found?.name !== name) {
      // the cookie names what is gone, or something else
      if (id !== undefined) this.#forget(name)
      return undefined
    }
    if (found.expires_at < this.#call.world.now()) {
      throw badRequest('You must restart the flow because the resumable session has expired.')
    }
    if (identityId !== undefined && found.identity_id !== identityId) {
      throw badRequest('You must restart the flow because the resumable session was initiated by another person.')
    }
    this.#forget(name)
    this.#call.world.continuities.delete(found.id)
    return found.payload
  }

  /** Forgets what was paused under a name. */
  abort(name: string): void {
    const id = this.#lookUp(name)
    if (id === undefined) return
    this.#forget(name)
    this.#call.world.continuities.delete(id)
  }

  #lookUp(name: string): string | undefined {
    if (!this.#paused?.has(name)) {
      const sent = this.#read()
      this.#paused = sent.has(name) ? sent : new Map()
    }
    return this.#paused.get(name)
  }

  #forget(name: string): void {
    this.#paused?.delete(name)
    if (this.#paused) this.#write(this.#paused)
  }

  #read(): Map<string, string> {
    const value = this.#call.cookies.get(CONTINUITY_COOKIE)
    return new Map(value === undefined ? [] : decode(value))
  }

  #write(paused: ReadonlyMap<string, string>): void {
    this.#cookies.push({
      name: CONTINUITY_COOKIE,
      value: Buffer.from(JSON.stringify(Object.fromEntries(paused))).toString('base64url'),
      path: '/',
      maxAge: COOKIE_LIFESPAN,
      expires: true,
      sameSite: 'Lax',
      secure: false,
    })
  }
}

/** An operation that pauses or resumes; its reply, an error too, sets the cookies. */
export function withContinuity(operation: (call: Call, continuity: Continuity) => Reply | Promise<Reply>): Operation {
  return async (call) => {
    const continuity = new Continuity(call)
    try {
      const reply = await operation(call, continuity)
      const { cookies } = continuity
      return cookies.length === 0 ? reply : { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] }
    } catch (error) {
      if (error instanceof OryError) throw error.withCookies([...error.cookies, ...continuity.cookies])
      throw error
    }
  }
}

/** The entries of a cookie's value; none when it is not one of ours. */
function decode(value: string): [string, string][] {
  try {
    const names: unknown = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'))
    if (!isJsonObject(names)) return []
    return Object.entries(names).flatMap(([name, id]) => (typeof id === 'string' ? [[name, id]] : []))
  } catch {
    return []
  }
}
