import { pointed } from '../support/pointed.ts'
import type { OnePortMock } from '../support/running-mock.ts'
import { csrfOf, type Visit, Visitor } from './visitor.ts'

/* One success of each operation of the document: what it needs is made first, through the front door. */

const PASSWORD = 'correct-horse-battery-staple'

/** @returns what every request was answered */
export async function walk(server: OnePortMock): Promise<readonly Visit[]> {
  const visits: Visit[] = []
  const withApp = new Visitor(server, visits, 'an app')
  await readWhatIsOpen(withApp)
  await useNativeApp(withApp)
  await useBrowser(new Visitor(server, visits, 'a browser'))
  await seeAnError(new Visitor(server, visits, 'a browser'))
  await administer(withApp)
  await usePermissions(withApp)
  await useProjects(withApp)
  return visits
}

async function readWhatIsOpen(visitor: Visitor): Promise<void> {
  for (const path of ['/health/alive', '/health/ready', '/version', '/.well-known/ory/webauthn.js', '/schemas']) {
    await visitor.send(`GET ${path}`)
  }
  await visitor.send('GET /schemas/default')
}

async function useNativeApp(visitor: Visitor): Promise<void> {
  const session = await signUp(visitor, 'native@example.com')
  await visitor.send('GET /sessions/whoami', { session })
  const login = await visitor.read('GET /self-service/login/api', '/id')
  await visitor.send(`GET /self-service/login/flows?id=${login}`)
  const json = { method: 'password', password_identifier: 'native@example.com', password: PASSWORD }
  const second = await visitor.read(`POST /self-service/login?flow=${login}`, '/session_token', { json })
  const other = await visitor.read('GET /sessions', '/0/id', { session: second })
  await visitor.send(`DELETE /sessions/${other}`, { session: second })
  await signIn(visitor, 'native@example.com')
  await visitor.send('DELETE /sessions', { session: second })
  await changeProfile(visitor, second)
  await recoverAndVerify(visitor)
  await visitor.send('DELETE /self-service/logout/api', { json: { session_token: second } })
}

/** @returns the token of the new session */
async function signUp(visitor: Visitor, email: string): Promise<string> {
  const flow = await visitor.read('GET /self-service/registration/api', '/id')
  await visitor.send(`GET /self-service/registration/flows?id=${flow}`)
  const json = { method: 'password', password: PASSWORD, traits: { email } }
  return visitor.read(`POST /self-service/registration?flow=${flow}`, '/session_token', { json })
}

async function signIn(visitor: Visitor, identifier: string): Promise<string> {
  const flow = await visitor.read('GET /self-service/login/api', '/id')
  const json = { method: 'password', password_identifier: identifier, password: PASSWORD }
  return visitor.read(`POST /self-service/login?flow=${flow}`, '/session_token', { json })
}

async function changeProfile(visitor: Visitor, session: string): Promise<void> {
  const flow = await visitor.read('GET /self-service/settings/api', '/id', { session })
  await visitor.send(`GET /self-service/settings/flows?id=${flow}`, { session })
  const json = { method: 'profile', traits: { email: 'native@example.com', name: { first: 'Nia' } } }
  await visitor.send(`POST /self-service/settings?flow=${flow}`, { session, json })
}

async function recoverAndVerify(visitor: Visitor): Promise<void> {
  for (const flow of ['recovery', 'verification']) {
    const id = await visitor.read(`GET /self-service/${flow}/api`, '/id')
    await visitor.send(`GET /self-service/${flow}/flows?id=${id}`)
    await visitor.send(`POST /self-service/${flow}?flow=${id}`, {
      json: { method: 'link', email: 'native@example.com' },
    })
  }
}

