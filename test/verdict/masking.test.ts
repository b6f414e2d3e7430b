import { describe, expect, it } from 'vitest'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { World } from '../../src/state/world.ts'
import { showEntry } from '../../src/verdict/entry.ts'
import type { Recorded } from '../../src/verdict/journal.ts'
import { Masking } from '../../src/verdict/mask.ts'
import { startOnePort } from '../support/running-mock.ts'
import { stepsOf, take } from '../walk/steps.ts'
import { Walker } from '../walk/walker.ts'

const STEPS = process.env['TEST_SCALE'] === 'full' ? 3_000 : 300
const PATIENCE = 600_000

/** A recovery ends all other sessions: the walk expects it. */
const WALKED = mergeConfig(demoConfig(), {
  selfservice: {
    flows: { recovery: { after: { hooks: [{ hook: 'revoke_active_sessions' }] } } },
    methods: { link: { config: { lifespan: '6h' } } },
  },
})

/** Where answers and requests carry secrets, whatever the masking knows of them. */
const CARRIERS = [
  /"session_token":"([^"]+)"/g,
  /"logout_token":"([^"]+)"/g,
  /"(?:password|lookup_secret|totp_code)":"([^"]+)"/g,
  /"name":"csrf_token","type":"hidden","value":"([^"]+)"/g,
  /"secret":"([A-Z2-7]{16,})"/g,
  /(?:\?|&|\\u0026|&#38;)(?:token|code|state|logout_token)=([^"&\\\s<#]+)/g,
  /src":"(data:image[^"]+)"/g,
]

/** The secrets of an exchange as they were sent, and those that the world has come to hold. */
function harvest(entry: Recorded, world: World, secrets: Set<string>): void {
  const { requestBody, responseBody, responseHeaders, cookies, target } = entry
  const texts = [requestBody, responseBody, target, responseHeaders['Location'] ?? '']
  for (const text of texts)
    for (const form of CARRIERS) for (const [, found = ''] of text.matchAll(form)) secrets.add(found)
  for (const { value } of cookies) secrets.add(value)
  for (let at = 0; at < entry.requestHeaders.length; at += 2) {
    const [name = '', value = ''] = entry.requestHeaders.slice(at)
    if (/^cookie$/i.test(name)) for (const [, each = ''] of value.matchAll(/=([^;]+)/g)) secrets.add(each)
    if (/^(x-session-token|authorization)$/i.test(name)) secrets.add(value.replace(/^Bearer /, ''))
  }
  for (const { token, logout_token } of world.sessions.values()) secrets.add(token).add(logout_token)
  for (const { token } of world.linkTokens.values()) secrets.add(token)
  for (const { credentials } of world.identities.values()) {
    for (const { code } of credentials.lookup_secret?.config.recovery_codes ?? []) secrets.add(code)
    const url = credentials.totp?.config.totp_url
    if (url !== undefined) secrets.add(new URL(url).searchParams.get('secret') ?? '')
    const hash = credentials.password?.config.hashed_password
    if (hash !== undefined) secrets.add(hash)
  }
}

describe('masking', () => {
  it('a random walk leaves none of its secrets in the journal, in any spelling', { timeout: PATIENCE }, async () => {
    const secrets = new Set<string>()
    const shown: string[] = []
    const open: string[] = []
    const server = await startOnePort({ config: WALKED })
    server.mock.journals.listen((entry) => {
      harvest(entry, server.world(), secrets)
      shown.push(JSON.stringify(showEntry(entry, false)))
      open.push(JSON.stringify(showEntry(entry, true)))
    })
    const walker = new Walker(server)
    await take(walker, stepsOf(8, STEPS))
    await server.close()
    for (const { password, oldPasswords, totp, codes } of walker.model.people)
      for (const each of [password, totp, ...oldPasswords, ...codes]) if (each) secrets.add(each)
    // shorter ones are parts of other words, and odd values are sent in every place
    const telling = [...secrets].filter((secret) => secret.length >= 8 && !/^ü+$|^\.\.\/|@/.test(secret))
    const spellings = telling.flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
    ])
    const [masked, whole] = [shown.join('\n'), open.join('\n')]
    expect(telling.filter((secret) => whole.includes(secret)).length).toBeGreaterThan(100)
    expect(spellings.filter((secret) => masked.includes(secret))).toEqual([])
  })
})

const mask = (value: Json): Json => new Masking().json(value)

