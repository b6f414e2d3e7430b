import { type ByPreference, INTERNAL_ERROR, NOBODY, type Ways } from './situation.ts'

/* How every documented status of sessions, of signing out and of the service's health comes about. */

const NOTHING_TO_MISS: ByPreference = { preferred: 'who is signed in has sessions, and who is not gets 401' }
const NOTHING_TO_BREAK: ByPreference = { preferred: 'the request has nothing that could be wrong' }

export const STATUSES_OF_SESSIONS: Ways = {
  toSession: {
    200: async (at) => at.app.send('GET /sessions/whoami', { session: await at.signIn() }),
    401: ({ app }) => app.send('GET /sessions/whoami'),
    403: async (at) => at.app.send('GET /sessions/whoami', { session: await at.signIn('two-factor@example.com') }),
    500: INTERNAL_ERROR,
  },
  listSessions: {
    200: async (at) => at.app.send('GET /sessions', { session: await at.signIn() }),
    400: async (at) => at.app.send('GET /sessions?per_page=many', { session: await at.signIn() }),
    401: ({ app }) => app.send('GET /sessions'),
    404: NOTHING_TO_MISS,
    500: INTERNAL_ERROR,
  },
  revokeSessions: {
    200: async (at) => at.app.send('DELETE /sessions', { session: await at.signIn() }),
    400: NOTHING_TO_BREAK,
    401: ({ app }) => app.send('DELETE /sessions'),
    404: NOTHING_TO_MISS,
    500: INTERNAL_ERROR,
  },
  revokeSession: {
    204: async (at) => at.app.send(`DELETE /sessions/${NOBODY}`, { session: await at.signIn() }),
    400: async (at) => {
      const session = await at.signIn()
      const own = await at.app.read('GET /sessions/whoami', '/id', { session })
      await at.app.send(`DELETE /sessions/${own}`, { session })
    },
    401: ({ app }) => app.send(`DELETE /sessions/${NOBODY}`),
    500: INTERNAL_ERROR,
  },

  createSelfServiceLogoutFlowUrlForBrowsers: {
    200: async (at) => (await at.signedIn()).send('GET /self-service/logout/browser'),
    401: (at) => at.browser().send('GET /self-service/logout/browser'),
    500: INTERNAL_ERROR,
  },
  submitSelfServiceLogoutFlow: {
    204: async (at) => {
      const browser = await at.signedIn()
      const token = await browser.read('GET /self-service/logout/browser', '/logout_token')
      await browser.send(`GET /self-service/logout?token=${token}`)
    },
    303: async (at) => {
      const browser = await at.signedIn()
      const token = await browser.read('GET /self-service/logout/browser', '/logout_token')
      await browser.send(`GET /self-service/logout?token=${token}`, { accept: 'text/html' })
    },
    500: INTERNAL_ERROR,
  },
  submitSelfServiceLogoutFlowWithoutBrowser: {
    204: async (at) => at.app.send('DELETE /self-service/logout/api', { json: { session_token: await at.signIn() } }),
    400: ({ app }) => app.send('DELETE /self-service/logout/api', { json: {} }),
    500: INTERNAL_ERROR,
  },

  isAlive: { 200: ({ app }) => app.send('GET /health/alive'), 500: { thrown: 'alive-500' } },
  isReady: { 200: ({ app }) => app.send('GET /health/ready'), 503: { thrown: 'not-ready' } },
  getVersion: { 200: ({ app }) => app.send('GET /version') },
}
