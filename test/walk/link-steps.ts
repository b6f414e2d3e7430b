import { isJsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import { broken } from './broken.ts'
import { choose, chooseMostly, type KnownLink } from './model.ts'
import { someEmail } from './sign-in-steps.ts'
import { SESSION_COOKIE, type Walker, WalkFailure } from './walker.ts'

/* Steps with links: asking for one, by mail or as administrator, and opening it. */

/** Asks for a mail to an address that somebody has or nobody does. */
export async function askForLink(walker: Walker, dice: Random): Promise<void> {
  const kind = dice.pick(['recovery', 'verification'] as const)
  const client = walker.client(dice.pick(['app', 'browser'] as const))
  const flow = await walker.begin(client, kind)
  if (!flow) return
  const values = { method: 'link', email: choose(dice, walker.model.living())?.email ?? someEmail(dice) }
  await walker.submit(client, kind, flow, dice.chance(0.3) ? broken(dice, values) : values, dice.chance(0.3))
  await readMails(walker)
}

/** Sign-ups and changes of settings cause mails, too: the links of all are noted once. */
export async function readMails(walker: Walker): Promise<void> {
  const { json } = await walker.send(undefined, 'GET /__mock/mail')
  await walker.send(undefined, 'DELETE /__mock/mail', { json: {} })
  for (const mail of Array.isArray(json) ? json : []) {
    const link = isJsonObject(mail) ? mail['link'] : undefined
    if (typeof link === 'string' && isJsonObject(mail)) noteLink(walker, link, String(mail['to']))
  }
}

function noteLink({ model }: Walker, address: string, to: string): void {
  if (model.links.some((each) => each.address === address)) return
  const kind = address.includes('/self-service/recovery') ? 'recovery' : 'verification'
  model.links.push({ address, kind, person: model.byEmail(to), isUsed: false })
}

export async function makeRecoveryLink(walker: Walker, dice: Random): Promise<void> {
  const person = chooseMostly(dice, walker.model.living(), walker.model.people)
  if (!person) return
  const values = { identity_id: person.id, expires_in: dice.pick(['1h', '20m', '48h']) }
  const json = dice.chance(0.25) ? broken(dice, values) : values
  const answer = await walker.send(undefined, 'POST /admin/recovery/link', { json })
  const address = pointed(answer.json, '/recovery_link')
  if (answer.status === 200 && person.isDeleted) {
    throw new WalkFailure('a deleted identity is not to be found', answer.text)
  }
  if (typeof address === 'string') walker.model.links.push({ address, kind: 'recovery', person, isUsed: false })
}

/** Opens a link in a browser that knows nothing of it; used ones are opened again. */
export async function openLink(walker: Walker, dice: Random): Promise<void> {
  await readMails(walker)
  const fresh = walker.model.links.filter((each) => !each.isUsed)
  const link = chooseMostly(dice, fresh, walker.model.links)
  if (link) await openOne(walker, link)
}

/** @throws WalkFailure when a link works that has been used, or whose owner is gone */
export async function openOne(walker: Walker, link: KnownLink): Promise<void> {
  const client = walker.client('browser')
  const answer = await walker.send(client, `GET ${link.address}`, { html: true })
  const leadsTo = answer.headers.location ?? ''
  const signedIn = client.jar.get(SESSION_COOKIE, walker.now) !== undefined
  const works =
    signedIn || !leadsTo.includes(`/ui/${link.kind}`)
      ? !leadsTo.includes('/ui/error')
      : await verifies(walker, leadsTo, client)
  if (works && link.isUsed) throw new WalkFailure('a link works once', `${link.address} → ${leadsTo}`)
  link.isUsed = true
  if (works) walker.did(`opened a link of ${link.kind}`)
  if (signedIn && link.person) await noteRecovered(walker, link, client, answer)
}

/** Whether the verification page that a link leads to says that the address is verified. */
async function verifies(walker: Walker, page: string, client: Parameters<Walker['send']>[0]): Promise<boolean> {
  const id = new URL(page).searchParams.get('flow')
  const { json } = await walker.send(client, `GET /self-service/verification/flows?id=${id}`)
  return pointed(json, '/state') === 'passed_challenge'
}

/** A recovery ends all other sessions in this project. */
async function noteRecovered(
  walker: Walker,
  { person }: KnownLink,
  client: ReturnType<Walker['client']>,
  answer: Parameters<Walker['noteSession']>[2],
): Promise<void> {
  if (!person) return
  walker.model.end(person, 'the account was recovered')
  await walker.noteSession(client, person, answer)
}
