import { expect } from 'vitest'
import type { RunningMock } from '../support/running-mock.ts'
import { request, sendRaw } from './raw.ts'

/** Where code lies or how it got there: nothing that a client may learn. */
const INTERNALS = /\n\s+at |node_modules|\.[jt]s:\d|\/src\/|Express|ERR_[A-Z_]+/

/** Asserts that an answer tells nothing of the server's insides, and is no failure of the server. */
export function expectHarmless({ status, text }: { status: number; text: string }, what: string): void {
  expect(text, what).not.toMatch(INTERNALS)
  expect(status === 500 && text.includes('defect of the mock'), `${what}: ${text}`).toBe(false)
}

/** Asserts that after an attack the server is well, nothing failed, and no object of the process was changed. */
export async function expectUnharmed(server: RunningMock, port: number): Promise<void> {
  const answer = await sendRaw(port, request('GET /health/alive'))
  expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}\n'])
  expect(server.failures.splice(0)).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
}
