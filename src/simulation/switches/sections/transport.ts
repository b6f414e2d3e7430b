import { parseDuration } from '../../../config/duration.ts'
import type { FinalReply } from '../../../http/send.ts'
import { duration, millis } from '../parameters.ts'
import type { SwitchContext, SwitchDefinition } from '../switch.ts'

const every = '*' as const

const POINT = '\\d+(\\.\\d+)?=((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|ms|s|m|h))+'
const PERCENTILES = `^${POINT}([\\s,/]+${POINT})*$`

/** What stands in front of the server answers in its place: nothing of the server's is left but what says so. */
const inPlace = (status: number, headers: Readonly<Record<string, string>>, payload: string) => (reply: FinalReply) => {
  const ours = Object.entries(reply.headers).filter(([name]) => name.startsWith('X-Mock-'))
  return { status, headers: { ...headers, ...Object.fromEntries(ours) }, payload }
}

/** An HTML page of a proxy in front of the server. @param reached whether the operation has been done all the same */
function gateway(status: number, phrase: string, reached: boolean) {
  const payload = `<html>\r\n<head><title>${status} ${phrase}</title></head>\r\n<body>\r\n<center><h1>${status} ${phrase}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
  const onWire = inPlace(status, { 'Content-Type': 'text/html' }, payload)
  return {
    title: `A proxy answers ${status} with an HTML page`,
    operations: every,
    status,
    how: reached ? 'The server behind the proxy is too slow.' : 'The server behind the proxy is down or overloaded.',
    sees: `${status}, Content-Type text/html, no JSON. What was asked for is ${reached ? 'done all the same' : 'not done'}.`,
    breaksContract: true as const,
    effect: reached ? { onWire } : { before: () => ({ status }), onWire },
  }
}

const spoilt = (title: string, sees: string, change: (reply: FinalReply) => FinalReply) => ({
  title,
  operations: every,
  how: 'A proxy or a broken connection spoils the payload, while the status is fine.',
  sees,
  breaksContract: true as const,
  effect: { onWire: change },
})

/** The delay that `slow` waits: fixed, from a range, or from percentiles, the same for the same seed and count. */
function delayOf(context: SwitchContext): number {
  const percentiles = String(context.parameters['percentiles'])
  if (percentiles !== '') return fromPercentiles(percentiles, context.chance())
  const most = String(context.parameters['to']) === '' ? millis(context, 'delay') : millis(context, 'to')
  const least = millis(context, 'delay')
  return least + (most - least) * context.chance()
}

/** `50=100ms 95=1s 99=5s`: the delay at a point of the distribution, straight lines between the given ones. */
function fromPercentiles(text: string, at: number): number {
  let [before, floor] = [0, 0]
  for (const part of text.split(/[\s,/]+/)) {
    const [percent = '', length = ''] = part.split('=')
    const [point, delay] = [Number(percent) / 100, parseDuration(length) ?? 0]
    if (at <= point) return point === before ? delay : floor + ((delay - floor) * (at - before)) / (point - before)
    ;[before, floor] = [point, delay]
  }
  return floor
}

/** ecosystem §4.10: what happens on the way. */
export const transport = {
  slow: {
    title: 'The answer comes late',
    operations: every,
    how: 'A slow network, a cold start, a busy database.',
    sees: 'The usual answer after the delay: fixed, from a range (delay and to), or from percentiles.',
    parameters: {
      delay: duration('2s', 'how long to wait, or the shortest of a range'),
      to: duration('', 'the longest of a range'),
      percentiles: {
        type: 'string',
        default: '',
        pattern: PERCENTILES,
        help: 'such as 50=100ms 95=1s 99=5s',
      },
    },
    counts: true,
    effect: { transport: (context) => ({ delay: delayOf(context) }) },
  },
  'no-response': {
    title: 'No answer ever comes',
    operations: every,
    how: 'A server that accepts connections and hangs.',
    sees: 'Nothing, until the client gives up.',
    breaksContract: true,
    effect: { transport: () => ({ fault: 'hang' }) },
  },
  'connection-reset': {
    title: 'The connection breaks before the answer',
    operations: every,
    how: 'A restart, a firewall, a load balancer.',
    sees: 'ECONNRESET, or what the platform makes of it ("fetch failed", "socket hang up"). What was asked for is done all the same.',
    breaksContract: true,
    effect: { transport: () => ({ fault: 'reset' }) },
  },
  'half-closed': {
    title: 'The connection breaks in the middle of the body',
    operations: every,
    how: 'A restart while the answer is under way.',
    sees: 'Status and headers, then half of the body and an error.',
    breaksContract: true,
    effect: { transport: () => ({ fault: 'half' }) },
  },
  'malformed-json': spoilt('The body is no JSON', 'The usual status; a body that does not parse.', (reply) => ({
    ...reply,
    payload: `${reply.payload.trimEnd()}}{`,
  })),
  'truncated-body': spoilt('The body is cut off', 'The usual status; the first half of the body.', (reply) => ({
    ...reply,
    payload: reply.payload.slice(0, Math.floor(reply.payload.length / 2)),
  })),
  'empty-body': spoilt('The body is missing', 'The usual status; no body.', (reply) => ({ ...reply, payload: '' })),
  'wrong-content-type': spoilt(
    'The content type is wrong',
    'The usual status and body; Content-Type text/plain.',
    (reply) => ({
      ...reply,
      headers: { ...reply.headers, 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  ),
  'gateway-502-html': gateway(502, 'Bad Gateway', false),
  'gateway-503-html': gateway(503, 'Service Temporarily Unavailable', false),
  'gateway-504-html': gateway(504, 'Gateway Time-out', true),
  'request-header-too-large': {
    title: 'The request headers are too large',
    operations: every,
    status: 431,
    how: 'Cookies pile up until no server takes them.',
    sees: '431 without a body. What was asked for is not done.',
    breaksContract: true,
    effect: { before: () => ({ status: 431 }), onWire: inPlace(431, {}, '') },
  },
  'cors-denied': {
    title: 'CORS: the origin is not allowed',
    operations: every,
    how: 'The app runs on an address that is not in the allow list.',
    sees: 'No Access-Control-Allow-Origin: the browser keeps the answer from the script; preflights fail.',
    onPreflight: true,
    effect: { onWire: (reply) => withoutHeaders(reply, /^access-control-/i) },
  },
  'cors-no-credentials': {
    title: 'CORS: credentials are not allowed',
    operations: every,
    how: 'allow_credentials is off, or the origin is a star.',
    sees: 'No Access-Control-Allow-Credentials: the browser keeps answers to requests with cookies from the script.',
    onPreflight: true,
    effect: { onWire: (reply) => withoutHeaders(reply, /^access-control-allow-credentials$/i) },
  },
} as const satisfies Record<string, SwitchDefinition>

function withoutHeaders(reply: FinalReply, names: RegExp): FinalReply {
  return { ...reply, headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !names.test(name))) }
}
