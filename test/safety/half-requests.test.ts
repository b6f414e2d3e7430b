import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { AUTHORIZED, attack as attackPort, PATHS } from './attack.ts'
import { expectHarmless, expectUnharmed } from './harmless.ts'
import { request, sendRaw } from './raw.ts'

let server: OnePortMock

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
})

afterAll(async () => {
  await expectUnharmed(server, server.port)
  await server.close()
})

const attack = (line: string, headers: Record<string, string> = {}, body = '') =>
  attackPort(server.port, line, headers, body)

describe('bodies that are not what their headers say', () => {
  const POST = 'POST /admin/identities'
  const JSON_TYPE = { 'Content-Type': 'application/json' }

  it.each([
    ['longer than announced', { 'Content-Length': '2' }, '{}{"schema_id":"default","traits":{}}'],
    ['of no number', { 'Content-Length': 'many' }, '{}'],
    ['of a negative length', { 'Content-Length': '-1' }, '{}'],
    ['of two lengths', { 'Content-Length': '2, 3' }, '{}'],
    ['of a length and chunks', { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' }, '2\r\n{}\r\n0\r\n\r\n'],
    ['of chunks without a size', { 'Transfer-Encoding': 'chunked' }, 'zz\r\n{}\r\n0\r\n\r\n'],
    ['of an unknown transfer encoding', { 'Transfer-Encoding': 'gzip' }, '{}'],
  ])('%s', async (_, headers, body) => {
    const answer = await sendRaw(server.port, request(POST, { ...AUTHORIZED, ...JSON_TYPE, ...headers }, body))
    expectHarmless({ status: answer.status, text: answer.body }, answer.body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    await expectUnharmed(server, server.port)
  })

  it('compressed', async () => {
    const answer = await attack(
      POST,
      { ...JSON_TYPE, 'Content-Encoding': 'gzip', 'Content-Length': '4' },
      '\u001f\u008b\b',
    )
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  it('sent with GET and HEAD, where nobody reads them', async () => {
    for (const path of PATHS) {
      for (const method of ['GET', 'HEAD'])
        await attack(`${method} ${path}`, { ...JSON_TYPE, 'Content-Length': '7' }, '{"a":1}')
    }
    await expectUnharmed(server, server.port)
  })

  it('cut off by a client that goes away', async () => {
    for (const [method, path] of [
      ['POST', '/admin/identities'],
      ['PUT', '/__mock/state'],
      ['POST', '/self-service/login?flow=x'],
    ]) {
      const headers = { ...AUTHORIZED, ...JSON_TYPE, 'Content-Length': '1000' }
      await abort(server.port, request(`${method} ${path}`, headers, '{"schema_id":'))
    }
    await expectUnharmed(server, server.port)
  })

  it('whose answer nobody waits for', async () => {
    for (let round = 0; round < 20; round++) await abort(server.port, request('GET /admin/identities', AUTHORIZED))
    await expectUnharmed(server, server.port)
  })
})

describe('two requests in one', () => {
  it('are two requests, each with its own answer', async () => {
    const first = 'GET /health/alive HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const { count } = await sendRaw(server.port, first + request('GET /health/ready'))
    expect(count).toBe(2)
  })

  it('an upgrade to another protocol is not taken', async () => {
    const answer = await sendRaw(
      server.port,
      request('GET /sessions/whoami', {
        Connection: 'Upgrade, close',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
      }),
    )
    expect(answer.status).not.toBe(101)
    await expectUnharmed(server, server.port)
  })

  it('an unknown expectation is refused', async () => {
    expect((await attack('GET /health/alive', { Expect: 'miracles' })).status).toBe(417)
  })
})

/** Sends and goes away at once, as a browser does that leaves the page. */
function abort(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(text, () => socket.resetAndDestroy())
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
