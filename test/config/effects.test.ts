import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configSchema, NO_EFFECT } from '../../src/config/config-schema.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { fieldOf, fieldsOf, Guest, groupsOf, PASSWORD, textsOf } from './guest.ts'

/*
 * Every key of the configuration that has an effect, with what a client sees of it before and after it is changed while
 * the server runs (PATCH /__mock/config).
 */

interface Row {
  /** As in kratos.yml and keto.yml, dotted; `<method>` stands for each method. */
  readonly key: string
  readonly patch: JsonObject
  /** What a client sees of it. */
  readonly see: (guest: Guest) => Promise<unknown>
  readonly before: unknown
  readonly after: unknown
}

const MINUTE = 60_000
const APP = 'https://app.example.org'

let server: OnePortMock

beforeAll(async () => {
  const config = mergeConfig(demoConfig(), { namespaces: [{ id: 0, name: 'videos' }] })
  server = await startOnePort({ config, fixture: 'team', auth: 'off' })
})
afterAll(async () => {
  expect(server.failures).toEqual([])
  await server.close()
})
beforeEach(async () => {
  await new Guest(server).control('POST /__mock/reset')
})

/** `flows.login.lifespan` of that value as a patch. */
function patchOf(key: string, value: Json): JsonObject {
  return key.split('.').reduceRight<Json>((inner, name) => ({ [name]: inner }), value) as JsonObject
}

const row = (key: string, value: Json, see: Row['see'], before: unknown, after: unknown): Row => ({
  key,
  patch: patchOf(key, value),
  see,
  before,
  after,
})

/** Where a redirect leads, without the server's own address and without ids. */
function whereTo(location: string | undefined): string {
  return (location ?? 'nowhere').replace(server.url, '').replace(/[0-9a-f-]{36}/g, 'ID')
}

const statusOf =
  (request: string, body?: Json): Row['see'] =>
  async (guest) =>
    (await guest.json(request, body)).status

function lifespanOf(kind: string): Row['see'] {
  return async (guest) => {
    if (kind === 'settings') await guest.signIn('member@example.com')
    const { json } = await guest.json(`GET /self-service/${kind}/api`)
    return Date.parse(String(pointed(json, '/expires_at'))) - Date.parse(String(pointed(json, '/issued_at')))
  }
}

function pageOf(kind: string): Row['see'] {
  return async (guest) => {
    if (kind === 'settings') await guest.enter('member@example.com')
    return whereTo((await guest.browse(`GET /self-service/${kind}/browser`)).headers.location)
  }
}

const login: Row['see'] = async (guest) => whereTo((await guest.enter('member@example.com')).headers.location)

const registration: Row['see'] = async (guest) => {
  const fields = { method: 'password', password: PASSWORD, 'traits.email': 'new@example.com' }
  return whereTo((await guest.submit('registration', fields)).headers.location)
}

/** Changes the password in the browser. */
const newPassword: Row['see'] = async (guest) => {
  await guest.enter('member@example.com')
  const answer = await guest.submit('settings', { method: 'password', password: 'another-castle-0815' })
  return whereTo(answer.headers.location)
}

const newName: Row['see'] = async (guest) => {
  await guest.enter('member@example.com')
  const fields = { method: 'profile', 'traits.email': 'member@example.com', 'traits.name.first': 'Member' }
  return whereTo((await guest.submit('settings', fields)).headers.location)
}

/** Signs in twice: what becomes of the first session. */
const firstOfTwo: Row['see'] = async (guest) => {
  const first = new Guest(server)
  await first.signIn('member@example.com')
  await guest.signIn('member@example.com')
  return (await first.json('GET /sessions/whoami')).status
}

const registeredWith: Row['see'] = async (guest) => {
  const { json } = await guest.signUp('new@example.com')
  return typeof pointed(json, '/session_token')
}

const groupsIn =
  (path: string): Row['see'] =>
  async (guest) => {
    if (path.includes('settings')) await guest.signIn('member@example.com')
    return groupsOf((await guest.json(`GET ${path}`)).json)
  }

