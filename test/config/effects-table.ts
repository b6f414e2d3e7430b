import { expect } from 'vitest'
import { mergeConfig } from '../../src/config/merge.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { fieldOf, groupsOf, PASSWORD } from './guest.ts'
import {
  APP,
  csrfCookie,
  deepCheck,
  firstOfTwo,
  groupsIn,
  issuerOffered,
  keyOption,
  lifespanOf,
  linkAfter,
  login,
  mailOf,
  newName,
  newPassword,
  type Probe,
  pageOf,
  preflight,
  providerButtons,
  recoveryLink,
  registeredWith,
  registration,
  returnTo,
  sessionCookie,
  signUpTexts,
  statusOf,
  traitFields,
} from './probes.ts'

/*
 * Every key of the configuration that has an effect, with what a client sees of it before and after it is changed while
 * the server runs.
 */

export interface Row {
  /** As in kratos.yml and keto.yml, dotted; `<method>` stands for each method. */
  readonly key: string
  readonly patch: JsonObject
  /** What a client sees of it. */
  readonly see: Probe
  readonly before: unknown
  readonly after: unknown
}

const MINUTE = 60_000

/** `flows.login.lifespan` of that value as a patch. */
function patchOf(key: string, value: Json): JsonObject {
  return key.split('.').reduceRight<Json>((inner, name) => ({ [name]: inner }), value) as JsonObject
}

const row = (key: string, value: Json, see: Probe, before: unknown, after: unknown): Row => ({
  key,
  patch: patchOf(key, value),
  see,
  before,
  after,
})

const CORS: JsonObject = { serve: { public: { cors: { allowed_origins: [APP] } } } }
const withCors = (key: string, value: Json, see: Probe, before: unknown, after: unknown): Row => ({
  key: `serve.public.cors.${key}`,
  patch: mergeConfig(CORS, patchOf(`serve.public.cors.${key}`, value)),
  see: async (guest) => {
    // an origin has to be allowed before anything else can be seen
    const { json } = await guest.json('GET /__mock/config')
    const origins = pointed(json, '/serve/public/cors/allowed_origins')
    if (Array.isArray(origins) && origins.length === 0) await guest.control('PATCH /__mock/config', CORS)
    return see(guest)
  },
  before,
  after,
})

const longPassword = 'long-castle-'.repeat(7)

const FLOW = 'selfservice.flows'
const METHOD = 'selfservice.methods'
const HOOK = (hook: string) => [{ hook }]

