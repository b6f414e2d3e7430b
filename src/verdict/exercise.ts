import { isJsonObject, type Json } from '../json.ts'
import type { JournalEntry } from './entry.ts'
import type { Recorded } from './journal.ts'

/** What of the contract one exchange exercised. */
export interface Exercise {
  readonly method: string
  /** Without query. */
  readonly path: string
  /** Undefined where no operation answers the route. */
  readonly operation: string | undefined
  readonly status: number
  /** Media types in lower case, without parameters; `''` without a body. */
  readonly requestType: string
  readonly responseType: string
  /** The `method` that the body chose; `''` if none. */
  readonly branch: string
  /** The state of the flow that was answered; `''` if none. */
  readonly flowState: string
  /** The names of query parameters that have a value, in order of the alphabet. */
  readonly query: readonly string[]
}

/** Whether the client saw a status: an answer that was kept from it exercises nothing. */
export function hasArrived({ fault }: Pick<JournalEntry, 'fault'>): boolean {
  return fault !== 'hang' && fault !== 'reset'
}

/** Of an exchange as the server has it in memory. */
export function exerciseOfRecorded(recorded: Recorded): Exercise {
  const { method, path, operation, status, requestBody, responseBody, flowState = '', rawQuery } = recorded
  const requestType = requestBody === '' ? '' : mediaType(requestHeader(recorded.requestHeaders, 'content-type'))
  const responseType = responseBody === '' ? '' : mediaType(recorded.responseHeaders['Content-Type'])
  const branch = submits(operation) ? chosenMethod(requestBody, requestType) : ''
  return { method, path, operation, status, requestType, responseType, branch, flowState, query: queryOf(rawQuery) }
}

/** Of an exchange as a journal's file has it. */
export function exerciseOfEntry({ method, path, operation, status, request, response }: JournalEntry): Exercise {
  const [pathname = '', rawQuery = ''] = path.split(/\?(.*)/s)
  const hasBody = (side: { readonly body?: Json; readonly omitted?: string }) =>
    side.body !== undefined || side.omitted !== undefined
  const requestType = hasBody(request) ? mediaType(request.headers['content-type']) : ''
  const state = isJsonObject(response.body) && response.body['ui'] !== undefined ? response.body['state'] : undefined
  return {
    method,
    path: pathname,
    operation,
    status,
    requestType,
    responseType: hasBody(response) ? mediaType(response.headers['content-type']) : '',
    branch: submits(operation) ? chosenMethod(request.body, requestType) : '',
    flowState: typeof state === 'string' ? state : '',
    query: queryOf(rawQuery),
  }
}

const submits = (operation: string | undefined): boolean => operation?.startsWith('submitSelfService') ?? false

function mediaType(header: string | readonly string[] | undefined): string {
  const text = typeof header === 'string' ? header : (header?.[0] ?? '')
  return (text.split(';')[0] ?? '').trim().toLowerCase()
}

function requestHeader(rawHeaders: readonly string[], name: string): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) return rawHeaders[at + 1]
  }
  return undefined
}

/** @param body JSON, or the text that was sent */
function chosenMethod(body: Json | undefined, type: string): string {
  if (isJsonObject(body)) return typeof body['method'] === 'string' ? body['method'] : ''
  if (typeof body !== 'string') return ''
  if (type !== 'application/json') return new URLSearchParams(body).get('method') ?? ''
  try {
    const parsed: Json = JSON.parse(body)
    return typeof parsed === 'string' ? '' : chosenMethod(parsed, type)
  } catch {
    return '' // what is no JSON chooses nothing
  }
}

const NONE: readonly string[] = []

function queryOf(rawQuery: string): readonly string[] {
  if (rawQuery === '') return NONE
  const given = [...new URLSearchParams(rawQuery)].filter(([, value]) => value !== '')
  return [...new Set(given.map(([name]) => name))].sort()
}
