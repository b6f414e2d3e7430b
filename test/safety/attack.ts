import { expect } from 'vitest'
import { publishedRoutes } from '../support/published-routes.ts'
import { expectHarmless } from './harmless.ts'
import { type RawAnswer, request, sendRaw } from './raw.ts'

const ID = '6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c11'

export const AUTHORIZED = { Authorization: 'Bearer any-token', Accept: 'application/json' }

/** One address of every kind: operations, control API, pages, nothing. */
export const PATHS = [
  ...new Set(publishedRoutes.map(([, template]) => template.replace(/\{[^}]+\}/g, ID))),
  '/__mock/state',
  '/__mock/nothing',
  '/ui/login',
  '/ui/assets/page.js',
  '/nothing',
  '/',
]

/** The operations that have an id in their path, with a text in its place. */
export const withId = (text: string): string[] =>
  publishedRoutes
    .filter(([, template]) => template.includes('{'))
    .map(([method, template]) => `${method} ${template.replace(/\{[^}]+\}/g, text)}`)

/** Sends one raw request; the answer is one, no failure of the server, and none of its insides. */
export async function attack(
  port: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<RawAnswer> {
  const answer = await sendRaw(port, request(line, { ...AUTHORIZED, ...headers }, body))
  const what = `${line.slice(0, 200)}: ${answer.head.slice(0, 200)} ${answer.body.slice(0, 300)}`
  expect(answer.count, what).toBe(1)
  expectHarmless({ status: answer.status, text: answer.body }, what)
  return answer
}
