import type { Recorded } from './journal.ts'
import type { Place, TextStore } from './text-store.ts'

/** What of an exchange is text, and long. */
type Text = 'target' | 'path' | 'rawQuery' | 'requestHeaders' | 'requestBody' | 'responseBody'

/** An exchange as a journal keeps it: one small object, whose texts are in the store. */
export type Kept = Omit<Recorded, Text> & Place

/** Stands between the texts of HTTP's head, none of which can hold one. */
const BETWEEN = '\n'

/** Puts an exchange away. */
export function keep(entry: Recorded, texts: TextStore): Kept {
  const { block, start, head, request, response } = texts.keep({
    head: headOf(entry),
    request: entry.requestBody,
    response: entry.responseBody,
  })
  // written out: an object of one shape, made at once, is what costs least
  return {
    id: entry.id,
    sandbox: entry.sandbox,
    at: entry.at,
    order: entry.order,
    micros: entry.micros,
    method: entry.method,
    front: entry.front,
    operation: entry.operation,
    status: entry.status,
    fault: entry.fault,
    requestBreaches: entry.requestBreaches,
    responseBreaches: entry.responseBreaches,
    switches: entry.switches,
    noted: entry.noted,
    requestType: entry.requestType,
    responseHeaders: entry.responseHeaders,
    cookies: entry.cookies,
    cookieLines: entry.cookieLines,
    sentAfter: entry.sentAfter,
    flowState: entry.flowState,
    block,
    start,
    head,
    request,
    response,
  }
}

/** The exchange again, as it was. */
export function read(kept: Kept, texts: TextStore): Recorded {
  const { head, request, response } = texts.read(kept)
  const [target = '', path = '', rawQuery = '', ...requestHeaders] = head.split(BETWEEN)
  return { ...kept, target, path, rawQuery, requestHeaders, requestBody: request, responseBody: response }
}

function headOf({ target, path, rawQuery, requestHeaders }: Recorded): string {
  const address = `${target}${BETWEEN}${path}${BETWEEN}${rawQuery}`
  return requestHeaders.length === 0 ? address : `${address}${BETWEEN}${requestHeaders.join(BETWEEN)}`
}
