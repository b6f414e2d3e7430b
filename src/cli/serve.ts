import { createApp } from '../app.ts'
import { createMock } from '../create-mock.ts'
import { CannotListen, type Listening, listen } from '../http/listen.ts'
import type { Mock } from '../mock.ts'
import { DataFile } from '../simulation/data/data-file.ts'
import { loadData } from '../simulation/data/load.ts'
import { createMailApp } from '../simulation/mail-app.ts'
import { prepareStart } from '../simulation/start.ts'
import { help } from './help.ts'
import { openJournal } from './open-journal.ts'
import { duration, readServeOptions, type ServeOptions } from './options.ts'
import { startConfig } from './start-config.ts'
import { type Addresses, startScreen } from './start-screen.ts'
import { stopOnSignal } from './stop-on-signal.ts'

/** `ory-mock serve`: runs until it is told to stop. */
export async function serve(args: readonly string[]): Promise<void> {
  const options = readServeOptions(args)
  if (options === 'help') {
    console.log(help())
    return
  }
  const { config, project, notices } = startConfig(options, process.env)
  const start = await prepareStart({
    config,
    fixture: options.fixture,
    scenario: options.scenario,
    clock: options.clock,
  })
  const mock = createMock({
    config,
    project,
    start,
    dialect: options.dialect,
    ...(options.requests === undefined ? {} : { requests: options.requests }),
    ...(options.auth === undefined && !options.selfHosted ? {} : { auth: options.auth ?? 'off' }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    strictSandboxes: options.strictSandboxes,
    ...(options.sandboxTtl === undefined ? {} : { sandboxTtl: duration('sandbox-ttl', options.sandboxTtl) }),
    allowedHosts: options.allowedHosts,
    trustProxy: options.trustProxy,
    ...options.bounds,
    magic: !options.noMagic,
    onNewSandbox: (name) => console.log(`new sandbox: ${name}`),
    onFull: (notice) => console.log(`note: ${notice}`),
    onFailure: (error, what) => console.error(`The mock failed on ${what}:`, error),
    ...(options.verbose ? { onExchange: (line: string) => console.log(line) } : {}),
  })
  openJournal(mock, options)
  const data = options.data === undefined ? [] : await loadData(options.data, mock)
  const { listening, addresses } = await open(mock, options)
  if (options.data !== undefined) await keepData(options.data, mock)
  for (const notice of [...notices, ...data]) console.log(`note: ${notice}`)
  if (options.host !== undefined)
    console.log(`warning: --host ${options.host} opens this server to the network. It is for tests only.`)
  console.log(
    startScreen({ addresses, mock, project, fixture: options.fixture ?? 'empty', scenario: options.scenario }),
  )
  // the data file has told already what is wrong
  stopOnSignal(listening, async () => mock.data?.close())
}

/** Opens the one port, or the ports of self-hosted servers. */
async function open(mock: Mock, options: ServeOptions): Promise<{ listening: Listening[]; addresses: Addresses }> {
  const how = { host: options.host, maxHeaders: mock.limits.headers }
  if (!options.selfHosted) {
    const one = await listen(createApp(mock, 'all'), options.port ?? 4000, how)
    return { listening: [one], addresses: { all: one.port } }
  }
  const { serve } = mock.settings
  const wanted = (port: number | undefined, usual: number) => (options.port === 0 ? 0 : (port ?? usual))
  const listening: Listening[] = []
  const add = async (app: Parameters<typeof listen>[0], port: number): Promise<number> => {
    const opened = await listen(app, port, how)
    listening.push(opened)
    return opened.port
  }
  try {
    const addresses = {
      public: await add(createApp(mock, 'public'), wanted(serve.public.port, 4433)),
      admin: await add(createApp(mock, 'admin'), wanted(serve.admin.port, 4434)),
      read: await add(createApp(mock, 'read'), wanted(serve.read.port, 4466)),
      write: await add(createApp(mock, 'write'), wanted(serve.write.port, 4467)),
      mail: await add(createMailApp(mock), wanted(undefined, 4437)),
    }
    mock.ports = { public: addresses.public, admin: addresses.admin }
    return { listening, addresses }
  } catch (error) {
    await Promise.all(listening.map((each) => each.close()))
    throw error instanceof CannotListen
      ? new CannotListen(error.message.replace('another port with --port', 'another port in the configuration'))
      : error
  }
}

/** From now on every change is written. */
async function keepData(file: string, mock: Mock): Promise<void> {
  mock.data = new DataFile(file, mock, (message) => console.error(message))
  await mock.data.start()
}
