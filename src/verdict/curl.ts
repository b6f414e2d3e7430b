import type { JournalEntry } from './entry.ts'

/** Headers that curl writes on its own, or that belong to one connection. */
const OWN = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'keep-alive'])

/**
 * The request of an entry as a command for a POSIX shell. Of an entry with masked secrets, so is the command.
 * @param body as it was sent, where the entry shows it decoded
 */
export function toCurl({ method, request }: Pick<JournalEntry, 'method' | 'request'>, body?: string): string {
  const parts = [`curl -i ${method === 'HEAD' ? '--head' : `-X ${quote(method)}`} ${quote(request.url)}`]
  for (const [name, value] of Object.entries(request.headers)) {
    if (!OWN.has(name)) for (const each of [value].flat()) parts.push(`-H ${quote(headerLine(name, each))}`)
  }
  const sent = body ?? textOf(request.body)
  if (sent !== '') parts.push(`--data-raw ${quote(sent)}`)
  // curl names a type of its own for every body
  if (sent !== '' && request.headers['content-type'] === undefined) parts.push("-H 'content-type:'")
  return parts.join(' \\\n  ')
}

/** curl leaves out a header without a value, unless it ends in a semicolon. */
const headerLine = (name: string, value: string): string => (value === '' ? `${name};` : `${name}: ${value}`)

function textOf(body: JournalEntry['request']['body']): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : JSON.stringify(body)
}

const quote = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
