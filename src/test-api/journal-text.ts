import type { RecordedExchange } from './types.ts'

/** More than so many exchanges are not read by anybody. */
const SHOWN = 50

/** A journal for people: a line for each exchange, and below it the switches that met it and what broke the contract. */
export function journalText(entries: readonly RecordedExchange[]): string {
  if (entries.length === 0) return 'nothing'
  const left = Math.max(0, entries.length - SHOWN)
  const earlier = left > 0 ? [`… ${left} before`] : []
  return [...earlier, ...entries.slice(left).flatMap(linesOf)].join('\n')
}

function linesOf({ method, path, status, operation, switches, violations }: RecordedExchange): string[] {
  const outcome = operation === undefined ? status : `${status} (${operation})`
  return [
    `${method} ${path} → ${outcome}`,
    ...switches.map((name) => `  switch: ${name}`),
    ...violations.map(
      ({ side, in: where, pointer, message }) => `  ${side} breaks the contract: ${where} ${pointer} ${message}`,
    ),
  ]
}
