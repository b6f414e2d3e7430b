import { type Guest, PASSWORD, withCookie, withToken } from './guest.ts'
import type { OryClient } from './ory-clients.ts'

/* A call of each method that is for people and their sessions: what it needs is made first. The last call counts. */

export type Call = (guest: Guest) => Promise<unknown>

const profile = (email: string) => ({ method: 'profile', traits: { email, name: { first: 'Gus' } } }) as const

const login = async ({ ory }: Guest) => (await ory.initializeSelfServiceLoginFlowWithoutBrowser()).data.id
const registration = async ({ ory }: Guest) => (await ory.initializeSelfServiceRegistrationFlowWithoutBrowser()).data.id
const recovery = async ({ ory }: Guest) => (await ory.initializeSelfServiceRecoveryFlowWithoutBrowser()).data.id
const verification = async ({ ory }: Guest) => (await ory.initializeSelfServiceVerificationFlowWithoutBrowser()).data.id
const settings = async ({ ory }: Guest, token: string) =>
  (await ory.initializeSelfServiceSettingsFlowWithoutBrowser(token)).data.id

export const IDENTITY_CALLS: Readonly<Record<Exclude<keyof OryClient, `admin${string}`>, Call>> = {
  // --- flows begun in browsers and in apps ---
  initializeSelfServiceLoginFlowForBrowsers: ({ ory }) => ory.initializeSelfServiceLoginFlowForBrowsers(),
  initializeSelfServiceLoginFlowWithoutBrowser: ({ ory }) => ory.initializeSelfServiceLoginFlowWithoutBrowser(),
  initializeSelfServiceRegistrationFlowForBrowsers: ({ ory }) => ory.initializeSelfServiceRegistrationFlowForBrowsers(),
  initializeSelfServiceRegistrationFlowWithoutBrowser: ({ ory }) =>
    ory.initializeSelfServiceRegistrationFlowWithoutBrowser(),
  initializeSelfServiceRecoveryFlowForBrowsers: ({ ory }) => ory.initializeSelfServiceRecoveryFlowForBrowsers(),
  initializeSelfServiceRecoveryFlowWithoutBrowser: ({ ory }) => ory.initializeSelfServiceRecoveryFlowWithoutBrowser(),
  initializeSelfServiceVerificationFlowForBrowsers: ({ ory }) => ory.initializeSelfServiceVerificationFlowForBrowsers(),
  initializeSelfServiceVerificationFlowWithoutBrowser: ({ ory }) =>
    ory.initializeSelfServiceVerificationFlowWithoutBrowser(),
  async initializeSelfServiceSettingsFlowForBrowsers(guest) {
    const cookie = await guest.signUpInBrowser()
    await guest.ory.initializeSelfServiceSettingsFlowForBrowsers(undefined, withCookie(cookie))
  },
  async initializeSelfServiceSettingsFlowWithoutBrowser(guest) {
    await settings(guest, (await guest.signUp()).token)
  },

  // --- flows fetched ---
  async getSelfServiceLoginFlow(guest) {
    await guest.ory.getSelfServiceLoginFlow(await login(guest))
  },
  async getSelfServiceRegistrationFlow(guest) {
    await guest.ory.getSelfServiceRegistrationFlow(await registration(guest))
  },
  async getSelfServiceRecoveryFlow(guest) {
    await guest.ory.getSelfServiceRecoveryFlow(await recovery(guest))
  },
  async getSelfServiceVerificationFlow(guest) {
    await guest.ory.getSelfServiceVerificationFlow(await verification(guest))
  },
  async getSelfServiceSettingsFlow(guest) {
    const { token } = await guest.signUp()
    await guest.ory.getSelfServiceSettingsFlow(await settings(guest, token), token)
  },
  getSelfServiceError: ({ ory }) => ory.getSelfServiceError('stub:500'),

  // --- flows completed ---
  async submitSelfServiceRegistrationFlow(guest) {
    await guest.signUp()
  },
  async submitSelfServiceLoginFlow(guest) {
    await guest.signIn((await guest.signUp()).email)
  },
  async submitSelfServiceSettingsFlow(guest) {
    const { email, token } = await guest.signUp()
    await guest.ory.submitSelfServiceSettingsFlow(await settings(guest, token), profile(email), token)
  },
  async submitSelfServiceRecoveryFlow(guest) {
    const { email } = await guest.signUp()
    await guest.ory.submitSelfServiceRecoveryFlow(await recovery(guest), { method: 'link', email })
  },
  async submitSelfServiceVerificationFlow(guest) {
    const { email } = await guest.signUp()
    await guest.ory.submitSelfServiceVerificationFlow(await verification(guest), { method: 'link', email })
  },

  // --- sessions ---
  async toSession(guest) {
    await guest.ory.toSession((await guest.signUp()).token)
  },
  async listSessions(guest) {
    const { email } = await guest.signUp()
    await guest.ory.listSessions(await guest.signIn(email))
  },
  async revokeSession(guest) {
    const { email, token } = await guest.signUp()
    const { id } = (await guest.ory.toSession(token)).data
    await guest.ory.revokeSession(id, withToken(await guest.signIn(email)))
  },
  async revokeSessions(guest) {
    const { email } = await guest.signUp()
    await guest.ory.revokeSessions(await guest.signIn(email))
  },
  async createSelfServiceLogoutFlowUrlForBrowsers(guest) {
    await guest.ory.createSelfServiceLogoutFlowUrlForBrowsers(await guest.signUpInBrowser())
  },
  async submitSelfServiceLogoutFlow(guest) {
    const cookie = await guest.signUpInBrowser()
    const { logout_token } = (await guest.ory.createSelfServiceLogoutFlowUrlForBrowsers(cookie)).data
    await guest.ory.submitSelfServiceLogoutFlow(logout_token, undefined, withCookie(cookie))
  },
  async submitSelfServiceLogoutFlowWithoutBrowser(guest) {
    const { token } = await guest.signUp()
    await guest.ory.submitSelfServiceLogoutFlowWithoutBrowser({ session_token: token })
  },

  getWebAuthnJavaScript: ({ ory }) => ory.getWebAuthnJavaScript(),
}

