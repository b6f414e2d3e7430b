import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import { chooseCurrent } from './model.ts'
import { someEmail } from './sign-in-steps.ts'
import { SESSION_COOKIE, type Walker, WalkFailure } from './walker.ts'

/* Steps through the social provider, which answers at once what it was told to. */

const subjectOf = (dice: Random): string => `subject-${dice.below(6)}`

async function tell(walker: Walker, dice: Random, sub: string): Promise<void> {
  const json = dice.chance(0.1)
    ? { error: 'access_denied', error_description: 'no' }
    : { sub, claims: { email: dice.chance(0.8) ? someEmail(dice) : 'no-address', name: { first: 'So' } } }
  await walker.send(undefined, 'PUT /__mock/oidc/acme/next', { json })
}

/** Signs in or up, whichever flow it was begun in. */
export async function signInSocially(walker: Walker, dice: Random): Promise<void> {
  const client = walker.client('browser')
  const kind = dice.pick(['login', 'registration'] as const)
  const sub = subjectOf(dice)
  await tell(walker, dice, sub)
  const flow = await walker.begin(client, kind)
  if (!flow) return
  const provider = dice.chance(0.9) ? 'acme' : 'nope'
  const { json } = await walker.submit(client, kind, flow, { provider })
  const callback = await visitProvider(walker, client, pointed(json, '/redirect_browser_to'))
  if (callback === undefined) return
  const back = dice.chance(0.9) ? callback : callback.replace(/state=[^&]+/, 'state=another')
  const answer = await walker.send(client, `GET ${back}`, { html: true })
  if (client.jar.get(SESSION_COOKIE, walker.now) === undefined) return
  await noteSignedIn(walker, client, sub, answer)
  await replay(walker, back)
}

type Client = ReturnType<Walker['client']>

async function visitProvider(walker: Walker, client: Client, address: unknown): Promise<string | undefined> {
  if (typeof address !== 'string') return undefined
  return (await walker.send(client, `GET ${address}`, { html: true })).headers.location
}

async function noteSignedIn(
  walker: Walker,
  client: Client,
  sub: string,
  answer: Parameters<Walker['noteSession']>[2],
): Promise<void> {
  const { json } = await walker.send(client, 'GET /sessions/whoami')
  const id = pointed(json, '/identity/id')
  const email = String(pointed(json, '/identity/traits/email')).trim().toLowerCase()
  const known = walker.model.subjects.get(sub)
  const person = known ?? (typeof id === 'string' ? walker.model.add(id, email) : undefined)
  if (!person) throw new WalkFailure('who is new is asked for no second factor', JSON.stringify(json))
  if (typeof id === 'string' && id !== person.id) {
    throw new WalkFailure('a subject is one person', `${sub} was ${person.id}, and is ${id}`)
  }
  walker.did(known ? 'signed in socially' : 'signed up socially')
  walker.model.subjects.set(sub, person)
  await walker.noteSession(client, person, answer)
}

/** What came back once is of no use to another browser. */
async function replay(walker: Walker, callback: string): Promise<void> {
  const client = walker.client('browser')
  await walker.send(client, `GET ${callback}`, { html: true })
  if (client.jar.get(SESSION_COOKIE, walker.now) !== undefined) {
    throw new WalkFailure('a link works once', callback)
  }
}

/** Links a subject to somebody who is signed in, or takes one away. */
export async function linkSocially(walker: Walker, dice: Random): Promise<void> {
  const inBrowsers = walker.model.inForce(walker.now).filter(({ client }) => client.kind === 'browser')
  const session = chooseCurrent(dice, inBrowsers)
  if (!session) return
  const { client, person } = session
  const sub = subjectOf(dice)
  await tell(walker, dice, sub)
  const flow = await walker.begin(client, 'settings')
  if (!flow?.ui.nodes) return
  const isLinked = [...walker.model.subjects.values()].includes(person)
  const values = isLinked ? { unlink: 'acme' } : { link: 'acme' }
  const answer = await walker.submit(client, 'settings', flow, values)
  if (isLinked && pointed(answer.json, '/state') === 'success') walker.model.unlink(person)
  const callback = await visitProvider(walker, client, pointed(answer.json, '/redirect_browser_to'))
  if (isLinked || callback === undefined) return
  await walker.send(client, `GET ${callback}`, { html: true })
  const { json } = await walker.send(client, `GET /self-service/settings/flows?id=${flow.id}`)
  if (pointed(json, '/state') !== 'success') return
  walker.did('linked socially')
  walker.model.subjects.set(sub, person)
}