describe('what is secret', () => {
  const cases: readonly [title: string, JsonObject, JsonObject][] = [
    ['a password', { password: 'p', identifier: 'i' }, { password: '<masked>', identifier: 'i' }],
    ['flat JSON', { 'credentials.password': 'p' }, { 'credentials.password': '<masked>' }],
    [
      'credentials of an identity, but not its identifiers',
      { credentials: { password: { identifiers: ['a@b.c'], config: { hashed_password: '$2a$' } } } },
      { credentials: { password: { identifiers: ['a@b.c'], config: { hashed_password: '<masked>' } } } },
    ],
    [
      'a node that holds a secret',
      { attributes: { name: 'csrf_token', value: 'abc' } },
      { attributes: { name: 'csrf_token', value: '<masked>' } },
    ],
    [
      'what lookup codes stand in',
      { context: { secrets: [{ id: 1, text: 'abc' }] } },
      { context: { secrets: [{ id: 1, text: '<masked>' }] } },
    ],
    ['a picture of a secret', { src: 'data:image/png;base64,AAAA' }, { src: '<masked>' }],
    [
      'what a JSON Patch writes',
      { op: 'add', path: '/services/identity/config/secrets/cookie/0', value: 'abc' },
      { op: 'add', path: '/services/identity/config/secrets/cookie/0', value: '<masked>' },
    ],
    [
      'the key of a web hook',
      { auth: { type: 'api_key', config: { name: 'X-Key', value: 'abc', in: 'header' } } },
      { auth: { type: 'api_key', config: { name: 'X-Key', value: '<masked>', in: 'header' } } },
    ],
    [
      'the password of a connection',
      { connection_uri: 'smtps://user:pass@host:1025/?skip=true' },
      { connection_uri: 'smtps://user:<masked>@host:1025/?skip=true' },
    ],
    [
      'the token of a link',
      { text: 'see http://h/self-service/recovery?flow=f&token=abc now' },
      { text: 'see http://h/self-service/recovery?flow=f&token=<masked> now' },
    ],
    [
      'the challenge of a security key, in the script of its button',
      { attributes: { name: 'webauthn_login_trigger', value: '', onclick: 'go({"challenge":"abc"})' } },
      { attributes: { name: 'webauthn_login_trigger', value: '', onclick: '<masked>' } },
    ],
    [
      'what a security key answers',
      { method: 'webauthn', webauthn_register: '{"id":"a"}', webauthn_login: '{"id":"b"}' },
      { method: 'webauthn', webauthn_register: '<masked>', webauthn_login: '<masked>' },
    ],
    [
      'a backup code and a code of an app',
      { lookup_secret: 'a', totp_code: '1' },
      { lookup_secret: '<masked>', totp_code: '<masked>' },
    ],
    [
      'tokens of a social provider',
      { initial_id_token: 'a', access_token: 'b' },
      { initial_id_token: '<masked>', access_token: '<masked>' },
    ],
    [
      'the secrets of a project, of its providers and of its web hooks',
      {
        kratos_secrets_cipher: ['a'],
        client_secret: 'b',
        apple_private_key: 'c',
        web_hook_config_auth_api_key_value: 'd',
      },
      {
        kratos_secrets_cipher: ['<masked>'],
        client_secret: '<masked>',
        apple_private_key: '<masked>',
        web_hook_config_auth_api_key_value: '<masked>',
      },
    ],
    [
      'the secret in the address of an authenticator app',
      { totp_url: 'otpauth://totp/demo:ada?secret=ABC&issuer=demo' },
      { totp_url: 'otpauth://totp/demo:ada?secret=<masked>&issuer=demo' },
    ],
    [
      'the links for recovery and signing out',
      { recovery_link: 'http://h/r?flow=f&token=abc', logout_url: 'http://h/l?token=abc' },
      { recovery_link: 'http://h/r?flow=f&token=<masked>', logout_url: 'http://h/l?token=<masked>' },
    ],
    [
      'a token in an address within an address',
      { text: 'http://h/?return_to=http%3A%2F%2Fapp%2F%3Ftoken%3Dabc' },
      { text: 'http://h/?return_to=http%3A%2F%2Fapp%2F%3Ftoken%3D%3Cmasked%3E' },
    ],
    ['a parameter whose name is encoded', { text: '/x?pass%77ord=abc' }, { text: '/x?pass%77ord=<masked>' }],
    [
      'what a social provider puts behind the #',
      { text: 'http://h/#access_token=abc' },
      { text: 'http://h/#access_token=<masked>' },
    ],
    ['the code of an error is none', { error: { code: 400 } }, { error: { code: 400 } }],
    ['the place in a list is none', { next_page_token: 'abc' }, { next_page_token: 'abc' }],
    ['a key named __proto__ is data', JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"a": 1}}')],
  ]

  it.each(cases)('%s', (_, value, expected) => {
    expect(mask(value)).toEqual(expected)
    expect(JSON.stringify(mask(value))).toBe(JSON.stringify(expected))
  })

  it('a secret that is named in one place is masked in all others', () => {
    const masking = new Masking()
    const body = masking.json({ context: { secret: 'JBSWY3DPEHPK3PXP' }, text: 'Type JBSWY3DPEHPK3PXP in' })
    expect(masking.scrub(body)).toEqual({ context: { secret: '<masked>' }, text: 'Type <masked> in' })
  })

  it('headers: tokens, cookies but for those that choose a sandbox or a switch, addresses', () => {
    const headers = new Masking().headers({
      authorization: 'Bearer abc',
      'x-session-token': 'abc',
      cookie: 'a=1; mock_sandbox=mine; nameless',
      'set-cookie': ['s=abc; Path=/; HttpOnly', 'gone=; Max-Age=0'],
      location: 'http://h/?code=abc&flow=f',
      accept: '*/*',
    })
    expect(headers).toEqual({
      authorization: 'Bearer <masked>',
      'x-session-token': '<masked>',
      cookie: 'a=<masked>; mock_sandbox=mine; <masked>',
      'set-cookie': ['s=<masked>; Path=/; HttpOnly', 'gone=; Max-Age=0'],
      location: 'http://h/?code=<masked>&flow=f',
      accept: '*/*',
    })
  })

  it('forms: fields by their names; what is no form is not shown', () => {
    expect(new Masking().form('password=a%20b&traits.email=a%40b.c')).toBe('password=<masked>&traits.email=a%40b.c')
    expect(new Masking().form('{"password":"abc"}')).toBeUndefined()
  })
})
