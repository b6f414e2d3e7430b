import { isJsonObject, type Json } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { openOne } from './link-steps.ts'
import type { Walker } from './walker.ts'
import { WalkFailure } from './walker.ts'

/*
 * Whether anything survives what should have ended it, asked through the front door.
 */

/** How many of the newest of each kind are looked at. */
export interface Depth {
  readonly newest: number
}

/** @throws WalkFailure */
export async function audit(walker: Walker, { newest }: Depth): Promise<void> {
  await auditSessions(walker, newest)
  await auditPasswords(walker, newest)
  await auditIdentities(walker, newest)
  for (const link of walker.model.links.filter((each) => each.isUsed).slice(-newest)) await openOne(walker, link)
}

async function auditSessions(walker: Walker, newest: number): Promise<void> {
  const { now, model } = walker
  for (const session of model.sessions.slice(-2 * newest)) {
    const why = session.endedBy ?? (session.endsAt <= now ? 'it has expired' : undefined)
    const isOver = why !== undefined || !session.person.isActive
    const { status, text } = await walker.whoami(session)
    if (isOver && status !== 401) {
      throw new WalkFailure('what has been ended answers no more', `${why ?? 'the person is inactive'}: ${text}`)
    }
    if (!isOver && status === 401) throw new WalkFailure('what has not been ended goes on', text)
  }
}

async function auditPasswords(walker: Walker, newest: number): Promise<void> {
  const tries = walker.model.people.flatMap((person) => {
    const gone = person.isDeleted && person.password !== undefined ? [person.password] : []
    return [...person.oldPasswords, ...gone].map((password) => ({ identifier: person.email, password }))
  })
  for (const each of tries.slice(-newest)) {
    const client = walker.client('app')
    const flow = await walker.begin(client, 'login')
    if (!flow) continue
    const { status, text } = await walker.submit(client, 'login', flow, { method: 'password', ...each })
    if (status === 200) throw new WalkFailure('an old password signs in no more', `${JSON.stringify(each)} ${text}`)
  }
}

async function auditIdentities(walker: Walker, newest: number): Promise<void> {
  const listed = await allIdentities(walker)
  const ids = listed.map((each) => String(pointed(each, '/id')))
  const emails = listed.map((each) => String(pointed(each, '/traits/email')).trim().toLowerCase())
  if (new Set(ids).size !== ids.length || new Set(emails).size !== emails.length) {
    throw new WalkFailure('no two identities have one identifier', emails.sort().join(' '))
  }
  const known = walker.model.living()
  const missing = known.filter(
    (person) => ids.indexOf(person.id) < 0 || emails[ids.indexOf(person.id)] !== person.email,
  )
  if (missing.length > 0) throw new WalkFailure('who is not deleted is listed', JSON.stringify(missing[0]))
  const deleted = walker.model.people.filter((each) => each.isDeleted)
  if (deleted.some(({ id }) => ids.includes(id))) throw new WalkFailure('who is deleted is not listed', ids.join(' '))
  for (const { id } of deleted.slice(-newest)) {
    const { status, text } = await walker.send(undefined, `GET /admin/identities/${id}`)
    if (status !== 404) throw new WalkFailure('a deleted identity is not to be found', text)
  }
}

async function allIdentities(walker: Walker): Promise<readonly Json[]> {
  const all: Json[] = []
  for (let page = 1; ; page++) {
    const { json } = await walker.send(undefined, `GET /admin/identities?per_page=5&page=${page}`)
    const items = Array.isArray(json) ? json.filter(isJsonObject) : []
    if (items.length === 0) return all
    all.push(...items)
  }
}
