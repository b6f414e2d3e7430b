import net, { type Socket } from 'node:net'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { CannotListen, listen } from '../../src/http/listen.ts'

/** An app that answers when the test lets it. */
function waitingApp() {
  let answer = (): void => undefined
  let asked = (): void => undefined
  const arrived = new Promise<void>((resolve) => {
    asked = resolve
  })
  const app = express()
  app.use((_req, res) => {
    answer = () => res.end('done')
    asked()
  })
  return { app, arrived, answer: () => answer() }
}

const connect = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket))
  })

const ended = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })

describe('a server that is closed', () => {
  it('closes connections over which nothing has come yet, as browsers open them in advance', async () => {
    const listening = await listen(waitingApp().app, 0)
    const socket = await connect(listening.port)
    const text = ended(socket)
    await listening.close()
    expect(await text).toBe('')
  })

  it('lets a running answer end', async () => {
    const { app, arrived, answer } = waitingApp()
    const listening = await listen(app, 0)
    const socket = await connect(listening.port)
    const text = ended(socket)
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    await arrived
    const closed = listening.close()
    answer()
    await closed
    expect(await text).toContain('done')
  })

  it('does not keep a connection whose answer has ended', async () => {
    const { app, arrived, answer } = waitingApp()
    const listening = await listen(app, 0)
    const socket = await connect(listening.port)
    const text = ended(socket)
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await arrived
    const start = performance.now()
    const closed = listening.close()
    answer()
    await closed
    // Node would keep it for five seconds
    expect(performance.now() - start).toBeLessThan(3000)
    expect(await text).toContain('done')
  })

  it('takes no new connections', async () => {
    const listening = await listen(waitingApp().app, 0)
    await listening.close()
    const refused = net.connect(listening.port, '127.0.0.1')
    expect(await new Promise((resolve) => refused.on('error', resolve))).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('a port', () => {
  it('is the same on both loopback addresses, and taken for others', async () => {
    const listening = await listen(waitingApp().app, 0)
    const second = listen(waitingApp().app, listening.port)
    await expect(second).rejects.toBeInstanceOf(CannotListen)
    await expect(second).rejects.toThrow(`Port ${listening.port} on 127.0.0.1 is taken by another process.`)
    await listening.close()
  })
})
