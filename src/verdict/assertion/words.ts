import type { CallPattern, NearCall } from './expectation.ts'
import type { Judged } from './match-call.ts'
import { short } from './match-value.ts'

/** Lines of what went wrong. */
export type Failure = readonly string[]

/** What is expected of a call, one part a line, to begin a sentence with. */
export function describePattern({
  operation,
  method,
  path,
  status,
  query,
  headers,
  body,
  response,
  switches,
}: CallPattern): string {
  const head = [
    operation,
    method?.toUpperCase(),
    path === undefined ? undefined : typeof path === 'string' ? path : `path ${short(path)}`,
  ]
  const parts = [
    status === undefined ? undefined : `status ${[status].flat().join(' or ')}`,
    ...[
      ['query', query],
      ['headers', headers],
      ['body', body],
      ['response headers', response?.headers],
      ['response body', response?.body],
      ['switches', switches],
    ].map(([name, value]) => (value === undefined ? undefined : `${name} ${JSON.stringify(value)}`)),
  ]
  const named = head.filter((each) => each !== undefined).join(' ') || 'A call'
  const lines = parts.filter((each) => each !== undefined).map((part) => `  with ${part}`)
  return lines.length === 0 ? `${named} ` : `${[named, ...lines].join('\n')}\n`
}

/** `once`, `exactly twice`, `at least 3 times`. */
export function expectedCount(least: number, most: number): string {
  if (most === 0) return 'never to be called'
  if (least === most) return `to be called exactly ${times(least)}`
  if (most === Number.POSITIVE_INFINITY) return `to be called${least === 1 ? '' : ` at least ${times(least)}`}`
  return `to be called ${least === 0 ? '' : `at least ${times(least)} and `}at most ${times(most)}`
}

export function times(count: number): string {
  if (count === 1) return 'once'
  return count === 2 ? 'twice' : `${count} times`
}

export const lineOf = ({ recorded, masked }: Judged): string =>
  `  #${recorded.id} ${recorded.method} ${masked.path} → ${recorded.status}`

/** Calls, each with what is wrong with it. */
export function list(calls: readonly NearCall[]): string[] {
  return calls.flatMap(({ id, method, path, status, mismatches }) => [
    `  #${id} ${method} ${path} → ${status}`,
    ...mismatches.map((each) => `    - ${each}`),
  ])
}
