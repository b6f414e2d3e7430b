import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { type FlowBody, fieldOf, nodeOf } from '../support/people.ts'
import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import { SecurityKey } from '../support/security-key.ts'
import { totpCodeAt, totpSecretOf } from '../support/totp.ts'
import { broken } from './broken.ts'
import { chooseCurrent, type KnownSession, type Person } from './model.ts'
import { someEmail } from './sign-in-steps.ts'
import { asFlow, type Walker, WalkFailure } from './walker.ts'

/* Steps that change settings. */

interface Change {
  readonly values: JsonObject
  /** What the model then knows. */
  readonly done: () => void
}

type Changing = (walker: Walker, dice: Random, flow: FlowBody, person: Person) => Change

const CHANGES: Readonly<Record<string, Changing>> = {
  profile(_walker, dice, _flow, person) {
    const email = dice.chance(0.4) ? someEmail(dice) : person.email
    const traits = { email, name: { first: dice.pick(['Ann', 'Bo']), last: 'X' } }
    return { values: { method: 'profile', traits }, done: () => movePerson(person, email) }
  },

  password(walker, _dice, _flow, person) {
    const password = walker.model.newPassword()
    return { values: { method: 'password', password }, done: () => walker.model.changePassword(person, password) }
  },

  totp(walker, _dice, flow, person) {
    if (nodeOf(flow, 'totp_unlink')) {
      const done = () => {
        person.oldTotp = person.totp
        person.totp = undefined
      }
      return { values: { totp_unlink: true }, done }
    }
    const secret = nodeOf(flow, 'totp_secret_key') ? totpSecretOf(flow) : 'JBSWY3DPEHPK3PXP'
    const done = () => {
      person.totp = secret
    }
    return { values: { method: 'totp', totp_code: totpCodeAt(walker.now, secret) }, done }
  },

  /** They count once they are confirmed, in the same flow. */
  'new codes'() {
    return { values: { lookup_secret_regenerate: true }, done: () => {} }
  },

  'shown codes'() {
    return { values: { lookup_secret_reveal: true }, done: () => {} }
  },

  key(_walker, _dice, flow, person) {
    if (person.key && nodeOf(flow, 'webauthn_remove')) {
      const done = () => {
        person.key = undefined
      }
      return { values: { webauthn_remove: String(fieldOf(flow, 'webauthn_remove')) }, done }
    }
    const key = new SecurityKey()
    const isAsked = nodeOf(flow, 'webauthn_register_trigger') !== undefined
    const webauthn_register = isAsked ? key.register(flow) : 'no answer of a key'
    const done = () => {
      person.key = key
    }
    return { values: { webauthn_register, webauthn_register_displayname: 'blue key' }, done }
  },

  unlink(walker, _dice, _flow, person) {
    return { values: { unlink: 'acme' }, done: () => walker.model.unlink(person) }
  },
}

/** Moves a person to another address: the one before is nobody's. */
function movePerson(person: Person, email: string): void {
  person.email = email.trim().toLowerCase()
}

/** Changes one thing in a flow of one's own. */
export async function changeSettings(walker: Walker, dice: Random): Promise<void> {
  const session = chooseCurrent(dice, walker.model.inForce(walker.now))
  if (!session) return
  const flow = await walker.begin(session.client, 'settings')
  if (!flow?.ui.nodes) return
  const name = dice.pick([
    'profile',
    'profile',
    'password',
    'password',
    'totp',
    'new codes',
    'shown codes',
    'key',
    'unlink',
  ])
  const { values, done } = (CHANGES[name] ?? nothing)(walker, dice, flow, session.person)
  if (dice.chance(0.2)) return await changeBroken(walker, dice, session, flow, values)
  const after = asFlow(await walker.submit(session.client, 'settings', flow, values))
  if (after === undefined) return
  if (name === 'new codes') return await confirmCodes(walker, session, after)
  if (after.state !== 'success') return
  walker.did(`changed ${name}`)
  done()
}

const nothing: Changing = () => ({ values: {}, done: () => {} })

/** What is broken and yet accepted: other traits, a password that the model does not know, something that nobody reads. */
async function changeBroken(
  walker: Walker,
  dice: Random,
  { client, person }: KnownSession,
  flow: FlowBody,
  values: JsonObject,
): Promise<void> {
  const sent = broken(dice, values)
  const after = asFlow(await walker.submit(client, 'settings', flow, sent))
  if (after?.state !== 'success') return
  const email = pointed(after.identity, '/traits/email')
  if (typeof email === 'string') movePerson(person, email)
  if (typeof sent['password'] === 'string') walker.model.changePassword(person, sent['password'])
  if (typeof sent['unlink'] === 'string') walker.model.unlink(person)
  await readFactors(walker, person, sent)
}

/** A factor that was set up or removed all the same. */
async function readFactors(walker: Walker, person: Person, sent: JsonObject): Promise<void> {
  const { json } = await walker.send(undefined, `GET /admin/identities/${person.id}`)
  const credentials = pointed(json, '/credentials')
  const has = (type: string) => isJsonObject(credentials) && Object.hasOwn(credentials, type)
  if (!has('totp') && person.totp !== undefined) {
    person.oldTotp = person.totp
    person.totp = undefined
  }
  if (typeof sent['webauthn_register'] === 'string' || 'webauthn_remove' in sent) person.key = undefined
}

async function confirmCodes(walker: Walker, session: KnownSession, shown: FlowBody): Promise<void> {
  const codes = codesOf(shown)
  if (codes.length === 0) return
  const after = asFlow(await walker.submit(session.client, 'settings', shown, { lookup_secret_confirm: true }))
  if (after?.state !== 'success') return
  session.person.usedCodes.push(...session.person.codes)
  session.person.codes = [...codes]
  walker.did('changed codes')
}

function codesOf(flow: FlowBody): readonly string[] {
  const attributes = nodeOf(flow, 'lookup_secret_codes')?.attributes
  const secrets = attributes?.node_type === 'text' ? attributes.text.context?.['secrets'] : undefined
  return Array.isArray(secrets) ? secrets.map((secret) => String(pointed(secret, '/text'))) : []
}

/** A flow of somebody else changes nothing. */
export async function changeForeignSettings(walker: Walker, dice: Random): Promise<void> {
  const inForce = walker.model.inForce(walker.now)
  const owner = chooseCurrent(dice, inForce)
  const others = inForce.filter((each) => each.person !== owner?.person)
  const other = chooseCurrent(dice, others)
  if (!owner || !other) return
  const flow = await walker.begin(owner.client, 'settings')
  if (!flow?.ui.nodes) return
  const answer = await walker.submit(other.client, 'settings', flow, {
    method: 'password',
    password: 'foreign-castle-1',
  })
  await walker.send(undefined, `GET /self-service/settings/flows?id=${flow.id}`, { headers: other.headers })
  if (answer.status === 200) throw new WalkFailure('only the owner changes settings', answer.text)
}
