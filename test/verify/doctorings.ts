import { isJsonObject, type Json } from '../../src/json.ts'
import type { Doctored } from '../support/doctored-server.ts'

/* Twenty-six ways in which a server may answer otherwise, and what `verify` has to say of each. */

export interface Doctoring {
  readonly kind: string
  readonly conversation: string
  /** `METHOD /path`. */
  readonly call: string
  /** Only answers of this status are changed. */
  readonly status: number
  readonly change: (answer: Doctored) => void
  readonly where: string
  readonly recorded: string | RegExp
  readonly here: string | RegExp
}

/** Sets what stands at a pointer of the body, or takes it away (`undefined`); `change` gets what stands there. */
function body(pointer: string, change: (value: Json | undefined) => Json | undefined): (answer: Doctored) => void {
  return (answer) => {
    answer.text = JSON.stringify(changed(JSON.parse(answer.text), pointer.split('/').slice(1), change))
  }
}

function changed(
  value: Json | undefined,
  [key, ...rest]: readonly string[],
  change: (value: Json | undefined) => Json | undefined,
): Json | undefined {
  if (key === undefined) return change(value)
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (String(index) === key ? changed(item, rest, change) : item) ?? null)
  }
  return isJsonObject(value) ? { ...value, [key]: changed(value[key], rest, change) } : value
}

const list = (change: (items: readonly Json[]) => readonly Json[]) => (value: Json | undefined) =>
  Array.isArray(value) ? change(value) : value

const cookie = (pattern: RegExp, text: string) => (answer: Doctored) => {
  answer.setCookies = answer.setCookies.map((line) => line.replace(pattern, text))
}

const LOGIN = { conversation: 'login-init-browser-json', call: 'GET /self-service/login/flows', status: 200 }
const COOKIE = { conversation: 'login-init-browser-json', call: 'GET /self-service/login/browser', status: 200 }
const PAGE = { conversation: 'login-init-browser-html', call: 'GET /self-service/login/browser', status: 303 }
const WHOAMI = { conversation: 'registration-api', call: 'GET /sessions/whoami', status: 200 }
const TAKEN = { conversation: 'registration-api', call: 'POST /self-service/registration', status: 400 }
const CREATED = { conversation: 'login-password-api', call: 'POST /admin/identities', status: 201 }

const HIDDEN = { attributes: { name: 'extra', type: 'hidden', node_type: 'input', disabled: false } }

