import type { JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import { broken } from './broken.ts'
import { chooseMostly, type Person, SESSION_LIFESPAN } from './model.ts'
import { someEmail } from './sign-in-steps.ts'
import { type Walker, WalkFailure } from './walker.ts'

/* Steps of an administrator. */

/** Somebody who may be deleted already. */
const someone = ({ model }: Walker, dice: Random): Person | undefined =>
  chooseMostly(dice, model.living(), model.people)

export async function create(walker: Walker, dice: Random): Promise<void> {
  const password = walker.model.newPassword()
  const email = someEmail(dice)
  const before = walker.model.byEmail(email)
  const values = { schema_id: 'default', traits: { email }, credentials: { password: { config: { password } } } }
  const json = dice.chance(0.3) ? broken(dice, values) : values
  const answer = await walker.send(undefined, 'POST /admin/identities', { json })
  if (answer.status !== 201) return
  if (json === values && before) throw new WalkFailure('no two identities have one identifier', answer.text)
  const id = String(pointed(answer.json, '/id'))
  // broken credentials may be read as none, or as others
  const kept = pointed(json, '/credentials/password/config/password')
  const person = walker.model.add(id, emailIn(answer.json, ''), typeof kept === 'string' ? kept : undefined)
  if (pointed(answer.json, '/state') === 'inactive') person.isActive = false
}

const emailIn = (json: Parameters<typeof pointed>[0], otherwise: string): string => {
  const email = pointed(json, '/traits/email')
  return typeof email === 'string' ? email.trim().toLowerCase() : otherwise
}

export async function replace(walker: Walker, dice: Random): Promise<void> {
  const person = someone(walker, dice)
  if (!person) return
  const email = dice.chance(0.3) ? someEmail(dice) : person.email
  const state = dice.chance(0.7) ? 'active' : 'inactive'
  const password = dice.chance(0.3) ? walker.model.newPassword() : undefined
  const values: JsonObject = {
    schema_id: 'default',
    state,
    traits: { email },
    ...(password === undefined ? {} : { credentials: { password: { config: { password } } } }),
  }
  const json = dice.chance(0.2) ? broken(dice, values) : values
  const answer = await walker.send(undefined, `PUT /admin/identities/${person.id}`, { json })
  if (answer.status !== 200) return
  noteChanged(walker, person, answer.json)
  const kept = pointed(json, '/credentials/password/config/password')
  if (typeof kept === 'string') walker.model.changePassword(person, kept)
}

export async function patch(walker: Walker, dice: Random): Promise<void> {
  const person = someone(walker, dice)
  if (!person) return
  const operation = dice.pick([
    { op: 'replace', path: '/traits/email', value: someEmail(dice) },
    { op: 'add', path: '/traits/name', value: { first: 'Patched' } },
    { op: 'replace', path: '/state', value: dice.pick(['active', 'inactive']) },
    { op: 'add', path: '/metadata_public', value: { a: [1] } },
    { op: 'test', path: '/state', value: 'active' },
    { op: 'remove', path: '/traits/email' },
    { op: 'remove', path: '/credentials/password' },
    { op: 'replace', path: '/id', value: person.id },
  ])
  const json = [dice.chance(0.2) ? broken(dice, operation) : operation]
  const answer = await walker.send(undefined, `PATCH /admin/identities/${person.id}`, { json })
  if (answer.status === 200) noteChanged(walker, person, answer.json)
}

function noteChanged(_walker: Walker, person: Person, json: Parameters<typeof pointed>[0]): void {
  if (person.isDeleted) throw new WalkFailure('a deleted identity is not to be found', JSON.stringify(json))
  person.email = emailIn(json, person.email)
  person.isActive = pointed(json, '/state') === 'active'
}

export async function remove(walker: Walker, dice: Random): Promise<void> {
  const person = someone(walker, dice)
  if (!person) return
  const { status } = await walker.send(undefined, `DELETE /admin/identities/${person.id}`)
  if (status === 204 && person.isDeleted) {
    throw new WalkFailure('a deleted identity is not to be found', `DELETE /admin/identities/${person.id}`)
  }
  if (status !== 204) return
  walker.did('deleted')
  walker.model.delete(person)
}

export async function endSessions(walker: Walker, dice: Random): Promise<void> {
  const person = someone(walker, dice)
  if (!person) return
  await walker.send(undefined, `GET /admin/identities/${person.id}/sessions?active=${dice.pick(['true', 'false'])}`)
  const { status } = await walker.send(undefined, `DELETE /admin/identities/${person.id}/sessions`)
  if (status === 204) walker.model.end(person, 'an administrator ended it')
}

/** It revives what has expired, and nothing that was ended. */
export async function extend(walker: Walker, dice: Random): Promise<void> {
  const session = chooseMostly(dice, walker.model.inForce(walker.now), walker.model.sessions)
  if (session?.id === undefined) return
  const { status } = await walker.send(undefined, `PATCH /admin/sessions/${session.id}/extend`)
  if (status === 200) session.endsAt = Math.max(session.endsAt, walker.now + SESSION_LIFESPAN)
}

/** Reads what there is, under names that are right or not. */
export async function read(walker: Walker, dice: Random): Promise<void> {
  const id = dice.pick([someone(walker, dice)?.id ?? 'x', '6f0b6c0e-0000-4000-8000-000000000000', 'no-uuid', '%zz'])
  const path = dice.pick([
    `/admin/identities/${id}`,
    `/admin/identities/${id}?include_credential=oidc`,
    `/admin/identities?per_page=${dice.pick(['2', '0', '-1', '1001', 'x'])}&page=${dice.pick(['0', '1', '99', 'x'])}`,
    `/admin/identities/${id}/sessions`,
    `/schemas?page=${dice.pick(['0', '1'])}&per_page=1`,
    `/schemas/${dice.pick(['default', 'nope', 'ZGVmYXVsdA'])}`,
    `/self-service/errors?id=${id}`,
    `/self-service/login/flows?id=${id}`,
    `/self-service/settings/flows?id=${id}`,
    `/self-service/registration/flows?id=`,
    `/self-service/login/browser?aal=${dice.pick(['aal1', 'aal2', 'aal3'])}&return_to=${dice.pick(['/x', 'https://evil.example.com', '%00', ''])}`,
    '/.well-known/ory/webauthn.js',
    '/sessions',
  ])
  await walker.send(undefined, `GET ${path}`, { html: dice.chance(0.2) })
}

/** Time passes: flows, links, privileges and sessions end. */
export async function wait(walker: Walker, dice: Random): Promise<void> {
  const by = dice.pick(['20s', '20s', '5m', '5m', '16m', '31m', '31m', '25h'])
  await walker.send(undefined, 'POST /__mock/clock/advance', { json: { by } })
}
