import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { catalogue } from '../../src/simulation/switches/catalogue.ts'
import { meets } from '../../src/simulation/switches/thrown.ts'
import { walk } from '../acceptance/walk.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { WALKABLE } from '../support/walkable.ts'

/*
 * Every switch, at every request of clients that use every operation: whatever state it meets, the server itself does not
 * fail, and what it answers keeps the contract or says that it does not.
 */

/** These keep a client waiting, or break its connection. */
const UNANSWERED = new Set(['no-response', 'connection-reset', 'half-closed'])

/** How a switch is sent along: none waits. */
const textOf = (name: string): string => (name === 'slow' ? 'slow;delay=0s' : name)

interface Passing {
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

interface Answered {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

function forward(port: number, { method, path, headers, body }: Passing): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/**
 * Between clients and a server: tries every switch on each request, in the world as it is then, before it goes through.
 * @param accept what the client says that it takes, in place of what it said
 */
async function startBetween(server: OnePortMock, accept: Readonly<Record<string, string>>) {
  const broken: string[] = []
  const tried = new Set<string>()
  async function tryAll(passing: Passing): Promise<void> {
    const operationId = server.mock.contract.match(passing.method, passing.path.split('?')[0] ?? '')?.operation.sameAs
    if (operationId === undefined) return
    const world = server.world()
    const before = world.snapshot()
    for (const [name, definition] of catalogue) {
      if (UNANSWERED.has(name) || !meets(definition, operationId)) continue
      const headers = { ...passing.headers, ...accept, 'x-mock-switch': textOf(name) }
      const { status, headers: received } = await forward(server.port, { ...passing, headers })
      tried.add(name)
      world.restore(before)
      const violation = received['x-mock-contract-violation'] ?? received['x-mock-failure']
      if (violation !== undefined) broken.push(`${name} at ${operationId}: ${status} ${String(violation)}`)
    }
  }
  const between = http.createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = req
    const passing = { method, path: url, headers, body: Buffer.concat(chunks) }
    await tryAll(passing)
    const answered = await forward(server.port, passing)
    res.writeHead(answered.status, answered.headers).end(answered.body)
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const { port } = between.address() as AddressInfo
  return { port, broken, tried, close: () => new Promise((resolve) => between.close(resolve).closeAllConnections()) }
}

it.each([
  ['spec', 'JSON clients', {}],
  ['wire', 'browsers', { accept: 'text/html' }],
] as const)('no switch makes the server fail, wherever it is thrown: %s, to %s', async (dialect, _, accept) => {
  const server = await startOnePort({ ...WALKABLE, dialect })
  const between = await startBetween(server, accept)
  await walk({ ...server, port: between.port, url: `http://127.0.0.1:${between.port}` })
  await between.close()
  await server.close()
  expect(between.broken).toEqual([])
  expect(server.failures).toEqual([])
  // nobody comes back from a social provider on this way
  const missed = [...catalogue.keys()].filter((name) => !between.tried.has(name) && !name.startsWith('oidc-'))
  expect(new Set(missed)).toEqual(UNANSWERED)
})
