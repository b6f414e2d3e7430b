import type { JsonObject } from '../../src/json.ts'
import type { FlowName } from '../support/people.ts'
import { SecurityKey } from '../support/security-key.ts'
import {
  type ByPreference,
  type ByState,
  begin,
  bodyOf,
  INTERNAL_ERROR,
  NOBODY,
  PASSWORD,
  type Situation,
  submit,
  type Ways,
} from './situation.ts'

/* How every documented status of the self-service flows comes about. */

const HTML = 'text/html'
const ELSEWHERE = 'return_to=https%3A%2F%2Felsewhere.example.com'
const NO_URL = 'return_to=http%3A%2F%2F%5B'

const signIn = (identifier: string, password = PASSWORD) => ({
  method: 'password',
  identifier,
  password_identifier: identifier,
  password,
})
const MEMBER = signIn('member@example.com')

type Started = Exclude<FlowName, 'settings'>

/** How a flow is begun: everything is the same but who may. */
const initApi = (kind: Started) => ({
  200: ({ app }: Situation) => app.send(`GET /self-service/${kind}/api`),
  400: ({ app }: Situation) => app.send(`GET /self-service/${kind}/api?${ELSEWHERE}`),
  500: ({ app }: Situation) => app.send(`GET /self-service/${kind}/api?${NO_URL}`),
})

const initBrowser = (kind: Started) => ({
  200: (at: Situation) => at.browser().send(`GET /self-service/${kind}/browser`),
  303: (at: Situation) => at.browser().send(`GET /self-service/${kind}/browser`, { accept: HTML }),
  500: (at: Situation) => at.browser().send(`GET /self-service/${kind}/browser?${NO_URL}`),
})

const initBrowser400 =
  (kind: Started): ByState =>
  (at) =>
    at.browser().send(`GET /self-service/${kind}/browser?${ELSEWHERE}`)

const fetchFlow = (kind: Started) => ({
  200: async ({ app }: Situation) => {
    const id = await app.read(`GET /self-service/${kind}/api`, '/id')
    await app.send(`GET /self-service/${kind}/flows?id=${id}`)
  },
  404: ({ app }: Situation) => app.send(`GET /self-service/${kind}/flows?id=${NOBODY}`),
  500: INTERNAL_ERROR,
})

const fetchWithoutCookie =
  (kind: Started): ByState =>
  async (at) => {
    const { id } = await begin(at.browser(), kind)
    await at.browser().send(`GET /self-service/${kind}/flows?id=${id}`)
  }

const fetchExpired =
  (kind: Started): ByState =>
  async (at) => {
    const id = await at.app.read(`GET /self-service/${kind}/api`, '/id')
    await at.advance('31m')
    await at.app.send(`GET /self-service/${kind}/flows?id=${id}`)
  }

/** In a native app. */
const submitInApp =
  (kind: Started, json: JsonObject): ByState =>
  async ({ app }) => {
    const id = await app.read(`GET /self-service/${kind}/api`, '/id')
    await app.send(`POST /self-service/${kind}?flow=${id}`, { json })
  }

const submitForm =
  (kind: Started, values: Readonly<Record<string, string>>): ByState =>
  async (at) => {
    const browser = at.browser()
    await submit(browser, kind, await begin(browser, kind), values, 'form')
  }

const submitExpired =
  (kind: Started, json: JsonObject): ByState =>
  async (at) => {
    const id = await at.app.read(`GET /self-service/${kind}/api`, '/id')
    await at.advance('31m')
    await at.app.send(`POST /self-service/${kind}?flow=${id}`, { json })
  }

const goToProvider =
  (kind: Started): ByState =>
  async (at) => {
    const browser = at.browser()
    await submit(browser, kind, await begin(browser, kind), { method: 'oidc', provider: 'acme' })
  }

/** What does not parse is no message in a browser's form. */
const submitHalf =
  (kind: Started): ByState =>
  async (at) => {
    const browser = at.browser()
    const { id } = await begin(browser, kind)
    await browser.send(`POST /self-service/${kind}?flow=${id}`, { jsonText: '{"method":"password"' })
  }

