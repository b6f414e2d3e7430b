import { readFileSync } from 'node:fs'
import type { Reply } from '../http/reply.ts'

/** What every page and file of ours is sent with. */
export const SAFE = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' }

const TYPES: ReadonlyMap<string, string> = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['svg', 'image/svg+xml'],
])

/** A file of `assets/`. @param name below that folder; callers allow only names that they know */
export function assetReply(name: string): Reply {
  const type = TYPES.get(name.slice(name.lastIndexOf('.') + 1)) ?? 'application/octet-stream'
  const text = readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8')
  return { status: 200, headers: { ...SAFE, 'Content-Type': type, 'Cache-Control': 'no-cache' }, text }
}
