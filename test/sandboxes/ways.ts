import type { Json } from '../../src/json.ts'
import { type Answer, send } from '../support/http-client.ts'

/** The four ways in which a request says which sandbox it is for. */
export const WAYS = ['path prefix', 'host', 'header', 'cookie'] as const

export type Way = (typeof WAYS)[number]

/** What goes into a request beside its own. */
export interface Spoken {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: Json
}

/** Sends requests to one sandbox of a server, chosen in one way. */
export interface Speaker {
  readonly sandbox: string
  readonly speak: (method: string, path: string, spoken?: Spoken) => Promise<Answer>
}

export function speakerTo(port: number, way: Way, sandbox: string): Speaker {
  const named: Record<Way, Readonly<Record<string, string>>> = {
    'path prefix': {},
    host: { Host: `${sandbox}.localhost:${port}` },
    header: { 'X-Mock-Sandbox': sandbox },
    cookie: { Cookie: `mock_sandbox=${sandbox}` },
  }
  const prefix = way === 'path prefix' ? `/~${sandbox}` : ''
  const speak: Speaker['speak'] = (method, path, { headers = {}, body } = {}) => {
    const own = named[way]
    const cookie = [own['Cookie'], headers['Cookie']].filter((one) => one !== undefined).join('; ')
    return send({
      port,
      method,
      path: `${prefix}${path}`,
      headers: {
        Accept: 'application/json',
        Authorization: 'Bearer any',
        ...(body === undefined && method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
        ...own,
        ...(cookie === '' ? {} : { Cookie: cookie }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  }
  return { sandbox, speak }
}
