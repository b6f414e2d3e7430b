import { internal, internalError, notAlive, notReady, rateLimited, upstreamFailed } from '../../../errors.ts'
import type { Reply, SetCookie } from '../../../http/reply.ts'
import type { Json } from '../../../json.ts'
import { instant } from '../../../state/clock.ts'
import { refuse } from '../arrange.ts'
import { WITH_500 } from '../operation-ids.ts'
import { duration, millis } from '../parameters.ts'
import { mapMembers, onFirstObject, withBody } from '../rewrite.ts'
import type { SwitchContext, SwitchDefinition } from '../switch.ts'

const every = '*' as const
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const withCookies = (reply: Reply, change: (cookie: SetCookie) => SetCookie | undefined): Reply =>
  reply.cookies ? { ...reply, cookies: reply.cookies.flatMap((cookie) => change(cookie) ?? []) } : reply

const cookieFault = (
  title: string,
  how: string,
  sees: string,
  change: (cookie: SetCookie) => SetCookie | undefined,
) => ({
  title,
  operations: every,
  how,
  sees,
  effect: { afterCookies: (reply: Reply) => withCookies(reply, change) },
})

const offContract = (title: string, sees: string, change: (body: Json) => Json) => ({
  title,
  operations: every,
  how: 'A newer or an older server, a bug, a proxy that rewrites bodies.',
  sees,
  breaksContract: true as const,
  effect: { after: (reply: Reply) => withBody(reply, change) },
})

const instants = (change: (text: string) => string) => (body: Json) =>
  mapMembers(body, (_key, member) => (typeof member === 'string' && INSTANT.test(member) ? change(member) : member))

/** What the headers call the limit where none pass at all: that of Ory Network, used up by others. */
const USED_UP_BY_OTHERS = 10

/** How much of the present window is used up; windows follow each other by the world's clock. */
function windowOf(context: SwitchContext) {
  const { parameters, metAt, call } = context
  const now = call.world.now()
  const length = millis(context, 'window') || 1
  const begin = Math.floor(now / length) * length
  const limit = Number(parameters['limit'])
  const left = limit - metAt.filter((at) => at >= begin).length
  return { limit: limit || USED_UP_BY_OTHERS, left, length, reset: Math.ceil((begin + length - now) / 1000) }
}

/** 429 beyond so many calls in a window. */
function limitRate(context: SwitchContext): undefined {
  const { left, reset } = windowOf(context)
  if (left < 0) throw rateLimited(reset)
  return undefined
}

