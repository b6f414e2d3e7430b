import { parseDuration } from '../../../config/duration.ts'
import { internal, OryError } from '../../../errors.ts'
import type { Reply, SetCookie } from '../../../http/reply.ts'
import type { Json } from '../../../json.ts'
import { instant } from '../../../state/clock.ts'
import { ALL, WITH_500 } from '../operation-ids.ts'
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

/** 429 beyond so many calls in a window, as Ory Network counts them. */
function limitRate({ parameters, recent }: SwitchContext): undefined {
  const limit = Number(parameters['limit'])
  const window = parseDuration(String(parameters['window'])) ?? 1000
  const calls = recent(window)
  if (calls <= limit) return undefined
  const seconds = Math.ceil(window / 1000)
  throw new OryError(
    429,
    { reason: 'The rate limit for this project has been exceeded.', message: 'Too many requests' },
    {
      headers: {
        'X-RateLimit-Limit': `${limit}, ${limit};w=${seconds}, ${limit * 30};w=${seconds * 60}`,
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': String(seconds),
        'Retry-After': String(seconds),
      },
    },
  )
}

/** One of a few failures for a share of the calls, chosen by seed and count. */
function flaky({ parameters, chance }: SwitchContext): undefined {
  if (chance() >= Number(parameters['share'])) return undefined
  const kind = chance()
  if (kind < 0.5) throw internal('An upstream connection failed.')
  throw new OryError(kind < 0.75 ? 503 : 502, {
    reason: 'The upstream server is not available.',
    message: 'no healthy upstream',
  })
}

/** ecosystem §4.10: what every operation can meet, and what no decoder expects. */
export const infrastructure = {
  'internal-error': {
    title: 'An internal server error',
    operations: WITH_500,
    status: 500,
    how: 'A bug, a database that is gone.',
    sees: '500 with the generic error.',
    effect: {
      before: () => {
        throw new OryError(500, {})
      },
    },
  },
  'not-ready': {
    title: 'The server is not ready',
    operations: ['isReady'],
    status: 503,
    how: 'A rollout: migrations are not done, the database is not reachable.',
    sees: '503 on /health/ready, while /health/alive stays 200.',
    effect: {
      before: () => {
        throw new OryError(503, { code: 500, status: 'Internal Server Error', message: 'database: connection refused' })
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
        throw new OryError(500, {})
      },
    },
  },
  'rate-limited': {
    title: 'Too many requests',
    operations: every,
    status: 429,
    how: 'More calls in a window than the plan allows.',
    sees: '429 with X-RateLimit-Limit, -Remaining, -Reset and Retry-After, once the window is full; really counted.',
    parameters: {
      limit: { type: 'number', default: 0, help: 'calls that a window allows' },
      window: { type: 'duration', default: '1s', help: 'how long a window is, by the world’s clock' },
    },
    breaksContract: true,
    effect: { before: limitRate },
  },
  flaky: {
    title: 'Some calls fail',
    operations: every,
    how: 'An unreliable network or server.',
    sees: '500, 502 or 503 for a share of the calls, the same ones for the same seed.',
    parameters: { share: { type: 'number', default: 0.5, help: 'the share of calls that fail, 0 to 1' } },
    breaksContract: true,
    effect: { before: flaky },
  },
  'clock-skew': {
    title: 'The clocks of server and client differ',
    operations: ALL,
    how: 'A client whose clock is wrong, a server in another data centre.',
    sees: 'issued_at, expires_at and authenticated_at lie off by the skew.',
    parameters: { by: { type: 'duration', default: '5m', help: 'how far the times lie in the future' } },
    effect: {
      after: (reply, { parameters }) => {
        const by = parseDuration(String(parameters['by'])) ?? 0
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
    operations: ALL,
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
