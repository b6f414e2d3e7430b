import http, { type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Express } from 'express'
import { watchHeld } from './hold.ts'
import { answerWhatIsNoRequest } from './not-http.ts'

type Born = (this: object, ...given: unknown[]) => void

/**
 * A server for an app whose requests and responses are born with Express's prototypes. Express would otherwise change the
 * prototype of each one, which is what most of its time goes into.
 */
export function createServer(app: Express, maxHeaderSize?: number): Server {
  function AppRequest(this: object, socket: Socket): void {
    ;(http.IncomingMessage as unknown as Born).call(this, socket)
  }
  function AppResponse(this: object, request: unknown, options: unknown): void {
    ;(http.ServerResponse as unknown as Born).call(this, request, options)
  }
  AppRequest.prototype = app.request
  AppResponse.prototype = app.response
  // so that V8 makes room for the fields of Node's own classes
  Object.setPrototypeOf(AppRequest, http.IncomingMessage)
  Object.setPrototypeOf(AppResponse, http.ServerResponse)
  const classes = { IncomingMessage: AppRequest, ServerResponse: AppResponse }
  const options = { ...classes, ...(maxHeaderSize === undefined ? {} : { maxHeaderSize }) }
  const server = http.createServer(options as unknown as http.ServerOptions, app)
  answerWhatIsNoRequest(server, maxHeaderSize ?? http.maxHeaderSize)
  return server
}

/** Servers that answer on one port, and how to stop them. */
export interface Listening {
  readonly port: number
  /**
   * Takes no new connections, closes those that nobody is using, breaks off those whose answers are held back, lets running
   * answers end. What is not done ten seconds later is broken off too.
   */
  readonly close: () => Promise<void>
}

/** The port is taken, or may not be used. */
export class CannotListen extends Error {}

/** How a server listens; everything has a default. */
export interface ListenOptions {
  /** An interface instead of loopback. */
  readonly host?: string | undefined
  /** Bytes of a request's first line and headers; more gets 431. */
  readonly maxHeaders?: number
}

/**
 * Listens on the loopback addresses of IPv4 and IPv6, or on one other interface.
 * @param port 0 takes a free one
 * @throws CannotListen with a sentence for the user
 */
export async function listen(app: Express, port: number, options: ListenOptions = {}): Promise<Listening> {
  const { host, maxHeaders } = options
  const onHost = (each: string, eachPort: number) => open(createServer(app, maxHeaders), eachPort, each)
  if (host !== undefined) return toListening(await onHost(host, port))
  const v4 = await onHost('127.0.0.1', port)
  try {
    return toListening(v4, await onHost('::1', portOf(v4)))
  } catch (error) {
    // a machine without IPv6 is served on IPv4 alone; a port that is taken there by another is not ours
    if (error instanceof CannotListen && /EADDRNOTAVAIL|EAFNOSUPPORT/.test(String(error.cause))) return toListening(v4)
    await close(v4)
    throw error
  }
}

/** A server and its connections. */
interface Opened {
  readonly server: Server
  readonly sockets: ReadonlySet<Socket>
  /** Those whose answers are held back on purpose. */
  readonly held: ReadonlySet<Socket>
}

const toListening = (first: Opened, ...others: readonly Opened[]): Listening => ({
  port: portOf(first),
  close: async () => {
    await Promise.all([first, ...others].map(close))
  },
})

function open(server: Server, port: number, host: string): Promise<Opened> {
  const sockets = new Set<Socket>()
  const held = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      held.delete(socket)
    })
    watchHeld(
      socket,
      () => (server.listening ? held.add(socket) : socket.destroy()),
      () => held.delete(socket),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotListen(explain(error, port, host), { cause: error.code })),
    )
    server.listen(port, host, () => resolve({ server, sockets, held }))
  })
}

function explain({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another process. Stop it, or choose another port with --port.`
  if (code === 'EACCES')
    return `Port ${port} on ${host} may not be used without more rights. Choose one above 1023 with --port.`
  return `Cannot listen on ${host}, port ${port}: ${message}.`
}

function portOf({ server }: Opened): number {
  return (server.address() as AddressInfo).port
}

const GRACE = 10_000
/** So often connections are closed whose answer has ended meanwhile; Node keeps them for five seconds more. */
const TIDYING = 20

function close({ server, sockets, held }: Opened): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE)
    const tidying = setInterval(() => server.closeIdleConnections(), TIDYING)
    server.close(() => {
      clearTimeout(impatient)
      clearInterval(tidying)
      resolve()
    })
    server.closeIdleConnections()
    // Node waits a minute for the first request of a connection, which browsers open in advance
    for (const socket of sockets) if (socket.bytesRead === 0 || held.has(socket)) socket.destroy()
  })
}