const signUpTexts = (password: string, email = 'new@example.com'): Row['see'] => {
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
function mailOf(kind: 'recovery' | 'verification', email: string, part: string): Row['see'] {
  return async (guest) => {
    const flow = pointed((await guest.json(`GET /self-service/${kind}/api`)).json, '/id')
    await guest.json(`POST /self-service/${kind}?flow=${flow}`, { method: 'link', email })
    return pointed(await lastMail(guest), `/${part}`)
  }
}

/** A link of the administrator for admin@example.com. */
async function recoveryLink(guest: Guest): Promise<string> {
  const { json } = await guest.json('GET /admin/identities')
  const identities: readonly Json[] = Array.isArray(json) ? json : []
  const identity = identities.find((each) => pointed(each, '/traits/email') === 'admin@example.com')
  const made = await guest.json('POST /admin/recovery/link', { identity_id: String(pointed(identity, '/id')) })
  return String(pointed(made.json, '/recovery_link'))
}

/** Opens a recovery link so much later. */
function linkAfter(minutes: number): Row['see'] {
  return async (guest) => {
    const link = await recoveryLink(guest)
    await guest.control('POST /__mock/clock/advance', { by: `${minutes}m` })
    const { headers } = await guest.browse(`GET ${link}`)
    return whereTo(headers.location).replace(/\?.*/, '')
  }
}

/** What the session cookie says beside its value. */
const sessionCookie: Row['see'] = async (guest) =>
  attributesOf(guest, 'ory_kratos_session', await guest.enter('member@example.com'))

const csrfCookie: Row['see'] = async (guest) => {
  const answer = await guest.browse('GET /self-service/login/browser')
  return attributesOf(guest, 'csrf_token', answer)
}

function attributesOf(_guest: Guest, name: string, { setCookies }: { readonly setCookies: readonly string[] }): string {
  const line =
    setCookies.find((each) => each.startsWith(name)) ?? setCookies.find((each) => !each.startsWith('csrf')) ?? ''
  const [pair = '', ...rest] = line.split('; ')
  const shown = rest.filter((each) => !/^(Expires|HttpOnly)/.test(each))
  return [pair.split('=')[0]?.replace(/_[0-9a-f]{64}$/, ''), ...shown].join('; ')
}

function preflight(header: string, origin = APP): Row['see'] {
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

const CORS: JsonObject = { serve: { public: { cors: { allowed_origins: [APP] } } } }
const withCors = (key: string, value: Json, see: Row['see'], before: unknown, after: unknown): Row => ({
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

const returnTo = (address: string) =>
  statusOf(`GET /self-service/login/browser?return_to=${encodeURIComponent(address)}`)

const traitFields: Row['see'] = async (guest) => {
  const { json } = await guest.json('GET /self-service/registration/api')
  return fieldsOf(json).flatMap(({ name }) => (String(name).startsWith('traits.') ? [name] : []))
}

/** How deep a check looks: `videos:a` is reached in three steps. */
const deepCheck: Row['see'] = async (guest) => {
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
const issuerOffered: Row['see'] = async (guest) => {
  await guest.signIn('member@example.com')
  await guest.json('GET /self-service/settings/api')
  const { json } = await guest.json('GET /__mock/state')
  const flows = pointed(json, '/flows')
  const url = (Array.isArray(flows) ? flows : [])
    .map((flow: Json) => pointed(flow, '/totp_url'))
    .find((each) => each !== undefined)
  return new URL(String(url)).searchParams.get('issuer')
}

const longPassword = 'long-castle-'.repeat(7)

/** What the button for a security key says to the browser. */
function keyOption(name: string): Row['see'] {
  return async (guest) => {
    await guest.enter('member@example.com')
    const { json } = await guest.browse('GET /self-service/settings/browser', undefined, 'application/json')
    const onclick = String(fieldOf(json, 'webauthn_register_trigger')?.['onclick'] ?? '')
    return new RegExp(`"${name}":"([^"]*)"`).exec(onclick)?.[1]
  }
}

const FLOW = 'selfservice.flows'
const METHOD = 'selfservice.methods'
const HOOK = (hook: string) => [{ hook }]

const ROWS: readonly Row[] = [
  // addresses
  row('selfservice.default_browser_return_url', `${APP}/in`, login, '/ui/welcome', `${APP}/in`),
  row('selfservice.allowed_return_urls', [APP], returnTo(`${APP}/x`), 400, 200),
  row('mock.allow_loopback', false, returnTo('http://localhost:3000/x'), 200, 400),
  row(
    'serve.public.base_url',
    'https://auth.example.org/',
    async (guest) =>
      pointed((await guest.json('GET /self-service/login/api')).json, '/ui/action')
        ?.toString()
        .replace(server.url, '')
        .replace(/\?.*/, ''),
    '/self-service/login',
    'https://auth.example.org/self-service/login',
  ),
  row(
    'serve.admin.base_url',
    'https://admin.example.org/',
    async (guest) => {
      const { headers } = await guest.json('GET /admin/identities?per_page=2')
      return /<([^?>]*)/.exec(String(headers['link']))?.[1]?.replace(server.url, '')
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
      whereTo(
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
      return whereTo((await guest.browse(`GET ${pointed(json, '/logout_url')}`)).headers.location)
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
      await new Guest(server).browse(`GET ${await recoveryLink(guest)}`)
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
      return whereTo((await guest.browse(`GET ${link}`)).headers.location)
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
      return Date.parse(String(pointed(json, '/session/expires_at'))) - server.world().now()
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

const METHODS = /\.(password|oidc|webauthn|totp|lookup_secret|profile)\.(hooks|default_browser_return_url)$/

/** Every key with an effect, `<method>` for each method. */
function keysOf(schema: JsonObject, path: readonly string[] = []): string[] {
  if (schema[NO_EFFECT] !== undefined || path.at(-1) === '$schema') return []
  const items = isJsonObject(schema['items']) ? schema['items'] : {}
  const hooks = pointed(items, '/properties/hook/enum')
  if (Array.isArray(hooks) && hooks.every((hook) => hook === 'web_hook')) return []
  const properties = schema['properties']
  if (!isJsonObject(properties)) return [path.join('.').replace(METHODS, '.<method>.$2')]
  return Object.entries(properties).flatMap(([key, child]) =>
    isJsonObject(child) ? keysOf(child, [...path, key]) : [],
  )
}

/** Proved elsewhere: what is read when the server starts, and what takes a security key or a social provider to see. */
const ELSEWHERE =
  /^(serve\.(public|admin|read|write)\.port|mock\.(switches|disable_api_flow_enforcement)|selfservice\.methods\.(webauthn\.config\.rp\.origin|oidc\..*))$/

test('every key of the schema that has an effect is in the table above', () => {
  const proved = new Set(ROWS.map(({ key }) => key.replace(METHODS, '.<method>.$2')))
  const keys = [...new Set(keysOf(configSchema))].filter((key) => !ELSEWHERE.test(key))
  expect(keys.filter((key) => !proved.has(key))).toEqual([])
})

describe('a key that is changed while the server runs has its effect at once', () => {
  test.each(ROWS.map((each) => [each.key, each] as const))('%s', async (_, { patch, see, before, after }) => {
    expect(await see(new Guest(server)), 'before').toEqual(before)
    await new Guest(server).control('POST /__mock/reset')
    await new Guest(server).control('PATCH /__mock/config', patch)
    expect(await see(new Guest(server)), 'after').toEqual(after)
  })
})
