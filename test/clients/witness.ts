import axios, { type AxiosAdapter, type AxiosInstance } from 'axios'
import { publishedOperations, validatePublished } from '../support/independent-validator.ts'
import { publishedOperation } from '../support/published-routes.ts'

/** What went over the wire, and what the client made of it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly contentType: string | undefined
  /** The body as it was sent. */
  readonly raw: string
  /** What the client gives to whoever called it. */
  readonly data: unknown
}

/** A client's way to the server, where the answers can be seen before and after they are decoded. */
export class Witness {
  /** The successes, in order. */
  readonly seen: Exchange[] = []
  readonly transport: AxiosInstance

  constructor() {
    const raws = new WeakMap<object, string>()
    const send = axios.default.defaults.adapter as AxiosAdapter
    const adapter: AxiosAdapter = async (config) => {
      const response = await send(config)
      raws.set(response, String(response.data))
      return response
    }
    this.transport = axios.default.create({ maxRedirects: 0, adapter })
    this.transport.interceptors.response.use((response) => {
      const { config, status, headers, data } = response
      const { pathname, search } = new URL(String(config.url))
      const method = String(config.method).toUpperCase()
      const raw = raws.get(response) ?? ''
      this.seen.push({ method, path: pathname + search, status, contentType: headers['content-type'], raw, data })
      return response
    })
  }
}

/** What is wrong with a success of an operation, by the document as published; empty when nothing is. */
export function faultsOf(
  operationId: string,
  { method, path, status, contentType, raw, data }: Exchange,
): readonly string[] {
  if (publishedOperation(method, path) !== operationId) return [`${method} ${path} is no ${operationId}`]
  const statuses = publishedOperations().find((one) => one.operationId === operationId)?.statuses ?? []
  if (!statuses.includes(String(status))) return [`${operationId} has no ${status}`]
  const sent: unknown = raw !== '' && contentType?.startsWith('application/json') ? JSON.parse(raw) : raw
  const decoded = JSON.stringify(data) === JSON.stringify(sent) ? [] : [`${JSON.stringify(data)} was ${raw}`]
  return [...decoded, ...validatePublished(operationId, status, contentType, raw === '' ? undefined : data)]
}