/** What Ory Network says of its windows, on every answer. */
function sayLimits(reply: Reply, context: SwitchContext): Reply {
  const { limit, left, length, reset } = windowOf(context)
  const seconds = Math.ceil(length / 1000)
  const headers = {
    'X-RateLimit-Limit': `${limit}, ${limit};w=${seconds}, ${limit * 30};w=${seconds * 60}`,
    'X-RateLimit-Remaining': String(Math.max(0, left)),
    'X-RateLimit-Reset': String(reset),
  }
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

const KINDS = ['500', '502', '503', '504', 'reset'] as const

/** How a call fails, chosen by seed and count; undefined where it does not. */
function failureOf({ parameters, chance }: SwitchContext): (typeof KINDS)[number] | undefined {
  if (chance() >= Number(parameters['share'])) return undefined
  const wanted = String(parameters['kinds']).split(/[\s,/]+/)
  const kind = wanted[Math.floor(chance() * wanted.length)]
  return KINDS.find((each) => each === kind)
}

function fail(context: SwitchContext): undefined {
  const kind = failureOf(context)
  if (kind === '500') throw internal('An upstream connection failed.')
  if (kind === '502' || kind === '503' || kind === '504') throw upstreamFailed(Number(kind))
  return undefined
}

/** ecosystem §4.10: what every operation can meet, and what no decoder expects. */
export const infrastructure = {
  'internal-error': {
    title: 'An internal server error',
    operations: WITH_500,
    status: 500,
    how: 'A bug, a database that is gone.',
    sees: '500 with the generic error; a browser is sent to the error page.',
    effect: { before: (context) => refuse(context, internalError()) },
  },
  'not-ready': {
    title: 'The server is not ready',
    operations: ['isReady'],
    status: 503,
    how: 'A rollout: migrations are not done, the database is not reachable.',
    sees: '503 on /health/ready, while /health/alive stays 200.',
    effect: {
      before: () => {
        throw notReady()
      },
    },
  },
  'alive-500': {
    title: 'The server is not alive',
    operations: ['isAlive'],
    status: 500,
    how: 'The process is about to be restarted.',
    sees: '500 on /health/alive.',
    effect: {
      before: () => {
        throw notAlive()
      },
    },
  },
  'rate-limited': {
    title: 'Too many requests',
    operations: every,
    status: 429,
    how: 'More calls in a window than the plan allows.',
    sees: '429 with Retry-After once the window is full, really counted; X-RateLimit-Limit, -Remaining and -Reset on every answer.',
    parameters: {
      limit: {
        type: 'number',
        default: 0,
        minimum: 0,
        maximum: 999,
        help: 'how many calls a window allows; 0 lets none pass, as if others had used up all 10',
      },
      window: duration('1s', 'how long a window is, by the world’s clock'),
    },
    breaksContract: [429],
    counts: true,
    effect: { before: limitRate, after: sayLimits },
  },
  flaky: {
    title: 'Some calls fail',
    operations: every,
    how: 'An unreliable network or server.',
    sees: '500, 502, 503, 504 or a broken connection for a share of the calls, the same ones for the same seed.',
    parameters: {
      share: { type: 'number', default: 0.5, minimum: 0, maximum: 1, help: 'the share of the calls that fail' },
      kinds: {
        type: 'string',
        default: '500 500 503 502',
        pattern: '^(500|502|503|504|reset)([\\s,/]+(500|502|503|504|reset))*$',
        help: 'how they fail, in equal parts: 500, 502, 503, 504 or reset',
      },
    },
    breaksContract: [500, 502, 503, 504],
    counts: true,
    effect: {
      before: fail,
      transport: (context) => (failureOf(context) === 'reset' ? { fault: 'reset' } : {}),
    },
  },
  'clock-skew': {
    title: 'The clocks of server and client differ',
    operations: every,
    how: 'A client whose clock is wrong, a server in another data centre.',
    sees: 'issued_at, expires_at and authenticated_at lie off by the skew.',
    parameters: {
      by: { type: 'duration', default: '5m', help: 'how far the times lie in the future; negative for the past' },
    },
    effect: {
      after: (reply, context) => {
        const by = millis(context, 'by')
        const shift = (key: string, member: Json): Json =>
          /^(issued|expires|authenticated|completed)_at$/.test(key) &&
          typeof member === 'string' &&
          INSTANT.test(member)
            ? instant(Date.parse(member) + by)
            : member
        return withBody(reply, (body) => mapMembers(body, shift))
      },
    },
  },
  'cookie-not-set': cookieFault(
    'Cookies are not set',
    'A proxy or a browser setting removes them.',
    'No Set-Cookie; the next request is anonymous, and forms fail with security_csrf_violation.',
    () => undefined,
  ),
  'cookie-secure-on-http': cookieFault(
    'Cookies are Secure on plain HTTP',
    'The server runs without --dev.',
    'Set-Cookie with Secure: browsers drop it on http addresses other than localhost.',
    (cookie) => ({ ...cookie, secure: true }),
  ),
  'cookie-samesite-none': cookieFault(
    'Cookies are SameSite=None without Secure',
    'Cross-site set-ups that forget Secure.',
    'Set-Cookie with SameSite=None: browsers reject it.',
    (cookie) => ({ ...cookie, sameSite: 'None' }),
  ),
  'cookie-wrong-domain': cookieFault(
    'Cookies are for another domain',
    'cookies.domain does not fit the address.',
    'Set-Cookie with Domain=wrong.example.org: browsers drop it.',
    (cookie) => ({ ...cookie, domain: 'wrong.example.org' }),
  ),
  'spec-violating-null': offContract('A required field is null', 'The first field of the body is null.', (body) =>
    onFirstObject(body, (object) => ({ ...object, [Object.keys(object)[0] ?? 'id']: null })),
  ),
  'missing-required-field': offContract(
    'A required field is missing',
    'The first field of the body is missing.',
    (body) => onFirstObject(body, (object) => Object.fromEntries(Object.entries(object).slice(1))),
  ),
  'extra-field': offContract(
    'There is a field that the document does not know',
    'A field unexpected_field beside the others.',
    (body) => onFirstObject(body, (object) => ({ ...object, unexpected_field: 'surprise' })),
  ),
  'unknown-enum-value': offContract(
    'An enumeration has a value that the document does not know',
    'States, types and levels are "unknown_value".',
    (body) =>
      mapMembers(body, (key, member) =>
        /^(state|type|status|node_type|authenticator_assurance_level|requested_aal|aal|method|via)$/.test(key) &&
        typeof member === 'string'
          ? 'unknown_value'
          : member,
      ),
  ),
  'id-not-uuid': offContract('Ids are no UUIDs', 'Every id is "not-a-uuid".', (body) =>
    mapMembers(body, (key, member) => (key === 'id' && typeof member === 'string' ? 'not-a-uuid' : member)),
  ),
  'timestamp-with-nanoseconds': {
    title: 'Times have nine digits of a second',
    operations: every,
    how: 'The real servers print them right after something was made.',
    sees: 'Instants such as 2022-07-27T12:00:00.123456789Z.',
    effect: {
      after: (reply) =>
        withBody(
          reply,
          instants((text) => `${text.slice(0, 19)}.${(text.slice(20, -1) || '0').padEnd(9, '123456789')}Z`),
        ),
    },
  },
  'timestamp-without-zone': offContract(
    'Times have no zone',
    'Instants without the Z.',
    instants((text) => text.slice(0, -1)),
  ),
} as const satisfies Record<string, SwitchDefinition>
