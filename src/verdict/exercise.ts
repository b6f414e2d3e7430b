import { mediaType } from '../http/decode-json.ts'
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
export function hasArrived({ fault }: { readonly fault?: JournalEntry['fault'] | undefined }): boolean {
  return fault !== 'hang' && fault !== 'reset'
}

/** What makes exchanges of one operation the same exercise, found with little effort. */
export interface Trait {
  readonly status: number
  readonly flowState: string | undefined
  readonly requestType: string | undefined
  readonly responseType: string | undefined
  readonly branch: string
  /** The query with its values left out. */
  readonly query: string
}

export const traitOf = (recorded: Recorded): Trait => ({
  status: recorded.status,
  flowState: recorded.flowState,
  requestType: requestTypeOf(recorded),
  responseType: responseTypeOf(recorded),
  branch: branchOf(recorded),
  query: queryWithoutValues(recorded),
})

/** Whether an exchange of the same operation has that trait; what takes long to find out is looked at last. */
export function hasTrait(recorded: Recorded, trait: Trait): boolean {
  return (
    trait.status === recorded.status &&
    trait.flowState === recorded.flowState &&
    trait.responseType === responseTypeOf(recorded) &&
    trait.requestType === requestTypeOf(recorded) &&
    trait.query === queryWithoutValues(recorded) &&
    trait.branch === branchOf(recorded)
  )
}

const requestTypeOf = ({ requestBody, requestType }: Recorded) => (requestBody === '' ? undefined : requestType)

const responseTypeOf = ({ responseBody, responseHeaders }: Recorded) =>
  // ours are named as Go names them, those of a server behind in lower case
  responseBody === '' ? undefined : (responseHeaders['Content-Type'] ?? responseHeaders['content-type'])

const branchOf = ({ operation, requestBody, requestType }: Recorded): string =>
  submits(operation) ? chosenMethod(requestBody, typeOf(requestType)) : ''

const queryWithoutValues = ({ rawQuery }: Recorded): string =>
  rawQuery === '' ? '' : rawQuery.replace(/=[^&]+/g, '=.')

/** Of an exchange as the server has it in memory. */
export function exerciseOfRecorded(recorded: Recorded): Exercise {
  const { method, path, operation, status, flowState = '', rawQuery } = recorded
  const { requestType, responseType, branch } = traitOf(recorded)
  return {
    method,
    path,
    operation,
    status,
    requestType: typeOf(requestType),
    responseType: typeOf(responseType),
    branch,
    flowState,
    query: queryOf(rawQuery),
  }
}

/** Of an exchange as a journal's file has it. */
export function exerciseOfEntry({ method, path, operation, status, request, response }: JournalEntry): Exercise {
  const [pathname = '', rawQuery = ''] = path.split(/\?(.*)/s)
  const hasBody = (side: { readonly body?: Json; readonly omitted?: string }) =>
    side.body !== undefined || side.omitted !== undefined
  const requestType = hasBody(request) ? typeOf(request.headers['content-type']) : ''
  const state = isJsonObject(response.body) && response.body['ui'] !== undefined ? response.body['state'] : undefined
  return {
    method,
    path: pathname,
    operation,
    status,
    requestType,
    responseType: hasBody(response) ? typeOf(response.headers['content-type']) : '',
    branch: submits(operation) ? chosenMethod(request.body, requestType) : '',
    flowState: typeof state === 'string' ? state : '',
    query: queryOf(rawQuery),
  }
}

const submits = (operation: string | undefined): boolean => operation?.startsWith('submitSelfService') ?? false

/** @param header as a journal shows it; of several the first counts */
const typeOf = (header: string | readonly string[] | undefined): string => mediaType([header ?? ''].flat()[0] ?? '')

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
