import { setTimeout as sleep } from 'node:timers/promises'
import { isJsonObject, type Json } from '../json.ts'
import { type Answer, sendTo } from './http-client.ts'
import type { Addresses, Call, Mail, Target } from './player.ts'

/** A server that conversations cannot be played against, in one sentence. */
export class CannotVerify extends Error {}

export interface ServerOptions {
  readonly addresses: Addresses
  /** The bearer token of the operations that want one. */
  readonly token: string | undefined
  /** Of a mailbox in Mailslurper's dialect. */
  readonly mailbox: string | undefined
}

/** The first of the addresses. */
export function servedAt(addresses: Addresses): string {
  const [first] = Object.values(addresses)
  if (first === undefined) throw new CannotVerify('No address of a server was given.')
  return first
}

/** Whether an ory-mock answers there. @throws CannotVerify when nobody does */
export async function isMock(addresses: Addresses): Promise<boolean> {
  const at = servedAt(addresses)
  const { status, json } = await sendOrSay(at, { method: 'GET', path: '/__mock/control.json' })
  return status === 200 && isJsonObject(json) && json['openapi'] !== undefined
}

/** @throws CannotVerify when one of the addresses is nobody's */
export async function checkReachable(addresses: Addresses): Promise<void> {
  for (const at of new Set(Object.values(addresses))) await sendOrSay(at, { method: 'GET', path: '/health/alive' })
}

async function sendOrSay(at: string, request: Parameters<typeof sendTo>[1]): Promise<Answer> {
  try {
    return await sendTo(at, request)
  } catch (error) {
    throw new CannotVerify(`Nobody answers at ${at}: ${explain(error)}.`)
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Node gathers the failures of IPv4 and IPv6 under a message that is empty
  return error.message || String('code' in error ? error.code : error.name)
}

/** Sends a call to the address that takes it. @throws CannotVerify when nobody answers */
export function reached(addresses: Addresses, { api, method, path, headers, body }: Call): Promise<Answer> {
  return sendOrSay(addresses[api] ?? servedAt(addresses), { method, path, headers, body })
}

const PROTECTED = /^\/(admin|relation-tuples|projects)(\/|\?|$)/

/** With the bearer token where Ory Network wants one and the call brings none. */
export function authorized(call: Call, token: string | undefined): Call {
  if (token === undefined || !PROTECTED.test(call.path) || 'Authorization' in call.headers) return call
  return { ...call, headers: { ...call.headers, Authorization: `Bearer ${token}` } }
}

/** How often, and how many times, a mail is looked for. */
const LOOK = { every: 250, times: 60 } as const

/** A real server as the target of conversations: time is the machine's, mails come when they come. */
export class RealTarget implements Target {
  readonly addresses: Addresses
  readonly run: string
  readonly #options: ServerOptions

  /** @param run tells the people of this conversation from all that the server knows */
  constructor(options: ServerOptions, run: string) {
    this.addresses = options.addresses
    this.run = run
    this.#options = options
  }

  send(call: Call): Promise<Answer> {
    return reached(this.addresses, authorized(call, this.#options.token))
  }

  now(): number {
    return Date.now()
  }

  async advance(milliseconds: number): Promise<void> {
    await sleep(milliseconds)
  }

  async mail(to: string, number: number): Promise<Mail | undefined> {
    for (let look = 0; look < LOOK.times; look++) {
      const mail = (await mailsTo(to, this.#options.mailbox ?? ''))[number]
      if (mail !== undefined) return mail
      await sleep(LOOK.every)
    }
    return undefined
  }

  provider(): Promise<void> {
    return Promise.reject(new CannotVerify('The social provider of a real server cannot be told what to answer.'))
  }
}

/** Reads a mailbox in Mailslurper's dialect, oldest mail first. */
export async function mailsTo(address: string, mailbox: string): Promise<Mail[]> {
  const { json } = await sendOrSay(mailbox, { method: 'GET', path: '/mail' })
  const items = isJsonObject(json) && Array.isArray(json['mailItems']) ? json['mailItems'] : []
  return items
    .filter((item: Json) => recipients(item).includes(address.toLowerCase()))
    .map((item: { subject: string; body: string; dateSent: string }) => item)
    .sort((a, b) => (a.dateSent < b.dateSent ? -1 : 1))
}

function recipients(item: Json): string[] {
  const addresses = isJsonObject(item) ? item['toAddresses'] : undefined
  return (Array.isArray(addresses) ? addresses : []).map((one: Json) => String(one).toLowerCase())
}