export const ROWS: readonly Row[] = [
  // addresses
  row('selfservice.default_browser_return_url', `${APP}/in`, login, '/ui/welcome', `${APP}/in`),
  row('selfservice.allowed_return_urls', [APP], returnTo(`${APP}/x`), 400, 200),
  row('mock.allow_loopback', false, returnTo('http://localhost:3000/x'), 200, 400),
  row(
    'serve.public.base_url',
    'https://auth.example.org/',
    async (guest) => {
      const { json } = await guest.json('GET /self-service/login/api')
      return guest.shown(String(pointed(json, '/ui/action')))
    },
    '/self-service/login?flow=ID',
    'https://auth.example.org/self-service/login?flow=ID',
  ),
  row(
    'serve.admin.base_url',
    'https://admin.example.org/',
    async (guest) => {
      const { headers } = await guest.json('GET /admin/identities?per_page=2')
      return guest.shown(/<([^?>]*)/.exec(String(headers['link']))?.[1])
    },
    '/identities',
    'https://admin.example.org/identities',
  ),
  ...['login', 'registration', 'recovery', 'verification', 'settings'].flatMap((kind) => [
    row(`${FLOW}.${kind}.ui_url`, `${APP}/${kind}`, pageOf(kind), `/ui/${kind}?flow=ID`, `${APP}/${kind}?flow=ID`),
    row(`${FLOW}.${kind}.lifespan`, '7m', lifespanOf(kind), 30 * MINUTE, 7 * MINUTE),
  ]),
  row(
    `${FLOW}.error.ui_url`,
    `${APP}/error`,
    async (guest) =>
      guest.shown(
        (await guest.browse('GET /self-service/login/browser?return_to=https://evil.example.com')).headers.location,
      ),
    '/ui/error?id=ID',
    `${APP}/error?id=ID`,
  ),
  row(
    `${FLOW}.logout.after.default_browser_return_url`,
    `${APP}/bye`,
    async (guest) => {
      await guest.enter('member@example.com')
      const { json } = await guest.browse('GET /self-service/logout/browser', undefined, 'application/json')
      return guest.shown((await guest.browse(`GET ${pointed(json, '/logout_url')}`)).headers.location)
    },
    '/ui/welcome',
    `${APP}/bye`,
  ),
  row(`${FLOW}.login.after.default_browser_return_url`, `${APP}/in`, login, '/ui/welcome', `${APP}/in`),
  row(`${FLOW}.login.after.password.default_browser_return_url`, `${APP}/in`, login, '/ui/welcome', `${APP}/in`),
  row(`${FLOW}.registration.after.default_browser_return_url`, `${APP}/new`, registration, '/ui/welcome', `${APP}/new`),
  row(
    `${FLOW}.registration.after.password.default_browser_return_url`,
    `${APP}/new`,
    registration,
    '/ui/welcome',
    `${APP}/new`,
  ),
  row(
    `${FLOW}.settings.after.default_browser_return_url`,
    `${APP}/saved`,
    newName,
    '/ui/settings?flow=ID',
    `${APP}/saved`,
  ),
  row(
    `${FLOW}.settings.after.profile.default_browser_return_url`,
    `${APP}/saved`,
    newName,
    '/ui/settings?flow=ID',
    `${APP}/saved`,
  ),
  row(
    `${FLOW}.settings.after.password.default_browser_return_url`,
    `${APP}/saved`,
    newPassword,
    '/ui/settings?flow=ID',
    `${APP}/saved`,
  ),

  // what is offered
  row(`${FLOW}.registration.enabled`, false, statusOf('GET /self-service/registration/api'), 200, 400),
  row(`${FLOW}.recovery.enabled`, false, statusOf('GET /self-service/recovery/api'), 200, 400),
  row(`${FLOW}.verification.enabled`, false, statusOf('GET /self-service/verification/api'), 200, 400),
  row(`${METHOD}.password.enabled`, false, groupsIn('/self-service/login/api'), ['default', 'password'], []),
  row(
    `${METHOD}.profile.enabled`,
    false,
    async (guest) => ((await groupsIn('/self-service/settings/api')(guest)) as string[]).includes('profile'),
    true,
    false,
  ),
  row(
    `${METHOD}.totp.enabled`,
    false,
    async (guest) => ((await groupsIn('/self-service/settings/api')(guest)) as string[]).includes('totp'),
    true,
    false,
  ),
  row(
    `${METHOD}.lookup_secret.enabled`,
    false,
    async (guest) => ((await groupsIn('/self-service/settings/api')(guest)) as string[]).includes('lookup_secret'),
    true,
    false,
  ),
  row(`${METHOD}.link.enabled`, false, groupsIn('/self-service/recovery/api'), ['default', 'link'], []),

  // hooks
  row(`${FLOW}.login.after.hooks`, HOOK('revoke_active_sessions'), firstOfTwo, 200, 401),
  row(
    `${FLOW}.login.after.password.hooks`,
    HOOK('require_verified_address'),
    async (guest) => (await guest.signIn('unverified@example.com')).status,
    200,
    400,
  ),
  row(`${FLOW}.registration.after.password.hooks`, [], registeredWith, 'string', 'undefined'),
  {
    key: `${FLOW}.registration.after.hooks`,
    patch: patchOf(`${FLOW}.registration.after`, { hooks: [], password: null }),
    see: registeredWith,
    before: 'string',
    after: 'undefined',
  },

  row(
    `${FLOW}.recovery.after.hooks`,
    HOOK('revoke_active_sessions'),
    async (guest) => {
      await guest.signIn('admin@example.com')
      await guest.another().browse(`GET ${await recoveryLink(guest)}`)
      return (await guest.json('GET /sessions/whoami')).status
    },
    200,
    401,
  ),
  row(
    `${FLOW}.verification.after.default_browser_return_url`,
    `${APP}/verified`,
    async (guest) => {
      const body = await mailOf('verification', 'unverified@example.com', 'body')(guest)
      const link = /http\S+/.exec(String(body))?.[0]
      return guest.shown((await guest.browse(`GET ${link}`)).headers.location)
    },
    '/ui/verification?flow=ID',
    `${APP}/verified?flow=ID`,
  ),

  // sessions and second factors
  row(
    'session.lifespan',
    '1h',
    async (guest) => {
      const { json } = await guest.signIn('member@example.com')
      return Date.parse(String(pointed(json, '/session/expires_at'))) - guest.now()
    },
    24 * 60 * MINUTE,
    60 * MINUTE,
  ),
  row(
    'session.earliest_possible_extend',
    '1m',
    async (guest) => {
      const { json } = await guest.signIn('member@example.com')
      await guest.control('POST /__mock/clock/advance', { by: '1h' })
      const { json: extended } = await guest.json(`PATCH /admin/sessions/${pointed(json, '/session/id')}/extend`)
      return pointed(extended, '/expires_at') === pointed(json, '/session/expires_at')
    },
    false,
    true,
  ),
  row(
    'session.whoami.required_aal',
    'aal1',
    async (guest) => {
      await guest.signIn('two-factor@example.com')
      return (await guest.json('GET /sessions/whoami')).status
    },
    403,
    200,
  ),
  row(
    `${FLOW}.settings.required_aal`,
    'aal1',
    async (guest) => {
      await guest.signIn('two-factor@example.com')
      return (await guest.json('GET /self-service/settings/api')).status
    },
    403,
    200,
  ),
  row(
    `${FLOW}.settings.privileged_session_max_age`,
    '1m',
    async (guest) => {
      await guest.signIn('member@example.com')
      const flow = pointed((await guest.json('GET /self-service/settings/api')).json, '/id')
      await guest.control('POST /__mock/clock/advance', { by: '5m' })
      return (
        await guest.json(`POST /self-service/settings?flow=${flow}`, {
          method: 'password',
          password: 'another-castle-0815',
        })
      ).status
    },
    200,
    403,
  ),
  row(
    'session.cookie.name',
    'my_session',
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'my_session; Path=/; Max-Age=86400; SameSite=Lax',
  ),
  row(
    'session.cookie.persistent',
    false,
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'ory_kratos_session; Path=/; SameSite=Lax',
  ),
  row(
    'session.cookie.domain',
    'example.org',
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'ory_kratos_session; Path=/; Domain=example.org; Max-Age=86400; SameSite=Lax',
  ),
  row(
    'session.cookie.path',
    '/app',
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'ory_kratos_session; Path=/app; Max-Age=86400; SameSite=Lax',
  ),
  row(
    'session.cookie.same_site',
    'Strict',
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Strict',
  ),
  row(
    'cookies.domain',
    'example.org',
    csrfCookie,
    'csrf_token; Path=/; Max-Age=31536000; SameSite=Lax',
    'csrf_token; Path=/; Domain=example.org; Max-Age=31536000; SameSite=Lax',
  ),
  row(
    'cookies.path',
    '/app',
    csrfCookie,
    'csrf_token; Path=/; Max-Age=31536000; SameSite=Lax',
    'csrf_token; Path=/app; Max-Age=31536000; SameSite=Lax',
  ),
  row(
    'cookies.same_site',
    'Strict',
    sessionCookie,
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Lax',
    'ory_kratos_session; Path=/; Max-Age=86400; SameSite=Strict',
  ),

  // passwords, links, keys
  row(
    `${METHOD}.password.config.min_password_length`,
    20,
    signUpTexts(PASSWORD),
    'taken',
    expect.stringContaining('at least 20 characters'),
  ),
  row(
    `${METHOD}.password.config.identifier_similarity_check_enabled`,
    false,
    signUpTexts('somebody-new@example', 'somebody-new@example.com'),
    expect.stringContaining('too similar'),
    'taken',
  ),
  row(
    `${METHOD}.password.config.haveibeenpwned_enabled`,
    false,
    signUpTexts('password123'),
    expect.stringContaining('data breaches'),
    'taken',
  ),
  row(
    `${METHOD}.password.config.max_breaches`,
    1_000_000_000,
    signUpTexts('password123'),
    expect.stringContaining('data breaches'),
    'taken',
  ),
  row(
    'hashers.algorithm',
    'argon2',
    async (guest) => (await guest.signUp('new@example.com', longPassword)).status,
    400,
    200,
  ),
  row(`${METHOD}.link.config.lifespan`, '2m', linkAfter(5), '/ui/settings', '/ui/recovery'),
  row(
    `${METHOD}.link.config.base_url`,
    'https://links.example.org/',
    mailOf('recovery', 'member@example.com', 'body'),
    expect.stringMatching(/^http:\/\/127[^\n]*\/self-service\/recovery\?/m),
    expect.stringMatching(/^https:\/\/links\.example\.org\/self-service\/recovery\?/m),
  ),
  row(`${METHOD}.totp.config.issuer`, 'Shop', issuerOffered, 'Demo', 'Shop'),
  row(`${METHOD}.webauthn.enabled`, false, keyOption('name'), 'Demo', undefined),
  row(`${METHOD}.webauthn.config.rp.display_name`, 'Shop', keyOption('name'), 'Demo', 'Shop'),
  row(
    `${METHOD}.webauthn.config.rp.id`,
    'example.org',
    async (guest) => {
      await guest.enter('member@example.com')
      const { json } = await guest.browse('GET /self-service/settings/browser', undefined, 'application/json')
      return /"rp":\{[^}]*"id":"([^"]*)"/.exec(String(fieldOf(json, 'webauthn_register_trigger')?.['onclick']))?.[1]
    },
    '127.0.0.1',
    'example.org',
  ),
  row(
    `${METHOD}.webauthn.config.passwordless`,
    true,
    async (guest) => {
      const { json } = await guest.browse('GET /self-service/login/browser', undefined, 'application/json')
      return groupsOf(json).includes('webauthn')
    },
    false,
    true,
  ),

  // social sign-in
  row(`${METHOD}.oidc.enabled`, false, providerButtons, ['acme: Sign in with Acme'], []),
  row(
    `${METHOD}.oidc.config.providers`,
    [
      { id: 'home', provider: 'generic' },
      { id: 'hub', provider: 'github', label: 'The Hub' },
    ],
    providerButtons,
    ['acme: Sign in with Acme'],
    ['home: Sign in with home', 'hub: Sign in with The Hub'],
  ),
  row(
    `${METHOD}.oidc.config.base_redirect_uri`,
    'https://callback.example.org/',
    async (guest) => {
      const { headers } = await guest.submit('login', { provider: 'acme' })
      return guest.shown(new URL(String(headers.location)).searchParams.get('redirect_uri') ?? undefined)
    },
    '/self-service/methods/oidc/callback/acme',
    'https://callback.example.org/self-service/methods/oidc/callback/acme',
  ),

  // mails
  row(
    'courier.smtp.from_address',
    'post@example.org',
    mailOf('recovery', 'member@example.com', 'from'),
    expect.stringContaining('no-reply@demo.example.org'),
    expect.stringContaining('post@example.org'),
  ),
  row(
    'courier.smtp.from_name',
    'Shop',
    mailOf('recovery', 'member@example.com', 'from'),
    expect.stringContaining('Demo'),
    expect.stringContaining('Shop'),
  ),
  ...(['recovery', 'verification'] as const).flatMap((kind) =>
    (['valid', 'invalid'] as const).flatMap((which) => {
      const to = which === 'valid' ? 'unverified@example.com' : 'nobody@example.com'
      const key = `courier.templates.${kind}.${which}.email`
      return [
        row(
          `${key}.subject`,
          `base64://${btoa('Own')}`,
          mailOf(kind, to, 'subject'),
          expect.not.stringContaining('Own'),
          'Own',
        ),
        row(
          `${key}.body.plaintext`,
          `base64://${btoa('Own {{ .To }}')}`,
          mailOf(kind, to, 'body'),
          expect.not.stringContaining('Own'),
          `Own ${to}`,
        ),
        row(
          `${key}.body.html`,
          `base64://${btoa('<b>{{ .To }}</b>')}`,
          mailOf(kind, to, 'html'),
          expect.not.stringContaining('<b>'),
          `<b>${to}</b>`,
        ),
      ]
    }),
  ),

  // identities and permissions
  row(
    'identity.default_schema_id',
    'preset://username',
    traitFields,
    ['traits.email', 'traits.name.first', 'traits.name.last'],
    ['traits.username'],
  ),
  row(
    'identity.schemas',
    [{ id: 'default', url: 'preset://username' }],
    traitFields,
    ['traits.email', 'traits.name.first', 'traits.name.last'],
    ['traits.username'],
  ),
  row('namespaces', [{ id: 1, name: 'groups' }], statusOf('GET /relation-tuples?namespace=videos'), 200, 404),
  row('limit.max_read_depth', 2, deepCheck, true, false),

  // cross-origin calls
  row('serve.public.cors.allowed_origins', [APP], preflight('access-control-allow-origin'), 'absent', APP),
  row(
    'serve.public.cors.enabled',
    false,
    preflight('access-control-allow-origin', 'http://localhost:3000'),
    'http://localhost:3000',
    'absent',
  ),
  withCors(
    'allowed_methods',
    ['GET'],
    preflight('access-control-allow-methods'),
    expect.stringContaining('DELETE'),
    'absent',
  ),
  withCors(
    'allowed_headers',
    ['X-Other'],
    preflight('access-control-allow-headers'),
    expect.stringMatching(/x-session-token/i),
    'absent',
  ),
  withCors('max_age', 60, preflight('access-control-max-age'), 'absent', '60'),
  withCors('allow_credentials', false, preflight('access-control-allow-credentials'), 'true', 'absent'),
  withCors(
    'exposed_headers',
    ['X-Own'],
    async (guest) =>
      String(
        (await guest.json('GET /health/alive', undefined, { origin: APP })).headers['access-control-expose-headers'],
      ).includes('X-Own'),
    false,
    true,
  ),
]
