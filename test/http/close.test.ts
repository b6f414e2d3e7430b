import http from 'node:http'
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/* A server that is closed while answers are under way. */

/** Well below the ten seconds after which everything is broken off. */
const SOON = 3000

/** Asks over a connection that is kept; answers the status, or the code of the error. */
function ask({ port }: OnePortMock, name: string): Promise<number | string | undefined> {
  const agent = new http.Agent({ keepAlive: true })
  const headers = { Host: `localhost:${port}`, 'X-Mock-Switch': name }
  return new Promise((resolve) => {
    const request = http.get({ port, host: '127.0.0.1', path: '/health/alive', headers, agent }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
  })
}

/** Until so many calls have met the server. */
async function arrived({ mock }: OnePortMock, count: number): Promise<void> {
  const { world } = mock.sandboxes.enter('default').sandbox
  while ([...world.switches.values()].reduce((sum, { met }) => sum + met, 0) < count) await wait(5)
}

async function closed(mock: OnePortMock): Promise<number> {
  const start = performance.now()
  await mock.close()
  return performance.now() - start
}

describe('a server that is closed', () => {
  it.each(['no-response;times=9', 'slow;delay=1h'])(
    'does not wait for an answer that is held back: %s',
    async (name) => {
      const mock = await startOnePort()
      const answer = ask(mock, name)
      await arrived(mock, 1)
      expect(await closed(mock)).toBeLessThan(SOON)
      expect(await answer).toBe('ECONNRESET')
    },
  )

  it('lets an answer end that was held back before, and does not wait for its connection', async () => {
    const mock = await startOnePort()
    expect(await ask(mock, 'slow;delay=1ms')).toBe(200)
    expect(await closed(mock)).toBeLessThan(SOON)
  })

  it('breaks off an answer that is held back after it began to close', async () => {
    const mock = await startOnePort()
    const socket = net.connect(mock.port, '127.0.0.1')
    const ended = new Promise((resolve) => socket.on('close', resolve))
    const head = [
      'Content-Length: 2',
      'Expect: 100-continue',
      'X-Mock-Switch: no-response',
      `Host: localhost:${mock.port}`,
    ]
    socket.write(
      `POST /relation-tuples/check HTTP/1.1\r\n${head.join('\r\n')}\r\nContent-Type: application/json\r\n\r\n`,
    )
    // the server has the head, and waits for the body
    await new Promise((resolve) => socket.once('data', resolve))
    const closing = closed(mock)
    socket.write('{}')
    expect(await closing).toBeLessThan(SOON)
    await ended
  })
})

it('a client that gives up ends the wait', async () => {
  const mock = await startOnePort()
  const before = timers()
  // so many that it makes no difference which timers others start and end meanwhile
  const many = 50
  const headers = { 'X-Mock-Switch': 'slow;delay=1h' }
  const requests = Array.from({ length: many }, () =>
    http.get({ port: mock.port, host: '127.0.0.1', path: '/health/alive', headers, agent: false }),
  )
  for (const request of requests) request.on('error', () => undefined)
  await arrived(mock, many)
  await expect.poll(timers).toBeGreaterThan(before + many / 2)
  for (const request of requests) request.destroy()
  await expect.poll(timers).toBeLessThan(before + many / 2)
  await mock.close()
})

const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