export const ADMIN_CALLS: Readonly<Record<Extract<keyof OryClient, `admin${string}`>, Call>> = {
  adminCreateIdentity: (guest) => guest.makeIdentity(),
  async adminListIdentities(guest) {
    await guest.makeIdentity()
    await guest.ory.adminListIdentities(250)
  },
  async adminGetIdentity(guest) {
    await guest.ory.adminGetIdentity(await guest.makeIdentity(), ['oidc'])
  },
  async adminUpdateIdentity(guest) {
    const email = guest.newEmail()
    await guest.ory.adminUpdateIdentity(await guest.makeIdentity(email), {
      schema_id: 'default',
      state: 'inactive',
      traits: { email },
      credentials: { password: { config: { password: PASSWORD } } },
      metadata_public: { plan: 'free' },
    })
  },
  async adminDeleteIdentity(guest) {
    await guest.ory.adminDeleteIdentity(await guest.makeIdentity())
  },
  async adminListIdentitySessions(guest) {
    await guest.ory.adminListIdentitySessions((await guest.makeSession()).identity)
  },
  async adminDeleteIdentitySessions(guest) {
    await guest.ory.adminDeleteIdentitySessions((await guest.makeSession()).identity)
  },
  async adminExtendSession(guest) {
    await guest.ory.adminExtendSession((await guest.makeSession()).session)
  },
  async adminCreateSelfServiceRecoveryLink(guest) {
    const identity_id = await guest.makeIdentity()
    await guest.ory.adminCreateSelfServiceRecoveryLink({ identity_id, expires_in: '1h' })
  },
}
