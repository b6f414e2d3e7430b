import { createMock } from '../create-mock.ts'
import type { Listener } from '../http/call.ts'
import { type Listening, listen } from '../http/listen.ts'
import { createProxyApp } from '../proxy/app.ts'
import { createProxy, type OryProxy } from '../proxy/proxy.ts'
import { Recorder } from '../proxy/recorder.ts'
import { optionsHelp } from './help.ts'
import { openJournal } from './open-journal.ts'
import { PROXY_OPTIONS, type ProxyCliOptions, readProxyOptions } from './proxy-options.ts'
import { stopOnSignal } from './stop-on-signal.ts'
import { UsageError } from './usage-error.ts'

/** `ory-mock proxy --to URL`: the contract checks between a client and a real Ory, until it is told to stop. */
export async function proxy(args: readonly string[]): Promise<void> {
  const options = readProxyOptions(args)
  if (options === 'help') {
    console.log(['ory-mock proxy --to URL', '', ...optionsHelp(PROXY_OPTIONS)].join('\n'))
    return
  }
  const mock = createMock({
    dialect: options.dialect,
    requests: 'report',
    allowedHosts: options.allowedHosts,
    ...(options.journalSize === undefined ? {} : { journalSize: options.journalSize }),
    onFailure: (error, what) => console.error(`The proxy failed on ${what}:`, error),
    ...(options.verbose ? { onExchange: (line: string) => console.log(line) } : {}),
  })
  openJournal(mock, options)
  const recorder = recorderOf(options)
  const { to, knownAs, rewrite, checks, timeout, maxBody } = options
  const made = createProxy({ mock, to, knownAs, rewrite, checks, timeout, maxBody, recorder })
  const listening = await open(made, options)
  if (options.host !== undefined)
    console.log(`warning: --host ${options.host} opens this proxy, and the server behind it, to the network.`)
  console.log(startScreen(made, options))
  stopOnSignal(listening, async () => writeRecords(recorder))
}

function recorderOf({ record, checks }: ProxyCliOptions): Recorder | undefined {
  if (record === undefined) return undefined
  if (!checks) throw new UsageError('--record needs the checks: leave out --no-checks.')
  return new Recorder(record, `recorded-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`)
}

/** @throws when the folder cannot be written */
function writeRecords(recorder: Recorder | undefined): void {
  try {
    for (const file of recorder?.write() ?? []) console.log(`recorded: ${file}`)
  } catch (error) {
    console.error(`What was seen cannot be written: ${error instanceof Error ? error.message : error}.`)
    throw error
  }
}

/** A port for each of the servers behind, one after the other. */
async function open(made: OryProxy, { port, host }: ProxyCliOptions): Promise<Listening[]> {
  const how = { host, maxHeaders: made.mock.limits.headers }
  const listening: Listening[] = []
  try {
    for (const api of made.upstreams.keys()) {
      const one = await listen(createProxyApp(made, api), port === 0 ? 0 : port + listening.length, how)
      made.ports[api] = one.port
      listening.push(one)
    }
    return listening
  } catch (error) {
    await Promise.all(listening.map((each) => each.close()))
    throw error
  }
}

const NAMES: Readonly<Record<Listener, string>> = {
  all: 'APIs',
  public: 'public',
  admin: 'admin',
  read: 'read',
  write: 'write',
}

/** One screen: where to reach it, what is behind, what is done. */
function startScreen(made: OryProxy, { dialect, rewrite, checks, journal, record }: ProxyCliOptions): string {
  const addresses = [...made.upstreams].map(
    ([api, { base }]) => `  ${NAMES[api].padEnd(9)} http://localhost:${made.ports[api]}  →  ${base}`,
  )
  const first = Object.values(made.ports)[0]
  return [
    'ory-mock proxy is ready. It is for tests only.',
    '',
    ...addresses,
    '',
    `  checks    ${checks ? `by the dialect ${dialect}` : 'none'}`,
    `  rewrites  ${rewrite ? 'addresses and cookies of the servers behind' : 'nothing'}`,
    `  journal   http://localhost:${first}/__mock/journal${journal === undefined ? '' : ` and ${journal}`}`,
    ...(record === undefined ? [] : [`  records   to ${record}, when it ends`]),
    '',
    'Try it:',
    `  curl -s http://localhost:${first}/self-service/login/api`,
  ].join('\n')
}