const FOLLOWED: ByPreference = {
  preferred: 'an expired recovery or verification is answered by a redirect to its replacement, also to JSON clients',
}

/** The flows that send a link. */
const submitLink = (kind: 'recovery' | 'verification') => ({
  200: submitInApp(kind, { method: 'link', email: 'member@example.com' }),
  303: submitForm(kind, { method: 'link', email: 'member@example.com' }),
  400: submitInApp(kind, { method: 'link' }),
  410: FOLLOWED,
  500: INTERNAL_ERROR,
})

const SIGN_UP = { method: 'password', password: 'correct-horse-battery', traits: { email: 'new@example.com' } }
const SIGN_UP_FORM = { method: 'password', password: 'correct-horse-battery', 'traits.email': 'new@example.com' }

export const STATUSES_OF_FLOWS: Ways = {
  initializeSelfServiceLoginFlowWithoutBrowser: initApi('login'),
  initializeSelfServiceLoginFlowForBrowsers: { ...initBrowser('login'), 400: initBrowser400('login') },
  getSelfServiceLoginFlow: {
    ...fetchFlow('login'),
    403: fetchWithoutCookie('login'),
    410: fetchExpired('login'),
  },
  submitSelfServiceLoginFlow: {
    200: submitInApp('login', MEMBER),
    303: submitForm('login', MEMBER),
    400: submitInApp('login', signIn('member@example.com', 'not-my-password')),
    410: submitExpired('login', MEMBER),
    422: goToProvider('login'),
    500: submitHalf('login'),
  },

  initializeSelfServiceRegistrationFlowWithoutBrowser: initApi('registration'),
  initializeSelfServiceRegistrationFlowForBrowsers: initBrowser('registration'),
  getSelfServiceRegistrationFlow: {
    ...fetchFlow('registration'),
    403: fetchWithoutCookie('registration'),
    410: fetchExpired('registration'),
  },
  submitSelfServiceRegistrationFlow: {
    200: submitInApp('registration', SIGN_UP),
    303: submitForm('registration', SIGN_UP_FORM),
    400: submitInApp('registration', { ...SIGN_UP, traits: {} }),
    410: submitExpired('registration', SIGN_UP),
    422: goToProvider('registration'),
    500: submitHalf('registration'),
  },

  initializeSelfServiceRecoveryFlowWithoutBrowser: initApi('recovery'),
  initializeSelfServiceRecoveryFlowForBrowsers: { ...initBrowser('recovery'), 400: initBrowser400('recovery') },
  getSelfServiceRecoveryFlow: { ...fetchFlow('recovery'), 410: fetchExpired('recovery') },
  submitSelfServiceRecoveryFlow: submitLink('recovery'),

  initializeSelfServiceVerificationFlowWithoutBrowser: initApi('verification'),
  initializeSelfServiceVerificationFlowForBrowsers: initBrowser('verification'),
  getSelfServiceVerificationFlow: { ...fetchFlow('verification'), 403: fetchWithoutCookie('verification') },
  submitSelfServiceVerificationFlow: submitLink('verification'),

  getSelfServiceError: {
    200: ({ app }) => app.send('GET /self-service/errors?id=stub:500'),
    403: { thrown: 'error-forbidden' },
    404: ({ app }) => app.send(`GET /self-service/errors?id=${NOBODY}`),
    500: INTERNAL_ERROR,
  },
  getWebAuthnJavaScript: { 200: ({ app }) => app.send('GET /.well-known/ory/webauthn.js') },
}

// --- settings, which only somebody signed in has ------------------------------------------------------------------------------

const PROFILE = { method: 'profile', traits: { email: 'member@example.com', name: { first: 'Mem' } } }

const settingsInApp = async ({ app }: Situation, session: string): Promise<string> =>
  await app.read('GET /self-service/settings/api', '/id', { session })

/** Opens a flow of one's own and does something with it. */
const inOwnSettings =
  (then: (at: Situation, flow: string, session: string) => Promise<unknown>): ByState =>
  async (at) => {
    const session = await at.signIn()
    await then(at, await settingsInApp(at, session), session)
  }

