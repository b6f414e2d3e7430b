import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { createMock } from '../../src/create-mock.ts'
import { prepareStart } from '../../src/simulation/start.ts'
import { type Ask, connectInProcess } from '../in-process.ts'
import type { LoadRequest } from '../load.ts'
import { answered, loginRequest, PASSWORD, post, whoamiRequest } from '../person.ts'

/*
 * A server that is used as by a long suite: people sign in and out, change themselves, sign up and are deleted, get mails,
 * and half an hour passes with each visit. For each number of requests it says what it came to.
 */

/** After so many requests. */
export interface Grown {
  readonly requests: number
  /** Bytes, after a collection of garbage. */
  readonly heap: number
  /** Processor time of a request since the last message, in microseconds. */
  readonly cpu: number
}

const ADMIN = { authorization: 'Bearer any', accept: 'application/json' }

const config = demoConfig()
const mock = createMock({ config, start: await prepareStart({ config, fixture: 'team' }) })
const connected = connectInProcess(createApp(mock))
let requests = 0
let visits = 0

const ask: Ask = (request) => {
  requests++
  return connected(request)
}

/** A flow for native apps, begun. */
async function begin(kind: string, headers = {}): Promise<string> {
  return (await answered(ask, { method: 'GET', path: `/self-service/${kind}/api`, headers })).id
}

const submit = (kind: string, flow: string, body: object, headers = {}): LoadRequest =>
  post(`/self-service/${kind}?flow=${flow}`, body, headers)

async function visit(): Promise<void> {
  const number = ++visits
  await signIn()
  await signUp(`visitor-${number}@example.com`)
  await askForMail('recovery')
  await askForMail('verification')
  await answered(ask, { method: 'GET', path: '/self-service/errors?id=unknown' }, 404)
  await answered(ask, post('/__mock/clock/advance', { by: '30m' }))
}

async function signIn(): Promise<void> {
  const identifier = 'admin@example.com'
  const flow = await begin('login')
  await answered(ask, { method: 'GET', path: `/self-service/login/flows?id=${flow}` })
  await answered(ask, loginRequest(flow, { method: 'password', identifier, password: 'wrong' }), 400)
  const login = await answered(ask, loginRequest(flow, { method: 'password', identifier, password: PASSWORD }))
  const token = String(login.session_token)
  const whoami = whoamiRequest(token)
  for (let i = 0; i < 4; i++) await answered(ask, whoami)
  if (visits % 4 === 0) {
    const settings = await begin('settings', whoami.headers)
    const traits = { email: identifier, name: { first: `Visit ${visits}` } }
    await answered(ask, submit('settings', settings, { method: 'profile', traits }, whoami.headers))
  }
  await answered(ask, { ...whoami, path: '/sessions?per_page=5' })
  // every other session is left to expire
  if (visits % 2 === 0) {
    const logout = post('/self-service/logout/api', { session_token: token })
    await answered(ask, { ...logout, method: 'DELETE' })
  }
}

async function signUp(email: string): Promise<void> {
  const flow = await begin('registration')
  const body = { method: 'password', password: `${PASSWORD}-${visits}`, traits: { email } }
  const { identity } = await answered(ask, submit('registration', flow, body))
  await answered(ask, { method: 'DELETE', path: `/admin/identities/${identity?.id}`, headers: ADMIN })
}

async function askForMail(kind: 'recovery' | 'verification'): Promise<void> {
  await answered(ask, submit(kind, await begin(kind), { method: 'link', email: 'member@example.com' }))
}

async function growTo(wanted: number): Promise<Grown> {
  const [before, began] = [requests, process.cpuUsage()]
  while (requests < wanted) await visit()
  const { user, system } = process.cpuUsage(began)
  globalThis.gc?.()
  return { requests, heap: process.memoryUsage().heapUsed, cpu: (user + system) / (requests - before) }
}

process.on('message', async ({ wanted }: { wanted: number }) => {
  process.send?.(await growTo(wanted))
})
