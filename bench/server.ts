import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Ask } from './in-process.ts'

/** What a server used so far: processor time in milliseconds, memory in bytes. */
export interface Usage {
  readonly cpu: number
  readonly rss: number
  readonly heapUsed: number
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The options of every measured process: the probe, so that its use of the machine can be asked for. */
const PROBED = ['--import', new URL('probe.js', import.meta.url).href]

/** A server in a process of its own. */
export class Server {
  readonly name: string
  readonly port: number
  readonly #process: ChildProcess

  constructor(name: string, port: number, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.name = name
    this.port = port
    this.#process = spawn(process.execPath, [...PROBED, ...args], {
      env: { ...process.env, PORT: String(port), ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** For requests that need no load. */
  readonly ask: Ask = async ({ method, path, headers, body }) => {
    const response = await fetch(this.url + path, { method, ...(headers && { headers }), ...(body && { body }) })
    return { status: response.status, body: await response.text() }
  }

  /** @param collect after a collection of garbage; the process needs `--expose-gc` */
  async usage(collect = false): Promise<Usage> {
    const answer = once(this.#process, 'message')
    this.#process.send({ collect })
    const [usage] = (await answer) as [Usage]
    return usage
  }

  /** Resolves with the first answer below 400. @throws when there is none within a minute or the process ends */
  async ready(path = '/health/alive'): Promise<void> {
    const end = performance.now() + 60_000
    while (performance.now() < end && this.#process.exitCode === null) {
      const status = await statusOf(this.port, path)
      if (status !== undefined && status < 400) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`${this.name} does not answer ${path}`)
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill(signal)
    await gone
  }
}

/** The status of one GET; undefined while nobody listens. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, headers: { authorization: 'Bearer any' }, agent: false }
    get(options, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    }).once('error', () => resolve(undefined))
  })
}

/** The built server of this project. @param args options of `serve` */
export async function spawnMock(args: readonly string[] = [], nodeOptions: readonly string[] = []): Promise<Server> {
  const port = await freePort()
  return new Server('ory-mock', port, [
    ...nodeOptions,
    here('../dist/cli.js'),
    'serve',
    '--port',
    String(port),
    ...args,
  ])
}

/** @param bodies a JSON file with the objects that it sends */
export async function spawnExpress(bodies: string): Promise<Server> {
  return new Server('bare Express', await freePort(), [here('opponents/bare-express.js')], { BODIES: bodies })
}

/** Prism, with nothing to print, on the published document. */
export async function spawnPrism(): Promise<Server> {
  const port = await freePort()
  const cli = here('opponents/node_modules/@stoplight/prism-cli/dist/index.js')
  const options = ['mock', '-v', 'silent', '-h', '127.0.0.1', '-p', String(port)]
  return new Server('Prism', port, [cli, ...options, here('../spec/ory-api.json')])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