const inOwnBrowser =
  (values: JsonObject, as: 'json' | 'form'): ByState =>
  async (at) => {
    const browser = await at.signedIn()
    await submit(browser, 'settings', await begin(browser, 'settings'), values, as)
  }

/** The answer of a key to another flow's challenge. */
const answerOfAnotherFlow: ByState = async (at) => {
  const browser = await at.signedIn()
  const other = await begin(browser, 'settings')
  const flow = await begin(browser, 'settings')
  const webauthn_register = new SecurityKey().register(bodyOf(other))
  await submit(browser, 'settings', flow, { webauthn_register, webauthn_register_displayname: 'blue key' })
}

export const STATUSES_OF_SETTINGS: Ways = {
  initializeSelfServiceSettingsFlowWithoutBrowser: {
    200: async (at) => await settingsInApp(at, await at.signIn()),
    400: async (at) => at.app.send(`GET /self-service/settings/api?${ELSEWHERE}`, { session: await at.signIn() }),
    500: async (at) => at.app.send(`GET /self-service/settings/api?${NO_URL}`, { session: await at.signIn() }),
  },
  initializeSelfServiceSettingsFlowForBrowsers: {
    200: async (at) => (await at.signedIn()).send('GET /self-service/settings/browser'),
    303: async (at) => (await at.signedIn()).send('GET /self-service/settings/browser', { accept: HTML }),
    400: async (at) => (await at.signedIn()).send(`GET /self-service/settings/browser?${ELSEWHERE}`),
    401: (at) => at.browser().send('GET /self-service/settings/browser'),
    403: async (at) => (await at.signedIn('two-factor@example.com')).send('GET /self-service/settings/browser'),
    500: async (at) => (await at.signedIn()).send(`GET /self-service/settings/browser?${NO_URL}`),
  },
  getSelfServiceSettingsFlow: {
    200: inOwnSettings(({ app }, flow, session) =>
      app.send(`GET /self-service/settings/flows?id=${flow}`, { session }),
    ),
    401: inOwnSettings(({ app }, flow) => app.send(`GET /self-service/settings/flows?id=${flow}`)),
    403: inOwnSettings(async (at, flow) => {
      const session = await at.signIn('admin@example.com')
      await at.app.send(`GET /self-service/settings/flows?id=${flow}`, { session })
    }),
    404: async (at) => at.app.send(`GET /self-service/settings/flows?id=${NOBODY}`, { session: await at.signIn() }),
    410: inOwnSettings(async (at, flow, session) => {
      await at.advance('31m')
      await at.app.send(`GET /self-service/settings/flows?id=${flow}`, { session })
    }),
    500: INTERNAL_ERROR,
  },
  submitSelfServiceSettingsFlow: {
    200: inOwnSettings(({ app }, flow, session) =>
      app.send(`POST /self-service/settings?flow=${flow}`, { session, json: PROFILE }),
    ),
    303: inOwnBrowser({ method: 'profile', 'traits.email': 'member@example.com', 'traits.name.first': 'Mem' }, 'form'),
    400: inOwnSettings(({ app }, flow, session) =>
      app.send(`POST /self-service/settings?flow=${flow}`, {
        session,
        json: { method: 'password', password: 'short' },
      }),
    ),
    401: inOwnSettings(({ app }, flow) => app.send(`POST /self-service/settings?flow=${flow}`, { json: PROFILE })),
    403: inOwnSettings(async (at, flow, session) => {
      await at.advance('16m')
      const json = { method: 'password', password: 'correct-horse-battery' }
      await at.app.send(`POST /self-service/settings?flow=${flow}`, { session, json })
    }),
    410: inOwnSettings(async (at, flow, session) => {
      await at.advance('31m')
      await at.app.send(`POST /self-service/settings?flow=${flow}`, { session, json: PROFILE })
    }),
    422: inOwnBrowser({ link: 'acme' }, 'json'),
    500: answerOfAnotherFlow,
  },
}
