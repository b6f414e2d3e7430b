import type { Json } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { fieldOf, fieldsOf, type Guest, groupsOf, PASSWORD, textsOf } from './guest.ts'

/*
 * What a client can see of a configuration: each function does something at a server and answers what came of it.
 */

export type Probe = (guest: Guest) => Promise<unknown>

export const APP = 'https://app.example.org'

export const statusOf =
  (request: string, body?: Json): Probe =>
  async (guest) =>
    (await guest.json(request, body)).status

export function lifespanOf(kind: string): Probe {
  return async (guest) => {
    if (kind === 'settings') await guest.signIn('member@example.com')
    const { json } = await guest.json(`GET /self-service/${kind}/api`)
    return Date.parse(String(pointed(json, '/expires_at'))) - Date.parse(String(pointed(json, '/issued_at')))
  }
}

export function pageOf(kind: string): Probe {
  return async (guest) => {
    if (kind === 'settings') await guest.enter('member@example.com')
    return guest.shown((await guest.browse(`GET /self-service/${kind}/browser`)).headers.location)
  }
}

export const login: Probe = async (guest) => guest.shown((await guest.enter('member@example.com')).headers.location)

export const registration: Probe = async (guest) => {
  const fields = { method: 'password', password: PASSWORD, 'traits.email': 'new@example.com' }
  return guest.shown((await guest.submit('registration', fields)).headers.location)
}

/** Changes the password in the browser. */
export const newPassword: Probe = async (guest) => {
  await guest.enter('member@example.com')
  const answer = await guest.submit('settings', { method: 'password', password: 'another-castle-0815' })
  return guest.shown(answer.headers.location)
}

export const newName: Probe = async (guest) => {
  await guest.enter('member@example.com')
  const fields = { method: 'profile', 'traits.email': 'member@example.com', 'traits.name.first': 'Member' }
  return guest.shown((await guest.submit('settings', fields)).headers.location)
}

/** Signs in twice: what becomes of the first session. */
export const firstOfTwo: Probe = async (guest) => {
  const first = guest.another()
  await first.signIn('member@example.com')
  await guest.signIn('member@example.com')
  return (await first.json('GET /sessions/whoami')).status
}

export const registeredWith: Probe = async (guest) => {
  const { json } = await guest.signUp('new@example.com')
  return typeof pointed(json, '/session_token')
}

export const groupsIn =
  (path: string): Probe =>
  async (guest) => {
    if (path.includes('settings')) await guest.signIn('member@example.com')
    return groupsOf((await guest.json(`GET ${path}`)).json)
  }

export const signUpTexts = (password: string, email = 'new@example.com'): Probe => {
  return async (guest) => {
    const { status, json } = await guest.signUp(email, password)
    return status === 200 ? 'taken' : textsOf(json)[0]
  }
}

/** The last mail, whole. */
async function lastMail(guest: Guest): Promise<Json | undefined> {
  const mails = pointed((await guest.json('GET /__mock/state')).json, '/mails')
  return Array.isArray(mails) ? mails.at(-1) : undefined
}

/** The mail of a recovery or verification, its link without the token. */
export function mailOf(kind: 'recovery' | 'verification', email: string, part: string): Probe {
  return async (guest) => {
    const flow = pointed((await guest.json(`GET /self-service/${kind}/api`)).json, '/id')
    await guest.json(`POST /self-service/${kind}?flow=${flow}`, { method: 'link', email })
    return pointed(await lastMail(guest), `/${part}`)
  }
}

/** A link of the administrator for admin@example.com. */
export async function recoveryLink(guest: Guest): Promise<string> {
  const { json } = await guest.json('GET /admin/identities')
  const identities: readonly Json[] = Array.isArray(json) ? json : []
  const identity = identities.find((each) => pointed(each, '/traits/email') === 'admin@example.com')
  const made = await guest.json('POST /admin/recovery/link', { identity_id: String(pointed(identity, '/id')) })
  return String(pointed(made.json, '/recovery_link'))
}

