/** Headers as they stand on the wire: names and values in turn, in their order and spelling. */
export type HeaderList = readonly string[]

/** What belongs to one connection, and not to the message (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // answered by the server that reads it
  'expect',
])

/** The headers that are passed on, each as `change` makes it; `undefined` leaves one out. */
export function passedOn(
  headers: HeaderList,
  change: (value: string, name: string) => string | undefined = (value) => value,
): string[] {
  const dropped = connectionOptions(headers)
  const kept: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || dropped?.has(lower)) continue
    const value = change(headers[at + 1] ?? '', lower)
    if (value !== undefined) kept.push(name, value)
  }
  return kept
}

/** The headers that `Connection` says are of this connection. */
function connectionOptions(headers: HeaderList): ReadonlySet<string> | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== 'connection') continue
    const names = (headers[at + 1] ?? '').toLowerCase()
    if (names !== 'keep-alive' && names !== 'close') return new Set(names.split(',').map((name) => name.trim()))
  }
  return undefined
}

/** The values of a header. @param name in lower case */
export function valuesOf(headers: HeaderList, name: string): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name)
}