export const doctorings: readonly Doctoring[] = [
  {
    kind: 'another status',
    ...WHOAMI,
    change: (answer) => (answer.status = 203),
    where: '/status',
    recorded: '200',
    here: '203',
  },
  {
    kind: 'a member that is missing',
    ...CREATED,
    change: body('/state', () => undefined),
    where: '/body/state',
    recorded: '"active"',
    here: 'nothing',
  },
  {
    kind: 'a member more',
    ...CREATED,
    change: body('/organization_id', () => null),
    where: '/body/organization_id',
    recorded: 'nothing',
    here: 'null',
  },
  {
    kind: 'another value',
    ...LOGIN,
    change: body('/ui/method', () => 'post'),
    where: '/body/ui/method',
    recorded: '"POST"',
    here: '"post"',
  },
  {
    kind: 'another type',
    ...LOGIN,
    change: body('/refresh', () => 'false'),
    where: '/body/refresh',
    recorded: 'false',
    here: '"false"',
  },
  {
    kind: 'null where there is an object',
    ...WHOAMI,
    change: body('/identity/traits', () => null),
    where: '/body/identity/traits',
    recorded: /^\{"age":33/,
    here: 'null',
  },
  {
    kind: 'an object where there is a list',
    ...WHOAMI,
    change: body('/authentication_methods', () => ({})),
    where: '/body/authentication_methods',
    recorded: /^\[\{"aal":"aal1"/,
    here: '{}',
  },
  {
    kind: 'a number that is another',
    ...CREATED,
    change: body('/credentials/password/version', () => 1),
    where: '/body/credentials/password/version',
    recorded: '0',
    here: '1',
  },
  {
    kind: 'another content type',
    ...WHOAMI,
    change: (answer) => (answer.headers['content-type'] = 'text/html'),
    where: '/headers/content-type',
    recorded: '"application/json"',
    here: '"text/html"',
  },
  {
    kind: 'a header that is missing',
    ...WHOAMI,
    change: (answer) => delete answer.headers['cache-control'],
    where: '/headers/cache-control',
    recorded: /no-store/,
    here: 'nothing',
  },
  {
    kind: 'a header more',
    ...WHOAMI,
    change: (answer) => (answer.headers['x-total-count'] = '1'),
    where: '/headers/x-total-count',
    recorded: 'nothing',
    here: '"1"',
  },
  {
    kind: 'a redirect elsewhere',
    ...PAGE,
    change: (answer) => (answer.headers['location'] = String(answer.headers['location']).replace('/login', '/signin')),
    where: '/headers/location',
    recorded: /4455\/login\?flow=/,
    here: /4455\/signin\?flow=/,
  },
  {
    kind: 'an attribute of a cookie that is missing',
    ...COOKIE,
    change: cookie(/; HttpOnly/i, ''),
    where: '/headers/set-cookie/*',
    recorded: /HttpOnly/,
    here: /^(?!.*HttpOnly)/,
  },
  {
    kind: 'an attribute of a cookie that is another',
    ...COOKIE,
    change: cookie(/SameSite=Lax/i, 'SameSite=Strict'),
    where: '/headers/set-cookie/*',
    recorded: /SameSite=Lax/,
    here: /SameSite=Strict/,
  },
  {
    kind: 'a cookie that lives shorter',
    ...COOKIE,
    change: cookie(/Max-Age=\d+/i, 'Max-Age=60'),
    where: '/headers/set-cookie/*',
    recorded: /Max-Age=31536000/,
    here: /Max-Age=60/,
  },
  {
    kind: 'a cookie more',
    ...COOKIE,
    change: (answer) => answer.setCookies.push('extra=1; Path=/'),
    where: '/headers/set-cookie/*',
    recorded: 'nothing',
    here: '"extra=<value>; Path=/"',
  },
  {
    kind: 'the id of a message',
    ...TAKEN,
    change: body('/ui/messages/0/id', () => 4000027),
    where: '/body/ui/messages/*/id',
    recorded: '4000007',
    here: '4000027',
  },
  {
    kind: 'the text of a message',
    ...TAKEN,
    change: body('/ui/messages/0/text', () => 'Taken.'),
    where: '/body/ui/messages/*/text',
    recorded: /^"An account with/,
    here: '"Taken."',
  },
  {
    kind: 'the order of nodes',
    ...LOGIN,
    change: body(
      '/ui/nodes',
      list((nodes) => [...nodes].reverse()),
    ),
    where: '/body/ui/nodes (order)',
    recorded: 'csrf_token, identifier, password, method',
    here: 'method, password, identifier, csrf_token',
  },
  {
    kind: 'a node that is missing',
    ...LOGIN,
    change: body(
      '/ui/nodes',
      list(([first, _, ...others]) => [first ?? null, ...others]),
    ),
    where: '/body/ui/nodes/*',
    recorded: /"name":"identifier"/,
    here: 'nothing',
  },
  {
    kind: 'a node more',
    ...LOGIN,
    change: body(
      '/ui/nodes',
      list(([first, ...others]) => [first ?? null, HIDDEN, ...others]),
    ),
    where: '/body/ui/nodes/*',
    recorded: 'nothing',
    here: /"name":"extra"/,
  },
  {
    kind: 'an attribute of a node',
    ...LOGIN,
    change: body('/ui/nodes/1/attributes/required', () => undefined),
    where: '/body/ui/nodes/*/attributes/required',
    recorded: 'true',
    here: 'nothing',
  },
  {
    kind: 'a flow that lives longer',
    ...LOGIN,
    change: body('/expires_at', (at) => new Date(Date.parse(String(at)) + 3_000_000).toISOString()),
    where: '/body/expires_at',
    recorded: '"<now+600s>"',
    here: '"<now+3600s>"',
  },
  {
    kind: 'an id that is not that of before',
    ...WHOAMI,
    change: body('/identity/id', () => '11111111-2222-4333-8444-555555555555'),
    where: '/body/identity/id',
    recorded: '"<uuid#2>"',
    here: /^"<uuid#\d+>"$/,
  },
  {
    kind: 'an id of another form',
    ...WHOAMI,
    change: body('/id', () => 'session-1'),
    where: '/body/id',
    recorded: '"<uuid#5>"',
    here: '"session-1"',
  },
  {
    kind: 'a page where there is JSON',
    ...LOGIN,
    change: (answer) => (answer.text = '<html>Sign in</html>'),
    where: '/body',
    recorded: /^\{"created_at"/,
    here: '"<html>"',
  },
]
