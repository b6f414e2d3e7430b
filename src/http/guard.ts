import type { Call } from './call.ts'
import type { Reply } from './reply.ts'

/*
 * Safety of a server that every web page of its user can reach (design.md §5).
 */

/** A plain refusal that is not Ory's: what is wrong and what to do, in one sentence. */
export function refusal(status: number, error: string): Reply {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: { error } }
}

export function misdirected(host: string): Reply {
  return refusal(
    421,
    `This server does not answer for the host "${host}". Use localhost or a loopback address, or start it with --allowed-host ${host || 'NAME'}.`,
  )
}

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * What a request to the control API must fulfil: no page of another origin, and nothing that a form could send.
 * @returns the refusal, or undefined
 */
export function guardControl({ method, headers, urls }: Pick<Call, 'method' | 'headers' | 'urls'>): Reply | undefined {
  const { origin } = headers
  const [, , host] = urls.request.split('/')
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return refusal(403, `Pages of ${origin} may not use the control API; only pages of this server itself may.`)
  }
  if (CHANGING.has(method) && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return refusal(
      415,
      `${method} requests to the control API need the header "Content-Type: application/json", with or without a body.`,
    )
  }
  return undefined
}
