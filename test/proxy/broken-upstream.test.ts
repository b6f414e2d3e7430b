import net, { type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { send } from '../support/http-client.ts'
import { type RunningProxy, startProxy } from '../support/running-proxy.ts'

let running: { close: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of running.reverse()) await one.close()
  running = []
})

/** A server that does with each connection what it is told, once a request has come in. */
async function startBroken(behave: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => behave(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  running.push({
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function proxyOf(to: string, options: Parameters<typeof startProxy>[1] = {}): Promise<RunningProxy> {
  const proxy = await startProxy(to, options)
  running.push(proxy)
  return proxy
}

const whoami = ({ url }: RunningProxy) =>
  send({ port: Number(new URL(url).port), method: 'GET', path: '/sessions/whoami' })

const HALF = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"id":'

describe.each([
  ['rewriting', true],
  ['with --no-rewrite', false],
])('a broken server behind is told from an answer of it, %s', (_, rewrite) => {
  it.each([
    ['reset', 502, (socket: Socket) => void socket.resetAndDestroy(), /broke the connection/],
    ['reset', 502, (socket: Socket) => void socket.end(), /broke the connection/],
    ['reset', 502, (socket: Socket) => void socket.write(HALF, () => socket.destroy()), /broke the connection/],
    ['garbage', 502, (socket: Socket) => void socket.end('I am no server of HTTP\r\n\r\n'), /not HTTP/],
    ['slow', 504, () => undefined, /too slow: nothing came for 200 ms/],
    ['slow', 504, (socket: Socket) => void socket.write(HALF), /too slow: nothing came for 200 ms/],
  ])('%s: %i', async (kind, status, behave, reason) => {
    const base = await startBroken(behave)
    const proxy = await proxyOf(base, { timeout: 200, rewrite })
    const answer = await whoami(proxy)
    expect(answer.status).toBe(status)
    expect(answer.headers['x-mock-proxy']).toBe(kind)
    expect(answer.json).toEqual({
      error: {
        code: status,
        status: status === 504 ? 'Gateway Timeout' : 'Bad Gateway',
        reason: expect.stringMatching(reason),
        message: 'This is an answer of ory-mock proxy, and not of the server behind it.',
      },
    })
    expect(answer.text).toContain(base)
    expect(proxy.journal()).toMatchObject([
      {
        status,
        operation: 'toSession',
        violations: [{ side: 'response', in: 'status', pointer: '', message: expect.stringMatching(reason) }],
      },
    ])
    expect(proxy.failures).toEqual([])
  })
})

describe('a server behind that is not there', () => {
  it('refused: 502', async () => {
    const proxy = await proxyOf('http://127.0.0.1:9')
    const answer = await whoami(proxy)
    expect([answer.status, answer.headers['x-mock-proxy']]).toEqual([502, 'refused'])
    expect(answer.json).toMatchObject({
      error: { reason: 'The server at http://127.0.0.1:9 refuses connections (ECONNREFUSED).' },
    })
  })

  it('without TLS where TLS is expected: 502', async () => {
    const base = await startBroken((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    const proxy = await proxyOf(base.replace('http:', 'https:'))
    const answer = await whoami(proxy)
    expect([answer.status, answer.headers['x-mock-proxy']]).toEqual([502, 'certificate'])
  })
})

describe('an answer that breaks the contract', () => {
  it('is passed on as it is, and stands in the journal and in a header', async () => {
    const body = '{"id": 7'
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const proxy = await proxyOf(await startBroken((socket) => void socket.write(head + body)))
    const answer = await whoami(proxy)
    expect([answer.status, answer.text]).toEqual([200, body])
    expect(answer.headers['x-mock-contract-violation']).toBe('1; body: is no JSON')
    expect(proxy.journal()).toMatchObject([{ violations: [{ side: 'response', in: 'body', message: 'is no JSON' }] }])
  })

  it('larger than what is held in memory comes through whole, and is not judged', async () => {
    const body = JSON.stringify({ padding: 'x'.repeat(200_000) })
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const proxy = await proxyOf(await startBroken((socket) => void socket.write(head + body)), { maxBody: 1000 })
    const answer = await whoami(proxy)
    expect(answer.text).toBe(body)
    expect(proxy.journal()).toMatchObject([{ status: 200, violations: [] }])
  })

  it('that breaks off in the middle of a large body breaks off for the client too, and says so in the journal', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n'
    const proxy = await proxyOf(
      await startBroken(
        (socket) => void socket.write(`${head}${'x'.repeat(5000)}`, () => setImmediate(() => socket.destroy())),
      ),
      { maxBody: 1000 },
    )
    await expect(whoami(proxy)).rejects.toThrow()
    await expect.poll(() => proxy.journal()).toMatchObject([{ violations: [{ message: 'broke off in the middle' }] }])
  })
})

describe('the client', () => {
  it('that sends more than is held in memory gets 413 of the proxy', async () => {
    const proxy = await proxyOf('http://127.0.0.1:9', { maxBody: 1000 })
    const answer = await send({
      port: Number(new URL(proxy.url).port),
      method: 'POST',
      path: '/admin/identities',
      headers: { 'Content-Type': 'application/json' },
      body: 'x'.repeat(2000),
    })
    expect([answer.status, answer.headers['x-mock-proxy']]).toEqual([413, 'too-large'])
  })

  it('that goes away ends the call behind, and nothing is said to have failed', async () => {
    const state = { closed: false }
    const base = await startBroken((socket) => {
      socket.once('close', () => (state.closed = true))
      client.destroy()
    })
    const proxy = await proxyOf(base)
    const client = net.connect(Number(new URL(proxy.url).port), '127.0.0.1')
    client.write('GET /sessions/whoami HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await expect.poll(() => state.closed).toBe(true)
    expect(proxy.failures).toEqual([])
    expect(proxy.journal()).toEqual([])
  })
})
