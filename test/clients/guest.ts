import type { AxiosRequestConfig } from 'axios'
import { expect } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import type { OryClient } from './ory-clients.ts'

export const PASSWORD = 'correct-horse-battery-staple'

/** Somebody with a client: what a call needs is made with the same client. */
export class Guest {
  readonly ory: OryClient
  #counter = 0

  constructor(ory: OryClient) {
    this.ory = ory
  }

  /** An address that nobody has yet. */
  newEmail(): string {
    return `guest-${++this.#counter}-of-${this.ory.constructor.name.toLowerCase()}@example.com`
  }

  /** Signs up in a native app. */
  async signUp(email = this.newEmail()): Promise<{ readonly email: string; readonly token: string }> {
    const { data: flow } = await this.ory.initializeSelfServiceRegistrationFlowWithoutBrowser()
    const body = { method: 'password', password: PASSWORD, traits: { email } }
    const { data } = await this.ory.submitSelfServiceRegistrationFlow(flow.id, body)
    return { email, token: String(data.session_token) }
  }

  /** Signs in in a native app. @returns the token of the session */
  async signIn(email: string): Promise<string> {
    const { data: flow } = await this.ory.initializeSelfServiceLoginFlowWithoutBrowser()
    const body = { method: 'password', identifier: email, password_identifier: email, password: PASSWORD }
    return String((await this.ory.submitSelfServiceLoginFlow(flow.id, body)).data.session_token)
  }

  /** Signs up in a single-page app. @returns the cookies of that browser */
  async signUpInBrowser(): Promise<string> {
    const begun = await this.ory.initializeSelfServiceRegistrationFlowForBrowsers()
    const csrf = begun.data.ui.nodes.find(({ attributes }) => 'name' in attributes && attributes.name === 'csrf_token')
    const csrf_token = String(csrf && 'value' in csrf.attributes ? csrf.attributes.value : '')
    const body = { method: 'password', password: PASSWORD, traits: { email: this.newEmail() }, csrf_token }
    const jar = new CookieJar()
    jar.store(begun.headers['set-cookie'] ?? [])
    const cookie = jar.header()
    const signedUp = await this.ory.submitSelfServiceRegistrationFlow(begun.data.id, body, cookie)
    jar.store(signedUp.headers['set-cookie'] ?? [])
    return String(jar.header())
  }

  /** An identity made by an administrator. @returns its id */
  async makeIdentity(email = this.newEmail()): Promise<string> {
    const credentials = { password: { config: { password: PASSWORD } } }
    const body = { schema_id: 'default', traits: { email }, credentials }
    return (await this.ory.adminCreateIdentity(body)).data.id
  }

  /** The identity of somebody who is signed in, with the id of the session. */
  async makeSession(): Promise<{ readonly identity: string; readonly session: string }> {
    const { token } = await this.signUp()
    const { data } = await this.ory.toSession(token)
    expect(data.active).toBe(true)
    return { identity: data.identity.id, session: data.id }
  }
}

/** Headers for operations whose methods have no parameter for them. */
export const withToken = (token: string): AxiosRequestConfig => ({ headers: { 'X-Session-Token': token } })
export const withCookie = (cookie: string): AxiosRequestConfig => ({ headers: { Cookie: cookie } })
