import type { JsonObject } from '../../src/json.ts'
import { type FlowBody, fieldOf } from '../support/people.ts'
import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import { totpCodeAt } from '../support/totp.ts'
import { broken } from './broken.ts'
import {
  type Client,
  choose,
  chooseCurrent,
  chooseMostly,
  type KnownSession,
  type Person,
  SESSION_LIFESPAN,
} from './model.ts'
import { SESSION_COOKIE, type Walker, WalkFailure } from './walker.ts'

/* Steps that give, raise and end sessions. */

const kindOf = (dice: Random): Client['kind'] => dice.pick(['app', 'browser'])

/** A few addresses, so that people meet; in any spelling. */
export function someEmail(dice: Random): string {
  const email = `person-${dice.below(12)}@example.org`
  return dice.chance(0.2) ? ` ${email.toUpperCase()}`.slice(1) : email
}

export async function signUp(walker: Walker, dice: Random): Promise<void> {
  const client = walker.client(kindOf(dice))
  const flow = await walker.begin(client, 'registration')
  if (!flow) return
  const email = someEmail(dice)
  const password = walker.model.newPassword()
  const values = { method: 'password', password, traits: { email, name: { first: 'Ann' } } }
  const before = walker.model.byEmail(email)
  const sent = dice.chance(0.3) ? broken(dice, values) : values
  const answer = await walker.submit(client, 'registration', flow, sent)
  if (answer.status !== 200) return
  if (sent === values && before) throw new WalkFailure('no two identities have one identifier', answer.text)
  const traits = pointed(answer.json, '/identity/traits/email')
  const id = String(pointed(answer.json, '/identity/id'))
  const person = walker.model.add(id, String(traits).toLowerCase().trim(), passwordOf(sent))
  walker.did('signed up')
  await walker.noteSession(client, person, answer)
}

const passwordOf = ({ password }: JsonObject): string | undefined =>
  typeof password === 'string' ? password : undefined

/** With the right password, an old one, or one of somebody else. */
export async function signIn(walker: Walker, dice: Random): Promise<void> {
  const person = chooseMostly(dice, walker.model.living(), walker.model.people)
  if (!person) return
  const client = walker.client(kindOf(dice))
  const flow = await walker.begin(client, 'login')
  if (!flow) return
  const password = dice.chance(0.7) ? person.password : choose(dice, person.oldPasswords)
  const values = { method: 'password', identifier: person.email, password: password ?? 'never-had-one' }
  const sent = dice.chance(0.2) ? broken(dice, values) : values
  const answer = await walker.submit(client, 'login', flow, sent, dice.chance(0.4))
  if (!isSignedIn(walker, client, answer.status)) return
  const right = !person.isDeleted && person.isActive && password !== undefined && password === person.password
  if (!right) throw new WalkFailure('only the right password signs in', `${JSON.stringify(sent)} ${answer.text}`)
  walker.did('signed in')
  await walker.noteSession(client, person, answer)
}

const isSignedIn = (walker: Walker, client: Client, status: number): boolean =>
  status === 200 || (status === 303 && client.jar.get(SESSION_COOKIE, walker.now) !== undefined)

/** Signs in with two factors: a code of the app or of the list, or a key; some of them used, removed or wrong. */
export async function signInTwice(walker: Walker, dice: Random): Promise<void> {
  const person = chooseMostly(dice, walker.model.living().filter(hasFactor), walker.model.living())
  const password = person?.password
  if (password === undefined) return
  const client = walker.client(kindOf(dice))
  const first = await walker.begin(client, 'login')
  if (!first) return
  const values = { method: 'password', identifier: person?.email ?? '', password }
  const signedIn = await walker.submit(client, 'login', first, values)
  if (!person || signedIn.status !== 200) return
  await walker.noteSession(client, person, signedIn)
  await giveSecondFactor(walker, dice, client, person)
}

const hasFactor = ({ totp, codes, key }: Person): boolean => totp !== undefined || key !== undefined || codes.length > 0

async function giveSecondFactor(walker: Walker, dice: Random, client: Client, person: Person): Promise<void> {
  const flow = await walker.begin(client, 'login', '?aal=aal2')
  if (!flow?.ui.nodes) return
  const { values, isRight, use } = secondFactor(walker, dice, flow, person)
  const answer = await walker.submit(client, 'login', flow, dice.chance(0.1) ? broken(dice, values) : values)
  if (answer.status !== 200) return
  if (!isRight) {
    throw new WalkFailure('only a factor that is set up counts', `${JSON.stringify(values)} ${answer.text}`)
  }
  walker.did(`proved by ${values['method']}`)
  use()
}

interface Factor {
  readonly values: JsonObject
  readonly isRight: boolean
  readonly use: () => void
}