async function useBrowser(visitor: Visitor): Promise<void> {
  for (const flow of ['login', 'recovery', 'verification']) await visitor.send(`GET /self-service/${flow}/browser`)
  const flow = await visitor.send('GET /self-service/registration/browser')
  const json = { method: 'password', password: PASSWORD, traits: { email: 'browser@example.com' } }
  const action = new URL(String(pointed(flow.json, '/ui/action')))
  await visitor.send(`POST ${action.pathname}${action.search}`, { json: { ...json, csrf_token: csrfOf(flow) } })
  await visitor.send('GET /self-service/settings/browser')
  const token = await visitor.read('GET /self-service/logout/browser', '/logout_token')
  await visitor.send(`GET /self-service/logout?token=${token}`)
}

/** A form without its anti-CSRF token ends on the error page, which fetches the error. */
async function seeAnError(visitor: Visitor): Promise<void> {
  const id = await visitor.read('GET /self-service/login/browser', '/id')
  const form = { method: 'password', identifier: 'a@example.com', password: PASSWORD }
  const { headers } = await visitor.send(`POST /self-service/login?flow=${id}`, { accept: 'text/html', form })
  const error = new URL(headers.location ?? '', 'http://localhost').searchParams.get('id')
  await visitor.send(`GET /self-service/errors?id=${error}`)
}

async function administer(visitor: Visitor): Promise<void> {
  const traits = { email: 'made@example.com' }
  const credentials = { password: { config: { password: PASSWORD } } }
  const json = { schema_id: 'default', traits, credentials }
  const id = await visitor.read('POST /admin/identities', '/id', { json })
  await visitor.send('GET /admin/identities')
  await visitor.send(`GET /admin/identities/${id}`)
  const state = 'active'
  await visitor.send(`PUT /admin/identities/${id}`, { json: { schema_id: 'default', state, traits } })
  const patch = [{ op: 'add', path: '/traits/name', value: { first: 'Mo' } }]
  await visitor.send(`PATCH /admin/identities/${id}`, { json: patch })
  await signIn(visitor, 'made@example.com')
  const session = await visitor.read(`GET /admin/identities/${id}/sessions`, '/0/id')
  await visitor.send(`PATCH /admin/sessions/${session}/extend`)
  await visitor.send('POST /admin/recovery/link', { json: { identity_id: id, expires_in: '1h' } })
  await visitor.send(`DELETE /admin/identities/${id}/sessions`)
  await visitor.send(`DELETE /admin/identities/${id}`)
}

async function usePermissions(visitor: Visitor): Promise<void> {
  const tuple = { namespace: 'files', object: 'a', relation: 'view', subject_id: 'ann' }
  const query = new URLSearchParams(tuple).toString()
  await visitor.send('PUT /admin/relation-tuples', { json: tuple })
  const other = { ...tuple, subject_id: 'bob' }
  await visitor.send('PATCH /admin/relation-tuples', { json: [{ action: 'insert', relation_tuple: other }] })
  await visitor.send('GET /relation-tuples?namespace=files')
  for (const path of ['/relation-tuples/check', '/relation-tuples/check/openapi']) {
    await visitor.send(`GET ${path}?${query}`)
    await visitor.send(`POST ${path}`, { json: tuple })
  }
  await visitor.send('GET /relation-tuples/expand?namespace=files&object=a&relation=view')
  await visitor.send(`DELETE /admin/relation-tuples?${query}`)
}

async function useProjects(visitor: Visitor): Promise<void> {
  const own = await visitor.read('GET /projects', '/0/id')
  const member = await visitor.read(`GET /projects/${own}/members`, '/0/id')
  await visitor.send(`DELETE /projects/${own}/members/${member}`)
  const id = await visitor.read('POST /projects', '/id', { json: { name: 'Shop' } })
  const project = await visitor.send(`GET /projects/${id}`)
  const path = '/services/identity/config/selfservice/flows/login/lifespan'
  await visitor.send(`PATCH /projects/${id}`, { json: [{ op: 'replace', path, value: '5m' }] })
  const services = pointed(project.json, '/services') ?? {}
  await visitor.send(`PUT /projects/${id}`, { json: { name: 'Store', services } })
  await visitor.send(`DELETE /projects/${id}`)
}