/** Opens a recovery link so much later. */
export function linkAfter(minutes: number): Probe {
  return async (guest) => {
    const link = await recoveryLink(guest)
    await guest.control('POST /__mock/clock/advance', { by: `${minutes}m` })
    const { headers } = await guest.browse(`GET ${link}`)
    return guest.shown(headers.location).replace(/\?.*/, '')
  }
}

/** What the session cookie says beside its value. */
export const sessionCookie: Probe = async (guest) =>
  attributesOf('ory_kratos_session', await guest.enter('member@example.com'))

export const csrfCookie: Probe = async (guest) => {
  const answer = await guest.browse('GET /self-service/login/browser')
  return attributesOf('csrf_token', answer)
}

function attributesOf(name: string, { setCookies }: { readonly setCookies: readonly string[] }): string {
  const line =
    setCookies.find((each) => each.startsWith(name)) ?? setCookies.find((each) => !each.startsWith('csrf')) ?? ''
  const [pair = '', ...rest] = line.split('; ')
  const shown = rest.filter((each) => !/^(Expires|HttpOnly)/.test(each))
  return [pair.split('=')[0]?.replace(/_[0-9a-f]{64}$/, ''), ...shown].join('; ')
}

export function preflight(header: string, origin = APP): Probe {
  return async (guest) => {
    const asked = {
      origin,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'x-session-token',
    }
    const { headers } = await guest.json('OPTIONS /sessions/whoami', undefined, asked)
    return headers[header] ?? 'absent'
  }
}

export const returnTo = (address: string) =>
  statusOf(`GET /self-service/login/browser?return_to=${encodeURIComponent(address)}`)

export const traitFields: Probe = async (guest) => {
  const { json } = await guest.json('GET /self-service/registration/api')
  return fieldsOf(json).flatMap(({ name }) => (String(name).startsWith('traits.') ? [name] : []))
}

/** How deep a check looks: `videos:a` is reached in three steps. */
export const deepCheck: Probe = async (guest) => {
  const set = (object: string) => ({ namespace: 'videos', object, relation: 'view' })
  for (const [object, subject] of [
    ['a', 'b'],
    ['b', 'c'],
  ] as const) {
    await guest.json('PUT /admin/relation-tuples', { ...set(object), subject_set: set(subject) })
  }
  await guest.json('PUT /admin/relation-tuples', { ...set('c'), subject_id: 'x' })
  return pointed(
    (await guest.json('GET /relation-tuples/check/openapi?namespace=videos&object=a&relation=view&subject_id=x')).json,
    '/allowed',
  )
}

/** The secret of an authenticator app that settings offer. */
export const issuerOffered: Probe = async (guest) => {
  await guest.signIn('member@example.com')
  await guest.json('GET /self-service/settings/api')
  const { json } = await guest.json('GET /__mock/state')
  const flows = pointed(json, '/flows')
  const url = (Array.isArray(flows) ? flows : [])
    .map((flow: Json) => pointed(flow, '/totp_url'))
    .find((each) => each !== undefined)
  return new URL(String(url)).searchParams.get('issuer')
}

/** What the button for a security key says to the browser. */
export function keyOption(name: string): Probe {
  return async (guest) => {
    await guest.enter('member@example.com')
    const { json } = await guest.browse('GET /self-service/settings/browser', undefined, 'application/json')
    const onclick = String(fieldOf(json, 'webauthn_register_trigger')?.['onclick'] ?? '')
    return new RegExp(`"${name}":"([^"]*)"`).exec(onclick)?.[1]
  }
}

/** The social providers that a login offers, and what their buttons say. */
export const providerButtons: Probe = async (guest) => {
  const { json } = await guest.browse('GET /self-service/login/browser', undefined, 'application/json')
  const nodes = pointed(json, '/ui/nodes')
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: Json) => {
    if (pointed(node, '/attributes/name') !== 'provider') return []
    return [`${pointed(node, '/attributes/value')}: ${pointed(node, '/meta/label/text')}`]
  })
}