function secondFactor(walker: Walker, dice: Random, flow: FlowBody, person: Person): Factor {
  const use = () => {}
  switch (dice.pick(['totp', 'totp', 'removed totp', 'code', 'code', 'used code', 'key', 'key'])) {
    case 'totp':
    case 'removed totp': {
      const secret = person.totp !== undefined && dice.chance(0.7) ? person.totp : person.oldTotp
      const totp_code = secret === undefined ? '000000' : totpCodeAt(walker.now, secret)
      return { values: { method: 'totp', totp_code }, isRight: secret !== undefined && secret === person.totp, use }
    }
    case 'key': {
      const { key } = person
      const isAsked = fieldOf(flow, 'webauthn_login') !== undefined
      const webauthn_login = key && isAsked ? key.login(flow) : 'no answer of a key'
      const values = { method: 'webauthn', identifier: person.email, webauthn_login }
      return { values, isRight: key !== undefined && isAsked, use }
    }
    case 'code': {
      const lookup_secret = choose(dice, person.codes) ?? 'abcd1234'
      return {
        values: { method: 'lookup_secret', lookup_secret },
        isRight: person.codes.includes(lookup_secret),
        use: () => {
          person.codes = person.codes.filter((code) => code !== lookup_secret)
          person.usedCodes.push(lookup_secret)
        },
      }
    }
    default: {
      const lookup_secret = choose(dice, person.usedCodes) ?? 'abcd1234'
      return { values: { method: 'lookup_secret', lookup_secret }, isRight: false, use }
    }
  }
}

function prolong({ now }: Walker, session: KnownSession): void {
  session.endsAt = now + SESSION_LIFESPAN
}

/** Signs in again in a session, which makes it privileged. */
export async function refresh(walker: Walker, dice: Random): Promise<void> {
  const session = chooseCurrent(dice, walker.model.inForce(walker.now))
  if (!session) return
  const { client, person } = session
  const flow = await walker.begin(client, 'login', '?refresh=true')
  if (!flow) return
  const identifier = person.email
  const other = choose(dice, walker.model.people)
  const password = (dice.chance(0.8) ? person.password : other?.password) ?? 'never-had-one'
  const answer = await walker.submit(client, 'login', flow, { method: 'password', identifier, password })
  if (answer.status !== 200) return
  if (password !== person.password) throw new WalkFailure('only the right password signs in', answer.text)
  walker.did('signed in again')
  prolong(walker, session)
}

/** Mostly those in force. */
function someSessions({ model, now }: Walker, dice: Random): readonly KnownSession[] {
  const inForce = model.inForce(now)
  return inForce.length > 0 && dice.chance(0.85) ? inForce : model.sessions
}

export async function signOut(walker: Walker, dice: Random): Promise<void> {
  const session = chooseCurrent(dice, someSessions(walker, dice))
  if (!session) return
  const { client } = session
  if (client.kind === 'app') {
    const json = dice.chance(0.8)
      ? { session_token: client.token }
      : broken(dice, { session_token: client.token ?? '' })
    const { status } = await walker.send(undefined, 'DELETE /self-service/logout/api', { json })
    if (status === 204) walker.model.endOne(session, 'its app signed out')
    return
  }
  const { json } = await walker.send(client, 'GET /self-service/logout/browser')
  const token = pointed(json, '/logout_token')
  const { status } = await walker.send(client, `GET /self-service/logout?token=${token ?? 'none'}`, {
    html: dice.chance(0.5),
  })
  if (token !== undefined && status < 400) walker.model.endOne(session, 'its browser signed out')
}

export async function revokeOthers(walker: Walker, dice: Random): Promise<void> {
  const session = choose(dice, someSessions(walker, dice))
  if (!session) return
  const { status } = await walker.send(undefined, 'DELETE /sessions', { headers: session.headers })
  if (status === 200) walker.model.end(session.person, 'another session revoked all others', session)
}

export async function revokeOne(walker: Walker, dice: Random): Promise<void> {
  const session = choose(dice, someSessions(walker, dice))
  const own = walker.model.sessions.filter((each) => each.person === session?.person)
  const other = chooseMostly(dice, own, walker.model.sessions)
  if (!session || !other) return
  await walker.send(undefined, 'GET /sessions?per_page=3&page=1', { headers: session.headers })
  const id = other.id ?? '6f0b6c0e-0000-4000-8000-000000000000'
  const { status } = await walker.send(undefined, `DELETE /sessions/${id}`, { headers: session.headers })
  if (status >= 400 || other.id === undefined) return
  if (other.person === session.person) {
    walker.did('revoked one')
    walker.model.endOne(other, 'another session revoked it')
  }
}
